"""A visitor's pass: issued at the desk, and printed again (behaviour 56, 57).

Rule 1: no pass without an approved visit, an identity that was checked, devices listed, a photograph,
instruction and privacy notice; and nobody issues a pass for a visit that they approved themselves.
Rule 2: a pass opens nothing by itself: it is a Holder who never counts, with an escort for a host.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from controller.core.effects import Body
from controller.core.enrolment import LONGEST, UID, NotUnderstoodError
from controller.core.events import Asking
from controller.core.fold_people import holder_body
from controller.core.people import Holder
from controller.core.plan import RoomPlan
from controller.core.remembered_visits import Deposit, Visit, VisitStatus
from controller.core.turn import Turn
from controller.core.visit import VisitDeed
from controller.core.visit_fields import (
    LONGEST_NAME,
    LONGEST_NOTE,
    MOST_DEVICES,
    host_of,
    photo_of,
    refuse,
    sealed_for,
    text,
    truth,
)
from controller.core.visit_known import is_blocked, lockers_in_use, pass_out
from controller.core.visit_requests import of
from controller.core.visit_words import DEVICES
from controller.core.words import Kind, Reason

ISSUED_WITH = frozenset(
    {"visit", "badge", "escort", "devices", "identity_checked", "photo", "no_photo"}
    | {"instruction_given", "privacy_notice_given"}
)


@dataclass(frozen=True, slots=True)
class Handed:
    """What is said as a pass is handed over, read strictly."""

    badge: str
    escort: str
    devices: tuple[Deposit, ...]
    checked: bool
    photo: str
    no_photo: str
    instructed: bool
    informed: bool


def _handed(turn: Turn, visit: Visit, given: Mapping[str, Any]) -> Handed:
    if not set(given) <= ISSUED_WITH:
        raise NotUnderstoodError
    photo, without = given.get("photo") or "", given.get("no_photo") or ""
    badge = text(given.get("badge"))
    return Handed(
        turn.state.uids.get(badge, badge),
        host_of(turn, given.get("escort") or visit.host),
        _devices(given.get("devices")),
        truth(given.get("identity_checked", False)),
        photo_of(photo) if photo else "",
        text(without, LONGEST) if without else "",
        visit.instructed or truth(given.get("instruction_given", False)),
        visit.informed or truth(given.get("privacy_notice_given", False)),
    )


def _devices(given: Any) -> tuple[Deposit, ...]:
    """Devices left behind; an empty list says that there are none, no list says nothing."""
    if not isinstance(given, list) or len(given) > MOST_DEVICES:
        raise NotUnderstoodError
    found = []
    for one in given:
        if not isinstance(one, dict) or set(one) != {"what", "locker"} or one["what"] not in DEVICES:
            raise NotUnderstoodError
        found.append(Deposit(one["what"], text(one["locker"], LONGEST_NAME)))
    return tuple(found)


def issue(turn: Turn, ask: Asking) -> None:
    """Hand a pass over: a badge from the box, for an approved visit, within its time."""
    visit = of(turn, ask, VisitDeed.ISSUE)
    if visit is None:
        return
    if reason := _not_now(turn, visit, ask.by):
        turn.deny(reason)
        return
    try:
        handed = _handed(turn, visit, ask.fields)
    except NotUnderstoodError:
        turn.deny(Reason.NOT_UNDERSTOOD)
        return
    if missing := _missing(visit, handed):
        refuse(turn, Reason.NOT_UNDERSTOOD, missing=missing)
    elif taken := sorted({d.locker for d in handed.devices} & {*lockers_in_use(turn.state)}):
        refuse(turn, Reason.NOT_UNDERSTOOD, lockers_in_use=taken)
    elif reason := _escort_speaks_against(turn, visit, handed.escort) or _badge_speaks_against(
        turn, visit, handed.badge
    ):
        turn.deny(reason)
    else:
        _issue(turn, ask, visit, handed)


def _not_now(turn: Turn, visit: Visit, by: str) -> Reason | None:  # noqa: PLR0911 - one refusal a line
    """Why nobody gets a pass for this visit now."""
    wall, people = turn.at + turn.state.offset, turn.state.people
    if turn.state.lockdown:
        return Reason.LOCKDOWN
    if not people[visit.approved_by].in_force(wall):
        return Reason.NOT_APPROVED
    if visit.approved_by == by:
        return Reason.ONESELF
    if is_blocked(turn.state, visit.visitor):
        return Reason.VISITOR_BLOCKED
    if not visit.identified:
        return Reason.DOCUMENT_WRONG
    if wall < visit.starts:
        return Reason.NOT_YET_VALID
    if wall >= visit.ends or people[visit.visitor].ended:
        return Reason.EXPIRED
    here = pass_out(turn.state, visit.visitor) or visit.visitor in turn.state.visits
    return Reason.ALREADY_INSIDE if here else None


def _missing(visit: Visit, handed: Handed) -> list[str]:
    """What must be so and is not, by the names of the fields."""
    so = {
        "identity_checked": handed.checked,
        "photo": visit.photographed or bool(handed.photo) or bool(handed.no_photo),
        "instruction_given": handed.instructed,
        "privacy_notice_given": handed.informed,
    }
    return [name for name, is_so in so.items() if not is_so]


def _rooms(turn: Turn, visit: Visit) -> list[RoomPlan]:
    doors = (turn.plan.doors[d] for d in visit.areas if d in turn.plan.doors)
    return [turn.plan.rooms[door.room] for door in doors if door.room]


def _escort_speaks_against(turn: Turn, visit: Visit, escort: str) -> Reason | None:
    """An escort may pass every door of the visit, and answers for so many visitors at a time."""
    if not all(turn.state.people[escort].may_pass(door) for door in visit.areas):
        return Reason.NOT_ENTITLED
    out = [v for v in turn.state.visit_book.values() if v.status is VisitStatus.INSIDE]
    most = min(
        (room.visitors_per_host for room in _rooms(turn, visit)), default=RoomPlan("").visitors_per_host
    )
    return Reason.HOSTS_MISSING if sum(v.escort == escort for v in out) >= most else None


def _badge_speaks_against(turn: Turn, visit: Visit, name: str) -> Reason | None:
    """A badge from the box is new, or was given back by a visitor, or is of one whose visit is over."""
    badge, people = turn.state.badges.get(name), turn.state.people
    level = badge.level if badge else UID
    if any(level not in turn.plan.doors[d].levels for d in visit.areas if d in turn.plan.doors):
        return Reason.LEVEL_TOO_LOW
    if badge is None or (badge.blocked and name in turn.state.boxed):
        return None
    holder = people.get(badge.holder)
    if holder is None or not holder.visitor or pass_out(turn.state, holder.id):
        return Reason.BADGE_IN_USE
    alive = holder.id != visit.visitor and holder.id not in turn.state.ended_visits
    if alive and not holder.ended:
        return Reason.BADGE_IN_USE
    return Reason.BADGE_BLOCKED if badge.blocked else None


def _issue(turn: Turn, ask: Asking, visit: Visit, handed: Handed) -> None:
    holder = Holder(
        visit.visitor,
        visitor=True,
        host=handed.escort,
        doors=frozenset(visit.areas),
        compartments=frozenset(),
        valid_from=visit.starts,
        valid_until=visit.ends,
    )
    more: Body = {"personal": {visit.visitor: {"photo": handed.photo}}} if handed.photo else {}
    more |= sealed_for(visit.visitor, handed.photo)
    if handed.no_photo and not handed.photo and not visit.photographed:
        more["no_photo"] = handed.no_photo
    turn.write(
        Kind.PASS_ISSUED,
        "",
        [ask.by],
        visit=ask.fields["visit"],
        visitor=visit.visitor,
        badge=handed.badge,
        host=visit.host,
        escort=handed.escort,
        devices=[asdict(one) for one in handed.devices],
        ends=visit.ends,
        photographed=visit.photographed or bool(handed.photo),
        instructed=True,
        informed=True,
        person=holder_body(holder),
        **more,
    )
    turn.accept(visitor=visit.visitor, badge=handed.badge, until=visit.ends)


def reprint(turn: Turn, ask: Asking) -> None:
    """Print a pass again, with a reason; how often is counted, and stands on the pass."""
    visit = of(turn, ask, VisitDeed.REPRINT)
    if visit is None:
        return
    note, count = ask.fields.get("reason", ""), visit.reprints + 1
    if not isinstance(note, str) or not note.strip():
        turn.deny(Reason.NOT_UNDERSTOOD)
        return
    named = {"visit": ask.fields["visit"], "visitor": visit.visitor}
    turn.write(Kind.PASS_REPRINTED, "", [ask.by], **named, count=count, note=note[:LONGEST_NOTE])
    turn.accept(count=count)
