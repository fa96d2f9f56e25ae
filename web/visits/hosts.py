"""Who can be visited, and whom somebody means by a few letters. Rule: two that fit are nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from web.names import name
from web.people_search import folded, matches

MOST = 8
View = Mapping[str, Any]


def staff(view: View) -> dict[str, str]:
    """Everybody of the staff whose rights are in force: id → name."""
    now = int(view.get("wall_ms", 0))
    return {
        person: name(person)
        for person, one in view.get("people", {}).items()
        if not one.get("visitor") and not one.get("ended") and _is_valid(one, now)
    }


def _is_valid(one: Mapping[str, Any], now: int) -> bool:
    since, until = one.get("valid_from"), one.get("valid_until")
    return (since is None or since <= now) and (until is None or now < until)


def meant(text: str, view: View) -> str:
    """The id of whoever is meant; "" for nobody and for several."""
    people = staff(view)
    if text in people:
        return text
    exact = [person for person, called in people.items() if folded(called) == folded(text)]
    found = exact or (matches(text, people) if text.strip() else [])
    return found[0] if len(found) == 1 else ""


def suggestions(text: str, view: View) -> list[dict[str, Any]]:
    """At most eight people who fit, best first: id, name, department and doors (None: all of them)."""
    people, told = staff(view), view.get("people", {})
    return [
        {
            "id": person,
            "name": people[person],
            "value": person if list(people.values()).count(people[person]) > 1 else people[person],
            "department": told[person].get("department", ""),
            "doors": told[person].get("doors"),
        }
        for person in matches(text, people)[:MOST]
    ]
