"""Which visits wait for this person. Rule: only what they can do now; the controller judges it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from web.desk import Who

View = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Visits to ``approve``, passes to ``issue``, visits that need another ``host``: ids."""

    approve: list[str]
    issue: list[str]
    host: list[str]

    @property
    def count(self) -> int:
        """How many visits there are in all."""
        return len({*self.approve, *self.issue, *self.host})


def waiting(view: View, who: Who) -> Waiting:
    """What a host, a chief and the desk have to do for visits now."""
    visits = view.get("visits", {})
    book, now = visits.get("book", {}), int(view.get("wall_ms", 0))
    at_desk = who.has("guard", "chief")
    speaks = who.has("guard", "custodian", "chief")
    free = {name: one for name, one in book.items() if not one["blocked"] and now < one["ends"]}
    return Waiting(
        approve=[
            name
            for name, one in free.items()
            if one["status"] == "requested" and speaks and (who.has("chief") or one["host"] == who.person)
        ],
        issue=[
            name
            for name, one in free.items()
            if at_desk
            and one["status"] == "approved"
            and one["starts"] <= now
            and one["approved_by"] != who.person
        ],
        host=[
            name
            for name, one in free.items()
            if at_desk and is_awaited(one) and not _is_here(view, one["host"])
        ],
    )


def is_awaited(visit: Mapping[str, Any]) -> bool:
    """Whether nobody has come for a visit yet."""
    return visit["status"] in {"requested", "approved"}


def needs_host(view: View, visit: Mapping[str, Any]) -> bool:
    """Whether the host of a visit that is awaited has left, or their time is over."""
    return is_awaited(visit) and not _is_here(view, visit["host"])


def _is_here(view: View, person: str) -> bool:
    one, now = view.get("people", {}).get(person, {}), int(view.get("wall_ms", 0))
    until = one.get("valid_until")
    return bool(one) and not one.get("ended") and (until is None or now < until)
