"""The newest Entries as lines, with small pictures beside them, for everybody who watches.

Rule 1: a look at the feed is an Entry a session and hour, durable before anything is shown (behaviour 61).
Rule 2: sealed Entries are not told on this screen to anybody: it stands on a counter (behaviour 35).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from flask import current_app

from controller.core.sentences import NEEDS
from controller.core.unseen import UNSEEN
from controller.core.words import Reason
from web.desk import look, site
from web.feed.level import Level
from web.feed.row import Row
from web.feed.rows import rows
from web.i18n import need_sentence, translated, unseen_sentence
from web.names import name
from web.now.memory import Entry, memory
from web.seat import language
from web.tokens import token
from web.zones import zone

SHOWN = 14
"""Lines on the screen."""
LOOK_S = 3600.0
MOST_KEPT = 4_096
_NEEDED = {NEEDS[reason]: reason.value for reason in Reason}
_UNSEEN = {text: word.value for word, text in UNSEEN.items()}


class _Kept:
    """What a console remembers of its feed: who has looked, and the lines of the newest state of the log."""

    def __init__(self) -> None:
        self.mine, self.working = threading.Lock(), threading.Lock()
        self.looks: dict[str, float] = {}
        self.lines: dict[tuple[str, bool], tuple[int, list[Row]]] = {}


def lines(*, quiet: bool) -> list[Row]:
    """The newest lines, quiet ones too if ``quiet``; that they are looked at is written down first."""
    watched()
    return newest(quiet=quiet)


def newest(*, quiet: bool) -> list[Row]:
    """As ``lines``, of the log as it is at this moment, worked out once for all screens."""
    kept, which = _kept(), (language(), quiet)
    followed, log = memory()
    n, entries = followed.newest(log)
    with kept.working:  # fifty screens ask in the same moment: one works, the others wait for it
        known = kept.lines.get(which)
        if known is None or known[0] < n:
            known = kept.lines[which] = (n, _rows(entries, quiet=quiet))
    return known[1]


def told(entries: Sequence[Entry]) -> list[Row]:
    """Lines of Entries that are given oldest first, newest line first, in the reader's language."""
    here = zone(str(site().get("zone", "UTC")))
    return rows(entries, say, name, here)


def say(text: str) -> str:
    """A text in the reader's language; the core's own sentences have their own translations."""
    if text in _UNSEEN:
        return unseen_sentence(_UNSEEN[text])
    return need_sentence(_NEEDED[text]) if text in _NEEDED else translated(text)


def _rows(entries: list[Entry], *, quiet: bool) -> list[Row]:
    shown = [line for line in told(entries) if quiet or line.level is not Level.QUIET]
    return [replace(line, pictures=_first(line)) for line in shown[:SHOWN]]


def _first(line: Row) -> tuple[Any, ...]:
    """The picture nearest to the event first."""
    return tuple(sorted(line.pictures, key=lambda one: (abs(one.moment), one.camera)))


def watched() -> None:
    """Write down, once a session and hour, that this person looks at what happens."""
    kept, mine, now = _kept(), sha256(token().encode()).hexdigest(), time.monotonic()
    with kept.mine:
        at = kept.looks.get(mine)
    if at is not None and now - at < LOOK_S:
        return
    look("feed")
    with kept.mine:
        if len(kept.looks) >= MOST_KEPT:
            kept.looks.clear()
        kept.looks[mine] = now


def _kept() -> _Kept:
    kept: _Kept = current_app.extensions.setdefault("now.feed", _Kept())
    return kept
