"""People before a door who are refused, each for a reason of their own, and how late the "no" is seen.

Rule 1: each presentation is checked against the log: what was measured was refused for the reason meant.
Rule 2: time runs from the card being held out, or the last key, to the first byte or edge of the refusal.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from threading import Event
from time import monotonic
from typing import Any

from bench.readers_line import UNBOUND
from bench.refusals_doors import LONG_S, BusDoor, Door, Sign
from bench.refusals_room import CLERKS, RefusalRoom
from controller.ledger.reading import LogReader
from firmware_shims.cards.desfire import Desfire
from firmware_shims.cards.desfire_lies import Stubborn
from firmware_shims.cards.iso_dep import Applet
from firmware_shims.cards.ntag424 import Ntag424
from hardware.credentials.desfire import DESFIRE
from hardware.credentials.exchange import Proof, Scheme
from hardware.credentials.ntag424 import NTAG424
from hardware.credentials.running import converse
from hardware.credentials.site_keys import SiteKeys

PINS = {"bus": ("4821", "7305"), "chip": ("2648", "9153")}
NORMAL, DURESS, WRONG = "4821", "4822", "1170"
"""Typed at the bus after the first one's badge."""
ATTEMPTS = 10
RELAY_S = 0.045
AGAIN_S = 0.005
NO_COMMAND = b"\x6d\x00"
SAID = {"refused", "wrong_pin"}


@dataclass(frozen=True, slots=True)
class No:
    """One way to be refused: what the log calls it, and what somebody does there (told when), and before."""

    reason: str
    show: Callable[[], float]
    before: Callable[[], object] = lambda: None


@dataclass(frozen=True, slots=True)
class Sample:
    """One refusal: milliseconds until it was seen, and everything that was seen until the reader rested."""

    millis: float
    signs: tuple[Sign, ...]


def new_uid() -> bytes:
    """The number of a card from the factory."""
    return b"\x04" + os.urandom(6)


def made(scheme: Scheme, card: Desfire | Ntag424, keys: SiteKeys) -> Proof:
    """Have a card made a badge of the site with these keys; its number."""
    if scheme.make is None:
        raise TypeError(f"{scheme.name} badges are made here")
    return converse(scheme.make(card.uid, keys), lambda apdu: card.answer(apdu) or b"", UNBOUND)


class Before:
    """One door with its people: refuses on demand, for any reason, and takes the time."""

    def __init__(self, room: RefusalRoom, door: Door) -> None:
        self._room, self._door, self._turn = room, door, 0
        self.name = door.name
        self._reader = f"{door.name}.in"
        self._good: list[Applet] = [
            self._enrolled(f"good{n}", pin=pin) for n, pin in enumerate(PINS[door.name])
        ]
        self.noes = dict([*self._at_this_door(), *self._noes()])
        self._penalised()

    def no(self, name: str) -> Sample:
        """Be refused once, from a reader at rest until it rests again."""
        one = self.noes[name]
        one.before()
        self.rest()
        before, entries = len(self._door.signs()), self._count()
        begun = one.show()
        shown = self._shown(before, name)
        self.rest()
        self._door.take()
        self._check(one, entries)
        return Sample((shown - begun) * 1000, tuple(self._door.signs()[before:]))

    def good(self) -> None:
        """Somebody passes, which ends the row of wrong attempts of all others; never the same twice."""
        self._turn += 1
        self._pass(self._good[self._turn % 2])

    def _pass(self, card: Applet) -> None:
        self.rest()
        before = len(self._door.signs())
        self._door.put(card)
        self._door.wait(before + 1)
        self._door.take()

    def passes(self, digits: str) -> tuple[Sign, ...]:
        """Somebody passes and types a PIN: everything that is seen of it."""
        self._turn = 1
        self.rest()
        before = len(self._door.signs())
        self.good()
        if isinstance(self._door, BusDoor):
            self._door.type_keys(f"{digits}#")
        self.rest()
        return tuple(self._door.signs()[before:])

    def rest(self) -> None:
        """Wait until the lamp is as if nobody had come."""
        until(self._door.rests, f"rest at {self._reader}")

    def _shown(self, before: int, name: str) -> float:
        def refused() -> list[Sign]:
            return [sign for sign in self._door.signs()[before:] if sign.what == self._door.no[0]]

        until(lambda: bool(refused()), f"a refusal at {self._reader} ({name})")
        return refused()[0].at

    def _count(self) -> int:
        with LogReader(self._room.log) as log:
            return log.count() - 1

    def _reasons(self, after: int) -> list[str]:
        with LogReader(self._room.log) as log:
            mine = [e for e in log.entries(after=after) if e.get("place") == self._reader]
        return [str(e.get("reason", e["kind"])) for e in mine if e["kind"] in SAID]

    def _check(self, one: No, after: int) -> None:
        said = self._reasons(after)
        if said != [one.reason]:
            raise ValueError(f"refused for {said}, not for {one.reason}")

    def _enrolled(self, person: str, **fields: Any) -> Desfire:
        """Somebody with a badge of our scheme."""
        card = Desfire(new_uid())
        token = made(DESFIRE, card, self._room.keys).token
        self._enrol(person, badges=[token], badge_level=DESFIRE.name, **fields)
        return card

    def _enrol(self, person: str, **fields: Any) -> None:
        self._room.enrol(f"{person}-{self._door.name}", **fields)

    def _noes(self) -> Iterator[tuple[str, No]]:
        other, card = SiteKeys(os.urandom(32)), Desfire(new_uid())
        self._enrol("copied")
        self._room.issue(f"copied-{self._door.name}", DESFIRE.name, card)
        forged, foreign, mine = Desfire(card.uid), Desfire(new_uid()), Desfire(new_uid())
        made(DESFIRE, forged, other)
        made(DESFIRE, foreign, other)
        made(DESFIRE, mine, self._room.keys)
        yield "unknown_uid", self._card("unknown_badge", Stubborn(new_uid(), NO_COMMAND))
        yield "unknown_badge", self._card("unknown_badge", mine)
        yield "wrong_key", self._card("not_genuine", forged)
        yield "other_site", self._card("not_genuine", foreign)
        yield "copied", self._card("copied", Stubborn(card.uid, NO_COMMAND))
        yield "counter_old", self._counted()
        yield from self._known()

    def _known(self) -> Iterator[tuple[str, No]]:
        """Badges that are what they say, of people who may not pass."""
        plain = Stubborn(new_uid(), NO_COMMAND)
        self._enrol("plain", badges=[plain.uid.hex().upper()])
        yield "level_too_low", self._card("level_too_low", plain)
        yield "expired", self._card("expired", self._enrolled("expired", valid_until=1))
        yield "not_entitled", self._card("not_entitled", self._enrolled("stranger", doors=[]))
        yield "out_of_hours", self._card("out_of_hours", self._enrolled("early", hours="far"))
        yield "penalty", self._card("penalty", self._enrolled("tried", valid_until=1))
        yield "badge_blocked", self._blocked()

    def _card(self, reason: str, card: Applet) -> No:
        return No(reason, lambda: self._door.put(card))

    def _counted(self) -> No:
        """A copy of a badge that counts, as it was before the badge was last used."""
        card = Ntag424(new_uid())
        self._enrol("counted")
        self._room.issue(f"counted-{self._door.name}", NTAG424.name, card)
        copy = deepcopy(card)
        self._pass(card)
        return No("counter_old", lambda: self._door.put(deepcopy(copy)))

    def _blocked(self) -> No:
        card = Desfire(new_uid())
        token = made(DESFIRE, card, self._room.keys).token
        self._enrol("loser", badges=[token], badge_level=DESFIRE.name)
        self._room.ask("block_badge", CLERKS[0], badge=token)
        return self._card("badge_blocked", card)

    def _at_this_door(self) -> Iterator[tuple[str, No]]:
        door = self._door
        if isinstance(door, BusDoor):
            yield "wrong_pin", No("wrong_pin", lambda: door.type_keys(f"{WRONG}#"), self.good)
            yield "pin_alone", No("pin_alone", lambda: door.type_keys(f"{WRONG}#"), self._forgotten)
            return
        late = Desfire(new_uid())
        made(DESFIRE, late, self._room.keys)
        two = [Stubborn(new_uid(), NO_COMMAND) for _ in range(2)]
        yield "slow", No("not_genuine", lambda: door.put_far(RELAY_S, late))
        yield "two_cards", No("not_genuine", lambda: door.put(*two))

    def _forgotten(self) -> None:
        """After a card that is not believed nobody's PIN may be typed."""
        self.no("unknown_uid")

    def _penalised(self) -> None:
        """One badge is tried until it waits out its penalty."""
        self.good()
        for _ in range(ATTEMPTS):
            after = self._count()
            self.noes["penalty"].show()
            until(lambda: bool(self._reasons(after)), f"an answer at {self._reader}")  # noqa: B023 - at once
            self._door.take()
        self.good()


def until(true: Callable[[], bool], what: str) -> None:
    """Wait until something is so. Raises TimeoutError."""
    end, pause = monotonic() + LONG_S, Event()
    while not true():
        if monotonic() > end:
            raise TimeoutError(f"{what} did not come")
        pause.wait(AGAIN_S)
