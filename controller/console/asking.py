"""What somebody who is signed in may ask and see, without a signature: Askings, the room, looks, pictures.

Rule: the core judges every one; the same key asks the same thing once, whoever clicks twice.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from threading import Event, Lock
from typing import Any

from controller.console.core_line import ANSWER_S, Awaited, CoreLine
from controller.console.lines import Request
from controller.console.parts import Me, Parts
from controller.console.refusals import NoError, Told, no
from controller.core.console_roles import SEES_SEALED, ConsoleRole, Via
from controller.core.events import Asking
from controller.core.words import Reason

KEPT_S = 600.0
MOST_KEPT = 1_024


class Once:
    """One Asking of a key. Whoever sends it again hears its answer too, also one that came late."""

    __slots__ = ("_awaited", "_begun", "_refused", "asked", "since")

    def __init__(self, asked: object, since: float) -> None:
        self.asked, self.since = asked, since
        self._begun = Event()
        self._awaited: Awaited | None = None
        self._refused = no("no_answer")

    def begin(self, core: CoreLine, asking: Asking) -> None:
        """Ask; of several who sent the same, one does."""
        try:
            self._awaited = core.begin(asking)
        except NoError as error:
            self._refused = error.answer
        finally:
            self._begun.set()

    def answer(self, patience_s: float = ANSWER_S) -> Told:
        """What came of it; ``no_answer`` while nobody knows."""
        if not self._begun.wait(patience_s) or self._awaited is None:
            return self._refused
        try:
            return self._awaited.answer(patience_s)
        except NoError as error:
            return error.answer


class Counter:
    """The counter for everything that is not signed."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._lock = Lock()
        self._once: OrderedDict[tuple[str, str], Once] = OrderedDict()

    def room(self, said: Request) -> Told:
        """The room as this person may see it now."""
        me = self._parts.me(said.fields["token"], quiet=said.fields["quiet"])
        guard = me.person if ConsoleRole.GUARD.value in me.roles else ""
        sealed, whole = bool({*me.roles} & SEES_SEALED), said.fields["whole"]
        return {"view": self._parts.core.room(sealed=sealed, guard=guard, whole=whole)}

    def ask(self, said: Request) -> Told:
        """Ask for something in one's own name."""
        me = self._parts.me(said.fields["token"])
        name, fields, key = said.fields["ask"], said.fields["fields"], said.fields["key"]
        asking = _asking(me, name, fields)
        if not key:
            return self._parts.core.ask(asking)
        once, mine = self._of(me.person, key, (name, fields))
        if once.asked != (name, fields):
            return no(Reason.NOT_UNDERSTOOD)
        if mine:
            once.begin(self._parts.core, asking)
        answer = once.answer()
        if answer.get("refused", "no_answer") != "no_answer":
            self._forget(me.person, key, once)
        return answer

    def look(self, said: Request) -> Told:
        """Write down that one looks at evidence; only what stands before it may be shown."""
        me = self._parts.me(said.fields["token"], quiet=said.fields["quiet"])
        fields = {name: said.fields[name] for name in ("what", "filter", "words")}
        return self._parts.core.ask(_asking(me, "read_evidence", fields))

    def _of(self, person: str, key: str, asked: object) -> tuple[Once, bool]:
        now = self._parts.now_s()
        with self._lock:
            for old in [k for k, one in self._once.items() if now - one.since > KEPT_S]:
                del self._once[old]
            if found := self._once.get((person, key)):
                return found, False
            made = self._once[person, key] = Once(asked, now)
            while len(self._once) > MOST_KEPT:
                self._once.popitem(last=False)
            return made, True

    def _forget(self, person: str, key: str, refused: Once) -> None:
        """What was refused has done nothing: the same form, put right, is asked anew."""
        with self._lock:
            if self._once.get((person, key)) is refused:
                del self._once[person, key]


def _asking(me: Me, name: str, fields: Mapping[str, Any]) -> Asking:
    return Asking(0, name, me.person, "", fields, Via.SESSION)
