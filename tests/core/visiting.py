"""A visitor desk to test with: a room whose guard requests, has approved, issues and takes back.

Rule: nothing here decides anything; every step is an Asking, and what is not named is as it should be.
"""

from __future__ import annotations

from typing import Any

from controller.core.plan import SitePlan
from controller.core.remembered_visits import Visit
from tests.core.room import Room

STAFF: dict[str, dict[str, Any]] = {
    "bao": {"badges": ["G1"], "roles": ["guard"]},
    "xu": {"badges": ["C1"], "roles": ["chief"]},
}
HOUR = 3_600_000
PHOTO = "ab" * 32
PASSPORT = {"document": "E12345678", "document_kind": "passport"}
RIGHT: dict[str, Any] = {
    "name": "Anna Berg",
    **PASSPORT,
    "company": "Berg AG",
    "contact": "anna@berg",
    "purpose": "meeting",
    "host": "li",
    "areas": ["main"],
    "photo": PHOTO,
    "instruction_given": True,
    "privacy_notice_given": True,
}
PHONE = {"what": "phone", "locker": "12"}


class Desk(Room):
    """A room with a guard (bao) and a chief (xu); li is the host of every visit unless told otherwise."""

    def __init__(self, plan: SitePlan | None = None, /, **people: dict[str, Any]) -> None:
        super().__init__(plan, **(STAFF | people))

    @property
    def more(self) -> dict[str, Any]:
        """What the last answer told beside yes or no."""
        assert self.outcome.answer is not None
        return self.outcome.answer.more

    def visit(self, name: str = "v1") -> Visit:
        """A visit as the site remembers it."""
        return self.state.visit_book[name]

    def request(self, by: str = "bao", /, **differs: Any) -> str:
        """Request a visit from now on for an hour; its name, empty where it was refused."""
        wall = self.state.wall
        said = RIGHT | {"from": wall, "until": wall + HOUR} | differs
        self.ask("request_visit", by, **{key: value for key, value in said.items() if value is not None})
        return str(self.more.get("visit", "")) if self.reason is None else ""

    def approve(self, visit: str = "v1", by: str = "li", /, **given: Any) -> Any:
        """Approve a visit; the reason of a refusal."""
        self.ask("approve_visit", by, visit=visit, **given)
        return self.reason

    def issue(self, visit: str = "v1", badge: str = "P1", by: str = "bao", /, **differs: Any) -> Any:
        """Hand a pass over, with the identity checked and nothing deposited; the reason of a refusal."""
        given = {"visit": visit, "badge": badge, "devices": [], "identity_checked": True} | differs
        self.ask("issue_pass", by, **{key: value for key, value in given.items() if value is not None})
        return self.reason

    def received(self, badge: str = "P1", /, **differs: Any) -> str:
        """Request, approve and issue; the name of the visit."""
        visit = self.request(**differs)
        assert visit
        assert self.approve(visit, differs.get("host", "li")) is None
        assert self.issue(visit, badge) is None
        return visit

    def check_out(self, visit: str = "v1", /, **differs: Any) -> Any:
        """Take everything back; the reason of a refusal."""
        given = {"visit": visit, "badge_returned": True, "devices_returned": True} | differs
        self.ask("check_out", "bao", **{key: value for key, value in given.items() if value is not None})
        return self.reason
