"""What the people of the demo carry: legacy cards, badges that prove themselves, and copies of either.

Rule 1: badges are made as a bank makes them: the key from two halves, each asked for by two, on the desk.
Rule 2: the halves are drawn for one demo and kept nowhere; a card knows what it was told at the desk.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Mapping
from typing import Any

from controller.child import Child
from controller.key_halves import new_halves
from firmware_shims.bench import Bench
from firmware_shims.cards.desfire import Desfire

DESK = "enrolment"
LEVEL = "desfire"
TWO = (("zhao", "chen"), ("wang", "zhang"))
"""Who ask for a badge: the first two, of whom neither is the one who gets it."""


class DemoBadges:
    """Cards by person. ``worn``: numbers of the legacy cards; ``proving``: who gets a badge at the start."""

    def __init__(self, bench: Bench, child: Child, worn: Mapping[str, str], proving: tuple[str, ...]) -> None:
        self._bench, self._child, self._worn = bench, child, worn
        self._cards: dict[str, Desfire] = {}
        self._made: set[str] = set()
        self._asked: set[str] = set()  # of whom it is told what came of it
        self._news: deque[tuple[str, Mapping[str, Any]]] = deque()
        self._queue = deque(proving)
        self._lies = ""  # whose card lies on the desk
        self._wanted: dict[str, str] = {}  # readers at which a badge is shown once it is made

    def begin(self) -> None:
        """Two people bring the site key."""
        by, second = TWO[0]
        self._child.tell({"site_key": list(new_halves()), "by": by, "second": second})

    def make(self, person: str) -> str:
        """Have a badge made for somebody who has none that proves itself.

        Tells whether one is ``begun``, or why not: ``has`` one, ``waits`` for one, or all is ``off``.
        """
        if person in self._made:
            return "has"
        if person in self._queue:
            return "waits"
        if not self._child.running:
            return "off"
        self._queue.append(person)
        self._asked.add(person)
        return "begun"

    def news(self) -> tuple[str, Mapping[str, Any]] | None:
        """Once for each badge that was asked for: whose it is, and ``accepted`` or the refusal."""
        return self._news.popleft() if self._news else None

    def carries(self, person: str) -> bool:
        """Whether somebody carries a badge of any sort by now."""
        return person in self._made or person in self._worn

    def proves(self, person: str) -> bool:
        """Whether somebody carries a badge that proves itself."""
        return person in self._made

    def show(self, person: str, reader: str) -> None:
        """Hold somebody's badge before a reader; one that is still being made is shown when it is."""
        if not self._child.running:
            return
        if person in self._made:
            self._bench.present(reader, self._cards[person])
        elif person in self._worn:
            self._bench.present(reader, self._worn[person])
        else:
            self._wanted[person] = reader

    def copy(self, person: str, reader: str) -> None:
        """Hold another card before a reader that shows the number of somebody's badge to anybody who asks."""
        if not self._child.running:
            return
        if person in self._made:
            self._bench.present(reader, self._cards[person].uid.hex().upper())
        elif person in self._worn:
            self._bench.present(reader, self._worn[person])

    def follow(self, view: Mapping[str, Any]) -> None:
        """One step further at the desk: a card is laid down once asked for, and taken when it is made."""
        if self._lies:
            if DESK not in view["issues"]:
                self._taken(self._lies, view)
        elif self._queue:
            self._ask(self._queue[0])

    def _ask(self, person: str) -> None:
        by, second = next(two for two in TWO if person not in two)
        answer = self._child.ask("issue_badge", by, second, person=person, level=LEVEL)
        if "accepted" not in answer:
            self._ended(self._queue.popleft(), answer)
            return
        card = self._cards.setdefault(person, Desfire(b"\x04" + secrets.token_bytes(6)))
        self._bench.take(DESK)  # a card counts only once the reader was seen empty
        self._bench.lay(DESK, card)
        self._lies = person

    def _taken(self, person: str, view: Mapping[str, Any]) -> None:
        """Take the card; where it is no badge it is laid down anew, and a legacy one it replaces is dead."""
        self._bench.take(DESK)
        self._lies = ""
        badges = view["badges"].values()
        if not any(badge["holder"] == person and badge["level"] == LEVEL for badge in badges):
            return
        self._queue.popleft()
        self._made.add(person)
        self._ended(person, {"accepted": person})
        if person in self._worn:
            self._child.ask("block_badge", TWO[0][0], badge=self._worn[person])
        if reader := self._wanted.pop(person, ""):
            self.show(person, reader)

    def _ended(self, person: str, answer: Mapping[str, Any]) -> None:
        if person in self._asked:
            self._asked.discard(person)
            self._news.append((person, answer))
