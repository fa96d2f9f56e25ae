"""Who comes together: one group, one host, one time. Rule: only visits that concern whoever looks.

The first of a group that was given no word is known to the others by the number of its visit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from web.desk import Who
from web.visits.book import Row, row

MINUTE_MS = 60_000
"""The form writes times by the minute, "from now on" is told to the millisecond: they are one time."""
View = Mapping[str, Any]


def together(one: Row, view: View, who: Who) -> list[Row]:
    """Every visit of the same group, this one with them, in the order of their requests."""
    book, mark = view.get("visits", {}).get("book", {}), _mark(one.id, one.told)
    found = (row(view, visit, who) for visit, told in book.items() if _mark(visit, told) == mark)
    return [other for other in found if other is not None]


def to_approve(group: list[Row]) -> list[Row]:
    """Those of a group that one signature can approve now."""
    return [one for one in group if one.told["status"] == "requested" and _may_come(one)]


def next_pass(group: list[Row], who: Who) -> Row | None:
    """Who of a group is given a pass next by whoever stands at the desk; None where nobody waits for one."""
    waits = (one for one in group if one.told["status"] == "approved" and _may_come(one))
    return next((one for one in waits if one.told["approved_by"] != who.person), None)


def _may_come(one: Row) -> bool:
    return not one.told["blocked"] and one.now_ms < int(one.told["ends"])


def _mark(visit: str, told: Mapping[str, Any]) -> tuple[str, str, int, int]:
    times = int(told["starts"]) // MINUTE_MS, int(told["ends"]) // MINUTE_MS
    return (str(told["group"]) or visit, str(told["host"]), *times)
