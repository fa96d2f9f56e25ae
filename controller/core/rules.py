"""Who may pass: the standing orders, in the order in which they are asked.

Rule 1: a rule looks at one Case and answers a Reason or None; the first Reason wins.
Rule 2: a rule that raises refuses and calls the guard (behaviour 32); it never switches itself off.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec

from controller.core.case import Case, Rule
from controller.core.events import Level
from controller.core.plan import Passback, Role
from controller.core.presence import staying, two_stay
from controller.core.state import DoorPhase
from controller.core.words import Reason

P = ParamSpec("P")


def genuine(case: Case) -> Reason | None:
    """A card that does not prove itself, shows another's number or counts backwards is nobody's badge."""
    return case.doubt


def known(case: Case) -> Reason | None:
    """A badge that belongs to nobody opens nothing."""
    return Reason.UNKNOWN_BADGE if case.credential is None or case.holder is None else None


def not_withdrawn(case: Case) -> Reason | None:
    """A lost or withdrawn badge is dead at once, and so are all badges of a person who left."""
    blocked = case.credential is not None and case.credential.blocked
    return Reason.BADGE_BLOCKED if blocked or (case.holder is not None and case.holder.ended) else None


def not_penalised(case: Case) -> Reason | None:
    """After wrong attempts in a row the badges used wait; other people do not."""
    until = case.state.penalties.get(case.badge)
    return Reason.PENALTY if until is not None and case.at < until else None


def read_well_enough(case: Case) -> Reason | None:
    """A badge counts only at the level it was issued at, and where the door accepts that level."""
    own = case.credential is not None and case.credential.level == case.level
    return None if own and case.level in case.levels else Reason.LEVEL_TOO_LOW


def in_force(case: Case) -> Reason | None:
    """Rights have a beginning and an end."""
    holder = case.holder
    if holder is None:
        return Reason.UNKNOWN_BADGE
    if holder.valid_from is not None and case.wall < holder.valid_from:
        return Reason.NOT_YET_VALID
    return Reason.EXPIRED if holder.valid_until is not None and case.wall >= holder.valid_until else None


def pledged_and_trained(case: Case) -> Reason | None:
    """Nobody enters without a signed pledge and current training; a visitor's instruction stands for both."""
    holder = case.holder
    if holder is None or holder.visitor:
        return None
    if not holder.pledged or (holder.pledge_until is not None and case.wall >= holder.pledge_until):
        return Reason.PLEDGE_MISSING
    if not holder.trained or (holder.training_until is not None and case.wall >= holder.training_until):
        return Reason.TRAINING_MISSING
    return None


def entitled(case: Case) -> Reason | None:
    """Each is entitled alone; a good badge does not carry another."""
    if case.door is None or (case.holder is not None and case.holder.may_pass(case.door.name)):
        return None
    return Reason.NOT_ENTITLED


def own_hours(case: Case) -> Reason | None:
    """A person with hours of their own comes within them."""
    if case.holder is None or not case.holder.hours:
        return None
    return None if case.plan.hours(case.holder.hours).is_open(case.moment) else Reason.OUT_OF_HOURS


def visit_alive(case: Case) -> Reason | None:
    """A visitor's pass is dead after check-out and after its end."""
    ended = case.holder is not None and case.holder.id in case.state.ended_visits
    return Reason.VISIT_OVER if ended else None


def no_lockdown(case: Case) -> Reason | None:
    """A lockdown beats every badge."""
    return Reason.LOCKDOWN if case.state.lockdown is not None else None


def door_answers(case: Case) -> Reason | None:
    """Nobody enters through a door whose contact or bolt cannot be believed."""
    if case.door is None:
        return None
    for role in (Role.CONTACT, Role.BOLT):
        for point in case.plan.inputs_of(case.door.name, role):
            broken = case.state.level(point) in {Level.CUT, Level.SHORT, Level.UNKNOWN}
            if broken or point in case.state.lost or point in case.state.noisy:
                return Reason.DOOR_FAULT
    return Reason.DOOR_FAULT if case.state.door(case.door.name).phase is DoorPhase.FORCED else None


def one_grant_at_a_time(case: Case) -> Reason | None:
    """Where a grant is cosigned or pictured first, a door is granted anew only when it is locked again."""
    if case.door is None or case.room is None or not (case.room.witnessed or case.room.pictured):
        return None
    busy = case.state.door(case.door.name).phase in {DoorPhase.AWAITING, DoorPhase.RELEASED}
    waits = Reason.NOT_WITNESSED if case.room.witnessed else Reason.GRANT_WAITS
    return waits if busy else None


def count_known(case: Case) -> Reason | None:
    """While nobody knows who is inside, nobody enters before two people have counted."""
    return Reason.OCCUPANCY_UNKNOWN if case.room and case.state.room(case.room.name).unknown else None


def not_inside_already(case: Case) -> Reason | None:
    """A badge that came in must go out before it comes in again, unless forgiven once."""
    holder = case.holder
    if case.door is None or case.room is None or holder is None:
        return None
    mode = case.door.passback
    if mode in {Passback.OFF, Passback.SOFT}:
        return None
    room = case.state.room(case.room.name)
    if holder.id not in {*room.inside, *room.visitors} or holder.id in case.state.forgiven:
        return None
    since = case.state.came_in.get(holder.id, case.at)
    stale = mode is Passback.TIMED and case.at - since >= case.door.passback_ms
    return None if stale else Reason.ALREADY_INSIDE


def different_person(case: Case) -> Reason | None:
    """People are counted, not badges."""
    same = case.holder is not None and any(m.holder == case.holder.id for m in case.party)
    return Reason.SAME_HOLDER if same else None


def may_pair(case: Case) -> Reason | None:
    """Relatives and people in one reporting line do not form a pair."""
    holder = case.holder
    if holder is None:
        return Reason.UNKNOWN_BADGE
    for member in case.party:
        other = case.state.people[member.holder]
        if other.id in holder.excluded_with or holder.id in other.excluded_with:
            return Reason.EXCLUDED_PAIR
    return None


def room_for_more(case: Case) -> Reason | None:
    """A room holds no more people than its limit, and nobody is exempt."""
    if case.room is None:
        return None
    room = case.state.room(case.room.name)
    there = {*room.inside, *room.visitors, *(m.holder for m in case.party)}
    for way in case.plan.doors_of(case.room.name):
        now = case.state.door(way.name)
        there |= {*now.entering, *now.visiting}
    return Reason.ROOM_FULL if len(there) >= case.room.max_occupancy else None


def staff_only(case: Case) -> Reason | None:
    """A visitor's pass opens nothing by itself and never counts."""
    return Reason.NOT_ENTITLED if case.holder is not None and case.holder.visitor else None


def inside_already(case: Case) -> Reason | None:
    """Only people confirmed inside the room open its cabinets."""
    if case.room is None or case.holder is None:
        return Reason.NOT_INSIDE
    there = staying(case.plan, case.state, case.room.name, case.at)
    return None if case.holder.id in there else Reason.NOT_INSIDE


def two_inside(case: Case) -> Reason | None:
    """No cabinet opens with fewer than two confirmed people in the room."""
    if case.room is None:
        return Reason.TOO_FEW_INSIDE
    enough = two_stay(case.plan, case.state, case.room.name, case.at)
    return None if enough else Reason.TOO_FEW_INSIDE


# Whose badge it is; asked also where a badge only says that somebody is there.
IDENTITY: tuple[Rule, ...] = (
    genuine,
    known,
    not_withdrawn,
    not_penalised,
    read_well_enough,
)


RULES: tuple[Rule, ...] = (
    *IDENTITY,
    in_force,
    pledged_and_trained,
    entitled,
    own_hours,
    visit_alive,
    no_lockdown,
    door_answers,
    one_grant_at_a_time,
    count_known,
    not_inside_already,
    different_person,
    may_pair,
    room_for_more,
)


CABINET_RULES: tuple[Rule, ...] = (
    *IDENTITY,
    in_force,
    pledged_and_trained,
    own_hours,
    staff_only,
    no_lockdown,
    count_known,
    inside_already,
    two_inside,
    different_person,
    may_pair,
)


def asked(rule: Callable[P, Reason | None], *given: P.args, **more: P.kwargs) -> Reason | None:
    """Ask one rule, whatever it looks at; one that cannot be evaluated refuses (behaviour 32)."""
    try:
        return rule(*given, **more)
    except Exception:  # noqa: BLE001 - whatever breaks in a rule refuses
        return Reason.RULE_BROKEN


def judge(case: Case, rules: tuple[Rule, ...] = RULES) -> Reason | None:
    """Ask every rule in order; None means that nothing speaks against it."""
    return asked(_first, case, rules)


def _first(case: Case, rules: tuple[Rule, ...]) -> Reason | None:
    for rule in rules:
        if (reason := rule(case)) is not None:
            return reason
    return None
