"""A badge outside a door: from the first of two to the grant.

Rule: nothing is released here unless every rule was asked at this instant for everybody (behaviour 4, 5).
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from controller.core import alarms, awaiting, interlock, occupancy, pair, vault
from controller.core.case import PAIR, Case
from controller.core.effects import Release
from controller.core.pair import PairEvent
from controller.core.party import Member, weakest
from controller.core.people import Holder
from controller.core.plan import DoorPlan, Passback
from controller.core.presence import two_stay
from controller.core.proof import Presented
from controller.core.rules import RULES, asked, judge
from controller.core.schedule import local
from controller.core.state import DoorPhase
from controller.core.turn import Turn
from controller.core.words import Kind, Reason


def case_for(turn: Turn, door: DoorPlan, badge: str, level: str, party: tuple[Member, ...]) -> Case:
    """Case of one badge before a door."""
    state = turn.state
    credential = state.badges.get(badge)
    holder = state.people.get(credential.holder) if credential else None
    room = turn.plan.rooms.get(door.room)
    return Case(turn.plan, state, turn.at, door, room, door.levels, badge, level, credential, holder, party)


def case_of(turn: Turn, door: DoorPlan, read: Presented, party: tuple[Member, ...]) -> Case:
    """Case of a card that was just presented, whether it is believed or not."""
    case = case_for(turn, door, read.of, read.level, party)
    case.badge, case.doubt = read.badge, read.doubt
    return case


def badge_in(turn: Turn, door: DoorPlan, read: Presented) -> None:
    """Judge a badge read outside a door."""
    pending = turn.state.door(door.name).pending
    members = pending.members if pending else ()
    case = case_of(turn, door, read, members)
    reason = judge(case, RULES)
    holder = case.holder
    if reason is Reason.SAME_HOLDER:
        alarms.same_again(turn, read)
        return
    if reason is None and holder is not None:
        member = Member(holder.id, read.badge, read.reader, visitor=holder.visitor, level=read.level)
        reason = _join(turn, door, members, member)
    if reason is not None:
        _refuse(turn, door, read, reason, holder)


def _refuse(turn: Turn, door: DoorPlan, read: Presented, reason: Reason, holder: Holder | None) -> None:
    pending = turn.state.door(door.name).pending
    who = (holder.id,) if holder else ()
    alarms.refuse(turn, read, reason, who, door.name if pending else "", "door")
    alarms.give_up(turn, door.name, "door", turn.state.door(door.name).pending)


def _join(turn: Turn, door: DoorPlan, members: tuple[Member, ...], member: Member) -> Reason | None:
    """Let one more person count, or say why not."""
    if member.visitor and any(not m.visitor for m in members):
        return Reason.PASS_FIRST
    if not member.visitor and (reason := asked(pair.misfit, turn.state, door.together, members, member)):
        return reason
    if not member.visitor and (reason := vault.gate(turn, door, member)):
        return reason if reason is not Reason.DELAY_RUNNING or turn.answer is None else None
    everyone = (*members, member)
    if _people(everyone) < _needed(turn, door, everyone):
        _wait(turn, door, member)
        return None
    return _commit(turn, door, members, member)


def _people(members: tuple[Member, ...]) -> int:
    return sum(not m.visitor for m in members)


def _needed(turn: Turn, door: DoorPlan, members: tuple[Member, ...]) -> int:
    """How many people open this door now: the pair with its witness, or one who joins two (behaviour 14)."""
    together, hosts = door.together, _hosts(turn, door, members)
    if _joins(turn, door):
        return max(1, hosts)
    least = PAIR if door.room else 1  # no setting lets one person open a room
    return max(together.people, hosts, least) + bool(together.witness)


def _joins(turn: Turn, door: DoorPlan) -> bool:
    """Tell whether two confirmed people stay inside, so that one more may come in alone."""
    room = turn.plan.rooms.get(door.room)
    if room is None or room.strict_pairs:
        return False
    all_confirmed = not turn.state.room(room.name).unconfirmed
    return all_confirmed and two_stay(turn.plan, turn.state, room.name, turn.at)


def _hosts(turn: Turn, door: DoorPlan, members: tuple[Member, ...]) -> int:
    room = turn.plan.rooms.get(door.room)
    visitors = len(members) - _people(members)
    return ceil(visitors / (room.visitors_per_host if room else 3))


def _wait(turn: Turn, door: DoorPlan, member: Member) -> None:
    before = turn.state.door(door.name).pending
    pending = pair.joined(before, member, turn.at, door.together.window_ms)
    people = (*pending.people, *pending.visitors)
    where = {"reader": member.reader, "badge": member.badge, "level": member.level}
    said = pair.says(pair.phase_of(before), PairEvent.ACCEPTED)
    turn.write(said, door.name, people, **where, **pair.body(pending, "door"))
    turn.unflash(member.reader)
    turn.accept()


def _commit(turn: Turn, door: DoorPlan, members: tuple[Member, ...], newest: Member) -> Reason | None:
    """Judge everybody again at this instant; then release."""
    for place, member in enumerate(members):
        case = case_for(turn, door, member.badge, member.level, members[:place])
        if (reason := judge(case, RULES)) is not None:
            pair.cancel(turn, door.name, [member.holder], Reason.FIRST_NO_LONGER_VALID, "door")
            return reason if reason is Reason.RULE_BROKEN else Reason.FIRST_NO_LONGER_VALID
    everyone = (*members, newest)
    reason = asked(speaks_against, turn, door, everyone) or awaiting.blind(turn, door)
    if reason is None:
        _grant(turn, door, everyone)
    return reason


def speaks_against(turn: Turn, door: DoorPlan, everyone: tuple[Member, ...]) -> Reason | None:
    """Why these people, each of whom may pass, are not let in together now."""
    if _people(everyone) < _needed(turn, door, everyone):
        return Reason.TOO_FEW_INSIDE
    return _whole_party(turn, door, everyone) or room_says(turn, door, [m.holder for m in everyone])


def _whole_party(turn: Turn, door: DoorPlan, everyone: tuple[Member, ...]) -> Reason | None:
    """Rules that look at the party as one."""
    state, ids = turn.state, {*_going_in(turn, door, everyone)}
    if not ids:
        return Reason.SAME_GROUP
    people = [state.people[p] for p in ids]
    room = turn.plan.rooms.get(door.room)
    if pair.too_often(state.openings, door.together, door.name, ids, turn.at):
        return Reason.PAIR_TOO_OFTEN
    inside = set(state.room(door.room).inside) if room else set()
    hosts = {state.people[m.holder].host for m in everyone if m.visitor} - {""}
    if hosts - ids - inside:
        return Reason.HOSTS_MISSING
    if room and room.custodian_first and not inside and not any("custodian" in p.posts for p in people):
        return Reason.CUSTODIAN_FIRST
    return None


def room_says(turn: Turn, door: DoorPlan, people: Iterable[str]) -> Reason | None:
    """Rules of the room and its other doors, whoever of these people opens it."""
    if not interlock.free_of(turn.plan, turn.state, door):
        return Reason.INTERLOCK
    if not vault.time_lock_open(turn, door):
        return Reason.TIME_LOCK
    room = turn.plan.rooms.get(door.room)
    if room is None or turn.state.room(room.name).inside:
        return None
    duty = room.duty.is_open(local(turn.at + turn.state.offset, turn.plan.zone))
    now = turn.state.room(room.name)
    third = now.approved_by not in {*people}
    approved = now.approved_until is not None and turn.at < now.approved_until and third
    return None if duty or approved else Reason.NEEDS_DUTY_OFFICER


def _grant(turn: Turn, door: DoorPlan, everyone: tuple[Member, ...]) -> None:
    reader = everyone[-1].reader
    people = _going_in(turn, door, everyone)
    visitors = tuple(m.holder for m in everyone if m.visitor)
    witness = tuple(m.holder for m in everyone if not m.visitor and m.holder not in people)
    _note_passback(turn, door, people)
    how = awaiting.waits_for(turn, door, everyone) or {"until": turn.at + door.unlock_ms}
    turn.write(
        pair.says(pair.phase_of(turn.state.door(door.name).pending), PairEvent.COMPLETE),
        door.name,
        people,
        direction="in",
        reader=reader,
        badge=everyone[-1].badge,
        level=weakest(everyone),
        visitors=list(visitors),
        witness=list(witness),
        counted=len(people) > 1,
        **how,
    )
    waits_ms = turn.plan.rooms[door.room].picture_ms if "awaits_shot" in how else None
    turn.picture(door.name, Kind.GRANTED.value, [m.holder for m in everyone], waits_ms=waits_ms)
    now = turn.state.door(door.name)
    if now.phase is DoorPhase.RELEASED and now.until is not None:
        turn.do(Release(door.name, now.until))
    elif now.phase is not DoorPhase.AWAITING:
        occupancy.begin(turn, door, people)  # the door stands open already
    turn.unflash(reader)
    turn.accept()


def _note_passback(turn: Turn, door: DoorPlan, people: tuple[str, ...]) -> None:
    inside = turn.state.room(door.room).inside if door.room else ()
    for person in people:
        if door.passback is not Passback.OFF and person in inside:
            turn.write(Kind.PASSBACK, door.name, [person])


def _going_in(turn: Turn, door: DoorPlan, everyone: tuple[Member, ...]) -> tuple[str, ...]:
    """People who go in; the witness stays outside (behaviour 10). Nobody where the witness is missing."""
    staff, people = [m.holder for m in everyone if not m.visitor], turn.state.people
    post = door.together.witness
    if not post or _joins(turn, door):
        return tuple(staff)
    for person in reversed(staff):
        rest = [people[p] for p in staff if p != person]
        if post in people[person].posts and pair.posts_fit(rest, door.together.groups):
            return tuple(p.id for p in rest)
    return ()
