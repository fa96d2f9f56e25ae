"""Who belongs to the site: enrolment, change, and the end of all rights at once.

Rule 1: two people change the roster; only a site without anybody is founded by none (first installation).
Rule 2: what is personal goes into the Entry's ``personal`` and nowhere else; the log keeps it erasable.

    {"kind": "enrolled", "person": {"id": "v17", "visitor": true, "host": "li"}, "badges": ["V1"],
     "personal": {"v17": {"name": "Anna Berg", "company": "Berg AG"}}, …}
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from controller.core import withdrawal
from controller.core.console_roles import ROLES, Via
from controller.core.effects import Body
from controller.core.events import Asking
from controller.core.fold_people import holder_body, holder_from
from controller.core.legible import is_plain_id
from controller.core.people import MOST_DIGITS, PERSONAL, Holder, pin_is_close, pin_tag
from controller.core.portions import portions
from controller.core.turn import Turn
from controller.core.words import Kind, Reason

TEXTS = ("department", "hours", "host", "badge_level")
LISTS = ("posts", "roles", "doors", "compartments", "excluded_with", "badges")
INSTANTS = ("valid_from", "valid_until", "pledge_until", "training_until")
FLAGS = ("visitor", "pledged", "trained")
UNLIMITED = (*INSTANTS, "doors", "compartments")
"""What has no limit where it is None: no end, every door, every compartment."""
LONGEST = 200
MOST = 500
LARGEST = 20_000  # of one person in the log, which takes at most 65,535 bytes an Entry
LAST_INSTANT = 253_402_300_800_000  # the year 10000
UID = "uid"  # of a badge that is known by its number alone
SHORTEST_PIN, LONGEST_PIN = 4, MOST_DIGITS
SYSTEM_USER = "os:"
"""How a user of the box is called in the log; nobody who is enrolled may be called so."""


class NotUnderstoodError(ValueError):
    """Fields of a person that cannot be taken as they are."""


@dataclass(frozen=True, slots=True)
class Given:
    """What an Asking says of a person: fields of the Holder, badges, PIN, and what is personal."""

    body: dict[str, Any]
    badges: list[str]
    badge_level: str  # at which readers that authenticate cards by themselves read them
    pin: str
    personal: dict[str, str]


def fields_of(person: str, given: dict[str, Any]) -> Given:
    """What an Asking says of a person; NotUnderstoodError at the first strange field."""
    if not person or len(person) > LONGEST or person.startswith(SYSTEM_USER):
        raise NotUnderstoodError(person)
    body: dict[str, Any] = {"id": person}
    for key, value in given.items():
        body |= _field(key, value)
    if _too_large(body):
        raise NotUnderstoodError(person)
    personal = {claim: body.pop(claim) for claim in PERSONAL if claim in body}
    badges, level = [str(b) for b in body.pop("badges", [])], body.pop("badge_level", UID)
    return Given(body, badges, level, body.pop("pin", ""), personal)


def _field(key: str, value: Any) -> dict[str, Any]:
    text = isinstance(value, str) and len(value) <= LONGEST
    if value is None and key in UNLIMITED:
        return {key: None}
    if key in (*TEXTS, *PERSONAL) and text:
        return {key: value}
    if key in FLAGS and isinstance(value, bool):
        return {key: value}
    if key == "pin" and text and value.isascii() and value.isdecimal():
        return {key: value} if SHORTEST_PIN <= len(value) <= LONGEST_PIN else _strange(key)
    if key in LISTS and isinstance(value, list) and len(value) <= MOST:
        return {key: [v if isinstance(v, str) and len(v) <= LONGEST else _strange(key) for v in value]}
    return {key: instant(key, value)} if key in INSTANTS else _strange(key)


def _too_large(body: dict[str, Any]) -> bool:
    return len(repr(body).encode()) > LARGEST


def _strange(key: str) -> Any:
    raise NotUnderstoodError(key)


def instant(key: str, value: Any) -> int:
    """UTC milliseconds of an RFC 3339 time with its offset, or of a number of milliseconds."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < LAST_INSTANT:
        return value
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise NotUnderstoodError(key) from None
    if moment.tzinfo is None:
        raise NotUnderstoodError(key)
    return max(0, int(moment.timestamp() * 1000))


def _enrol(turn: Turn, kind: Kind, person: str, given: dict[str, Any], by: Iterable[str]) -> Reason | None:
    try:
        said = fields_of(person, given)
    except NotUnderstoodError:
        return Reason.NOT_UNDERSTOOD
    before = turn.state.people.get(person)
    if before is None and not _is_new_id(turn, person):
        return Reason.NOT_UNDERSTOOD
    merged = (holder_body(before) if before else {}) | said.body
    strange_level = said.badge_level not in {UID, *turn.plan.levels_issued}
    strange_role = not set(said.body.get("roles", ())) <= {*ROLES}
    misnamed = strange_level or strange_role or _misnamed(turn, said.body, said.badges, person)
    if misnamed or _too_large(merged | said.personal):
        return Reason.NOT_UNDERSTOOD
    if any(turn.state.badges[b].blocked for b in said.badges if b in turn.state.badges):
        return Reason.BADGE_BLOCKED  # what was lost is never good again, whoever found it
    holder = holder_from(merged)
    others = [h for h in turn.state.people.values() if h.id != person]
    if said.pin and pin_is_close(turn.pepper, said.pin, others):
        return Reason.PIN_TOO_CLOSE
    if said.pin:
        holder = replace(holder, pin=pin_tag(turn.pepper, person, said.pin))
    more: Body = {"personal": {person: said.personal}} if said.personal else {}
    if said.badge_level != UID:
        more["badge_level"] = said.badge_level
    turn.write(kind, "", by, person=holder_body(holder), badges=said.badges, **more)
    return None


def _is_new_id(turn: Turn, person: str) -> bool:
    """Tell whether nobody can take an id for somebody else's."""
    folded = person.casefold()
    return is_plain_id(person) and all(one.casefold() != folded for one in turn.state.people)


def _misnamed(turn: Turn, body: dict[str, Any], badges: list[str], person: str) -> bool:
    """Tell whether the fields name a door, compartment, schedule or badge that cannot be theirs."""
    plan = turn.plan
    boxes = {c.full(k) for c in plan.cabinets.values() for k in c.compartments}
    strange_door = set(body.get("doors") or ()) - set(plan.doors)
    strange_box = set(body.get("compartments") or ()) - boxes
    strange_hours = not _hours_are_known(turn, body.get("hours", ""))
    cards = [turn.state.uids.get(b, b) for b in badges]  # nor the number of a card that is somebody's badge
    taken = any(turn.state.badges[c].holder != person for c in (*badges, *cards) if c in turn.state.badges)
    return bool(strange_door or strange_box or strange_hours or taken)


def _hours_are_known(turn: Turn, hours: str) -> bool:
    try:
        return not hours or bool(turn.plan.hours(hours))
    except ValueError:
        return False


def found(turn: Turn, ask: Asking) -> None:
    """Enrol the first people of a site in which nobody is enrolled yet."""
    people = ask.fields.get("people")
    if turn.state.people:
        turn.deny(Reason.NOT_ALLOWED)
        return
    if not isinstance(people, dict) or not all(isinstance(v, dict) for v in people.values()):
        turn.deny(Reason.NOT_UNDERSTOOD)
        return
    rehearsal = Turn(turn.plan, turn.state.copy(), turn.moment, turn.pepper, turn.at)
    for each in (rehearsal, turn):  # all of them or none: half a roster could never be completed by two
        for person, given in people.items():
            if reason := _enrol(each, Kind.ENROLLED, str(person), given, ()):
                turn.deny(reason)
                return
    turn.accept()


def enrol(turn: Turn, ask: Asking) -> None:
    """Enrol a person; two others agree."""
    given = dict(ask.fields)
    person = str(given.pop("person", ""))
    if person in turn.state.people:
        turn.deny(Reason.NOTHING_TO_DO)
        return
    _answer(turn, _enrol(turn, Kind.ENROLLED, person, given, (ask.by, ask.second)))


def change(turn: Turn, ask: Asking) -> None:
    """Change a person's rights or data; two others agree."""
    given = dict(ask.fields)
    person = str(given.pop("person", ""))
    if person not in turn.state.people or turn.state.people[person].ended:
        turn.deny(Reason.NOTHING_TO_DO)
        return
    if person in {ask.by, ask.second}:
        turn.deny(Reason.ONESELF)
        return
    _answer(turn, _enrol(turn, Kind.PERSON_CHANGED, person, given, (ask.by, ask.second)))


def _answer(turn: Turn, reason: Reason | None) -> None:
    turn.accept() if reason is None else turn.deny(reason)


def end(turn: Turn, ask: Asking) -> None:
    """End all rights of a person and all their badges at once (R6.3)."""
    person = str(ask.fields.get("person", ""))
    holder: Holder | None = turn.state.people.get(person)
    if holder is None or holder.ended:
        turn.deny(Reason.NOTHING_TO_DO)
        return
    if ask.via == Via.SIGNATURE and person == ask.by:  # or the last chief could leave a house without any
        turn.deny(Reason.ONESELF)
        return
    held = sorted(c for c, v in turn.state.carriers.items() if v.holder == person and v.state != "IN")
    for part in portions(held):
        turn.write(Kind.PERSON_ENDED, "", [ask.by], person=person, must_come_back=part)
    badges = frozenset(name for name, badge in turn.state.badges.items() if badge.holder == person)
    withdrawal.revoked(turn, person, badges)
    hosted = [name for name, visit in turn.state.visit_book.items() if visit.goes_on and person == visit.host]
    turn.accept(must_come_back=held, **({"visits_without_host": hosted} if hosted else {}))


def block(turn: Turn, ask: Asking) -> None:
    """Report a badge lost; it is dead at once."""
    badge = str(ask.fields.get("badge", ""))
    if badge not in turn.state.badges or turn.state.badges[badge].blocked:
        turn.deny(Reason.NOTHING_TO_DO)
        return
    note = str(ask.fields.get("reason", ""))[:LONGEST]
    more: Body = {"note": note} if note else {}
    turn.write(Kind.BADGE_BLOCKED, "", [ask.by], badge=badge, person=turn.state.badges[badge].holder, **more)
    withdrawal.lost(turn, badge)
    turn.accept()
