"""A room with a guard, a second guard and two chiefs at the console. Rule: nothing here decides anything."""

from __future__ import annotations

from typing import Any

from controller.core.console_roles import Via
from controller.core.effects import Outcome
from controller.core.events import Asking
from controller.core.plan import SitePlan
from tests.core.room import Room

DESK: dict[str, dict[str, Any]] = {
    "sun": {"badges": ["G1"], "roles": ["guard"]},
    "qian": {"badges": ["G2"], "roles": ["guard"]},
    "zhou": {"badges": ["C1"], "roles": ["chief"]},
    "wu": {"badges": ["C2"], "roles": ["chief"]},
    "zheng": {"badges": ["A1"], "roles": ["auditor"]},
}


class Desk(Room):
    """A room whose Askings also come from the console."""

    def __init__(self, plan: SitePlan | None = None, /, **people: dict[str, Any]) -> None:
        super().__init__(plan, **(DESK | people))

    def says(self, name: str, by: str, second: str = "", /, **given: Any) -> Outcome:
        """Somebody who is signed in at the console asks for something."""
        return self.step(Asking(self.now, name, by, second, given, via=Via.SESSION))

    def why(self) -> Any:
        """Why the last Asking was refused; None when it was accepted."""
        return self.reason
