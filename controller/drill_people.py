"""The people of a drill: the fields of the enrolment Asking, checked with the names of the site.

Rule: what is given here is handed to the Asking as it is; only instants become UTC milliseconds and a
compartment gets its full name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from controller.core.enrolment import LONGEST_PIN, SHORTEST_PIN
from controller.core.people import PERSONAL
from controller.core.plan import SitePlan
from controller.core.schedule import written
from controller.drill_names import Names
from controller.drill_times import instant
from controller.drill_values import known_are, names, one_of, text, yes_no
from controller.site_faults import Faults, Path, shown
from controller.site_values import Value


def fields(site: Names, plan: SitePlan | None, zone: tzinfo) -> dict[str, Value]:
    """Every field of a person."""
    late, early = instant(zone, late=True), instant(zone)
    return {
        **{claim: text() for claim in PERSONAL},
        "department": text(),
        "posts": names(text()),
        "badges": names(text()),
        "pin": _pin(),
        "doors": names(one_of("door", site.doors)),
        "compartments": names(one_of("compartment", site.compartments)),
        "valid_from": early,
        "valid_until": late,
        "pledge_until": late,
        "training_until": late,
        "pledged": yes_no(),
        "trained": yes_no(),
        "excluded_with": names(one_of("person", site.people)),
        "hours": _hours(plan),
        "visitor": yes_no(),
        "host": one_of("person", site.people),
    }


def read(raw: Any, known: Mapping[str, Value], faults: Faults) -> dict[str, dict[str, Any]]:
    """Check the ``[people]`` tables; what is wrong is noted and left out."""
    if not isinstance(raw, dict):
        faults.add(("people",), f"{shown(raw)} is no table", "write [people.li] and its fields below")
        return {}
    found = {}
    for person, given in raw.items():
        if isinstance(given, dict):
            found[person] = _person(given, ("people", person), known, faults)
        else:
            faults.add(("people", person), f"{shown(given)} is no table", f"write [people.{person}]")
    _badges_once(found, faults)
    return found


def _person(given: Mapping[str, Any], at: Path, known: Mapping[str, Value], faults: Faults) -> dict[str, Any]:
    body = {}
    for key, raw in given.items():
        if key not in known:
            faults.add((*at, key), "is no field of a person", known_are(key, known))
        elif (value := known[key].take(raw, (*at, key), faults)) is not None:
            body[key] = value
    return body


def _badges_once(people: Mapping[str, Mapping[str, Any]], faults: Faults) -> None:
    owner: dict[str, str] = {}
    for person, body in people.items():
        for badge in body.get("badges", ()):
            if owner.setdefault(badge, person) != person:
                at = ("people", person, "badges")
                faults.add(at, f"{badge} is {owner[badge]}'s badge", "a badge belongs to exactly one person")


def _pin() -> Value:
    right = f'{SHORTEST_PIN} to {LONGEST_PIN} digits in quotes, such as "4821"'

    def take(raw: object, at: Path, faults: Faults) -> str | None:
        if isinstance(raw, str) and raw.isascii() and raw.isdecimal() and _fits(raw):
            return raw
        faults.add(at, "the PIN does not fit", f"write {right}")
        return None

    return Value(right, take)


def _fits(digits: str) -> bool:
    return SHORTEST_PIN <= len(digits) <= LONGEST_PIN


def _hours(plan: SitePlan | None) -> Value:
    named = sorted(plan.schedules) if plan else []
    right = f'"08:00-18:00", "mon-fri 08:00-18:00"{"".join(f", {name}" for name in named)}'

    def take(raw: object, at: Path, faults: Faults) -> str | None:
        hours = raw.replace("–", "-") if isinstance(raw, str) else ""  # noqa: RUF001 - as people write it
        if hours in named:
            return hours
        try:
            return written(hours).name
        except ValueError:
            faults.add(at, f"{shown(raw)} are no hours", f"write {right}")
            return None

    return Value(right, take)
