"""What the desk asks of the loop: Askings, looks, and its own news. Rule: it reads no state itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Event
from time import monotonic
from typing import Any

from controller.console.ration import Ration, purse_of
from controller.console.refusals import NoError, Told
from controller.core.effects import Answer
from controller.core.events import Asking, ConsoleNews
from controller.core.words import Kind
from controller.gate import told
from controller.inbox import DESK, GUARD, SEALED, VISITOR, Inbox, Look, Report

ANSWER_S = 10.0


@dataclass(frozen=True, slots=True)
class Sight:
    """Who may sign in now, and with what (sight.py); ``size``: how many Entries there are."""

    at: int
    wall_ms: int
    people: Mapping[str, tuple[str, ...]]
    passkeys: Mapping[str, Mapping[str, Any]]
    codes: Mapping[str, Mapping[str, Any]]
    chiefs: int
    signs: bool
    size: int

    def passkeys_of(self, person: str) -> list[str]:
        """Credential ids of somebody's passkeys."""
        return [name for name, key in self.passkeys.items() if key["person"] == person]


class Awaited:
    """What the loop was asked, and its answer as soon as that is there, however late."""

    __slots__ = ("_answer", "_there")

    def __init__(self) -> None:
        self._there = Event()
        self._answer: Answer | Told = {}

    def take(self, answer: Answer | Told) -> None:
        """The loop answers; it is held up by nobody."""
        self._answer = answer
        self._there.set()

    def answer(self, patience_s: float = ANSWER_S) -> Told:
        """The answer, to whoever asks and as often; raises NoError ``no_answer`` while there is none."""
        if not self._there.wait(patience_s):
            raise NoError("no_answer")
        return told(self._answer)


class CoreLine:
    """The way into the loop; raises NoError ``no_answer`` when it does not answer in time."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self.ration = Ration(monotonic)

    def sight(self) -> Sight:
        """Who may sign in now."""
        seen = self._asked(Look(DESK))
        people = {person: tuple(roles) for person, roles in seen["people"].items()}
        return Sight(
            seen["at"],
            seen["wall_ms"],
            people,
            seen["passkeys"],
            seen["codes"],
            seen["chiefs"],
            seen["signs"],
            seen["size"],
        )

    def room(self, *, sealed: bool, guard: str = "", whole: bool = False) -> Told:
        """The room as it is now; ``guard`` is the id of a guard who looks, ``whole`` with former visitors."""
        what = SEALED if sealed else GUARD if guard else "room"
        return self._asked(Look(what, guard if what == GUARD else "", whole))

    def visitor(self, tag: str) -> Told:
        """What the site knows of a document, by its keyed tag (visit_known.py)."""
        return self._asked(Look(VISITOR, tag))

    def ask(self, asking: Asking) -> Told:
        """What the core says to an Asking: accepted, or its Reason and sentence.

        Raises NoError ``too_many`` for whoever has used up their ration (ration.py).
        """
        return self.begin(asking).answer()

    def begin(self, asking: Asking) -> Awaited:
        """Ask, and leave the answer to whoever waits for it; raises as ``ask`` does."""
        self.ration.require(asking.by, purse_of(asking.name))
        return self._begun(asking)

    def tell(self, kind: Kind, *who: str, **fields: Any) -> bool:
        """Whether news of the desk is durable in the log."""
        return "accepted" in self._asked(ConsoleNews(0, kind, who, fields))

    def _asked(self, content: Asking | Look | Report) -> Told:
        return self._begun(content).answer()

    def _begun(self, content: Asking | Look | Report) -> Awaited:
        awaited = Awaited()
        self._inbox.put(content, awaited.take)
        return awaited
