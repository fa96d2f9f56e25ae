"""What a log needs beside Entries: its key named and changed, kept states, keeping, an index.

Rule 1: all of it in the loop's own thread, between two turns; what takes its time waits until nobody does.
Rule 2: it tells the core as LogNews, and the core writes it down: nothing here decides about doors.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import click

from controller.clock import RoomClock
from controller.core.words import Kind
from controller.errors import LogDamaged, LogExposed
from controller.housekeeping import Housekeeping
from controller.kept_states import keep_state
from controller.ledger.formats.signer import Signer
from controller.ledger.key_trail import rotation
from controller.ledger.log_key import KeyStore
from controller.ledger.search.background import BackgroundIndexer
from controller.log_news import tell
from controller.loop import Loop

SAVE_EVERY = 20_000
LATEST_SAVE = 30_000
"""Entries after which the state is kept even while people are waiting."""

_OTHER_KEY = (
    "the log says that {} signs it, and the key that is here is {}. Put the right log.key back; another key "
    "comes only by a rotation that two people ask for"
)
_KEY_WAITS = (
    "the new key that two people asked for cannot be made: {}; the old one signs on, until the next start"
)


class LogCare:
    """Looks after one controller's log, from ``begin`` to ``stop``; raises LogDead when the disk refuses."""

    def __init__(
        self, loop: Loop, clock: RoomClock, keys: KeyStore, index: BackgroundIndexer, house: Housekeeping
    ) -> None:
        self._loop, self._clock, self._keys, self._index = loop, clock, keys, index
        self._house = house
        self._saved = loop.log.size
        self._no_new_key = False  # it was tried, and cannot be made

    def put_back(self) -> None:
        """Of a log that came out of a backup, say so, before anything else is written."""
        if mark := self._loop.log.restored:
            self.tell(Kind.RESTORED, mark.fields)

    def begin(self) -> None:
        """Name the signing key in the log, where that was not done; LogDamaged when it is another one."""
        log, named = self._loop.log, self._loop.site.state.log_key
        if not named:
            self.tell(Kind.LOG_KEY, {"vkey": str(log.vkey)})
        elif named != str(log.vkey):
            raise LogDamaged(log.file, _OTHER_KEY.format(named, log.vkey), "Nothing was opened")

    def start(self) -> None:
        """Begin what runs beside the loop."""
        self._index.start()

    def after_turn(self) -> None:
        """Between two turns: only what somebody is waiting for, and what must not wait longer."""
        self._index.wake()
        self._house.after_turn(self._now())
        if self._loop.site.state.rotation_asked:
            self._rotate()
        if self._unsaved >= LATEST_SAVE:
            self.keep_state()

    def idle(self) -> None:
        """When nobody is waiting: whatever takes its time."""
        self._loop.log.upkeep()
        self._house.idle(self._now())
        if self._unsaved >= SAVE_EVERY:
            self.keep_state()

    def keep_state(self) -> None:
        """Keep the state as it is now, so that the next start is quick."""
        keep_state(self._loop, self._now())
        self._saved = self._loop.log.size

    def stop(self) -> None:
        """Stop what runs beside the loop."""
        self._index.stop()

    def tell(self, kind: Kind, fields: Mapping[str, Any]) -> None:
        """Have the core write down what the log has to say of itself."""
        tell(self._loop, self._now(), kind, fields)

    def _rotate(self) -> None:
        """Make a new key, have both sign the change, and let the new one sign from that Entry on."""
        log = self._loop.log
        coming = self._coming()
        if coming is None:
            return
        fields = rotation(log.signer, coming)
        log.change_key(coming)
        self.tell(Kind.KEY_ROTATED, fields)
        self._keys.settle(coming.vkey.key_id)

    def _coming(self) -> Signer | None:
        """A new key, None when the place for it does not answer: the rotation then waits for the next start.

        The key that signs is not touched, so a token that is not there yet must not stop the room.
        """
        if self._no_new_key:
            return None
        try:
            return self._keys.begin_next()
        except (OSError, LogExposed) as error:
            self._no_new_key = True
            with suppress(OSError):  # nobody may be able to listen
                click.echo(_KEY_WAITS.format(error), err=True)
            return None

    def _now(self) -> int:
        return max(self._clock.now(), self._loop.site.state.at)

    @property
    def _unsaved(self) -> int:
        return self._loop.log.size - self._saved
