"""Folds of people, badges, wrong attempts and carriers.

Rule: see fold.py; nothing here decides, it only remembers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from controller.core.chiefs import remember_whether_it_signs
from controller.core.effects import Body
from controller.core.people import Badge, Holder
from controller.core.remembered import Attempts, Carrier
from controller.core.state import State

SETS = ("doors", "compartments", "excluded_with")
KNOWN = tuple(f.name for f in fields(Holder))


def holder_from(person: Body) -> Holder:
    """Holder out of the fields an Entry keeps."""
    values: dict[str, Any] = {k: v for k, v in person.items() if k in KNOWN}
    for name in SETS:
        if values.get(name) is not None:
            values[name] = frozenset(values[name])
    values["posts"] = tuple(values.get("posts", ()))
    values["roles"] = tuple(values.get("roles", ()))
    return Holder(**values)


def holder_body(holder: Holder) -> Body:
    """Fields of a Holder as an Entry keeps them; what has its default is left out."""
    empty = Holder("")
    body: Body = {}
    for name in KNOWN:
        value = getattr(holder, name)
        if value == getattr(empty, name):
            continue
        body[name] = sorted(value) if isinstance(value, frozenset) else value
        if isinstance(value, tuple):
            body[name] = list(value)
    return body


def _enrolled(state: State, entry: Body) -> None:
    holder = holder_from(entry["person"])
    state.people[holder.id] = holder
    state.ended_visits -= {holder.id}
    for badge in entry.get("badges", ()):
        known = state.badges.get(badge)  # what was made on a card stays what it is
        new = Badge(holder.id, level=entry.get("badge_level", "uid"))
        state.badges[badge] = replace(known, holder=holder.id, blocked=False) if known else new


def _changed(state: State, entry: Body) -> None:
    _enrolled(state, entry)
    remember_whether_it_signs(state)  # a chief by now may have had a passkey before


def _ended(state: State, entry: Body) -> None:
    person = entry["person"]
    state.people[person] = replace(state.people[person], ended=True)
    for name, badge in state.badges.items():
        if badge.holder == person:
            state.badges[name] = replace(badge, blocked=True)


def _badge_blocked(state: State, entry: Body) -> None:
    badge = entry["badge"]
    state.badges[badge] = replace(state.badges[badge], blocked=True)


def count_attempt(state: State, entry: Body) -> None:
    """Remember one more wrong attempt in a row at a reader, and the badge used."""
    seen = state.attempts.get(entry["reader"], Attempts())
    state.attempts[entry["reader"]] = Attempts((*seen.badges, entry["badge"]))


def end_row(state: State, reader: str, badge: str) -> None:
    """An accepted badge ends a row of wrong attempts, but not that of wrong PINs typed to itself."""
    own = tuple(b for b in state.attempts.get(reader, Attempts()).badges if b == badge)
    state.attempts.pop(reader, None)
    if own:
        state.attempts[reader] = Attempts(own)


def _penalty(state: State, entry: Body) -> None:
    state.attempts.pop(entry["place"], None)
    live: dict[str, int] = {badge: until for badge, until in state.penalties.items() if until > entry["at"]}
    live.update(dict.fromkeys(entry["badges"], entry["until"]))
    state.penalties = live


def _forgiven(state: State, entry: Body) -> None:
    state.forgiven |= {entry["person"]}


def _carrier_moved(state: State, entry: Body) -> None:
    state.carriers[entry["carrier"]] = Carrier(
        entry["state"], entry.get("at_place", ""), entry.get("holder", ""), entry.get("due")
    )
    _tag(state, entry)


def _tag(state: State, entry: Body) -> None:
    if entry.get("tag"):
        state.seen[entry["carrier"]] = entry["tag"]
    elif "tag" in entry:
        state.seen.pop(entry["carrier"], None)


FOLDS: dict[str, Callable[[State, Body], None]] = {
    "enrolled": _enrolled,
    "person_changed": _changed,
    "person_ended": _ended,
    "badge_blocked": _badge_blocked,
    "penalty": _penalty,
    "passback_forgiven": _forgiven,
    "carrier_moved": _carrier_moved,
    "carrier_seen": _tag,
    "carrier_unseen": _tag,
}
