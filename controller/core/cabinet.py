"""Cabinets: two people inside, one compartment asked for, and a session around it.

Rule: a cabinet session lies within a room Session; none opens with fewer than two confirmed inside.
"""

from __future__ import annotations

from dataclasses import replace

from controller.core import alarms, occupancy, pair
from controller.core.case import Case
from controller.core.effects import Release
from controller.core.events import Asking
from controller.core.pair import PairEvent
from controller.core.party import Member, Pending, weakest
from controller.core.people import Holder
from controller.core.plan import CabinetPlan
from controller.core.presence import two_stay
from controller.core.proof import Presented
from controller.core.remembered import Agreement
from controller.core.rules import CABINET_RULES, IDENTITY, asked, judge
from controller.core.turn import Turn
from controller.core.words import Kind, Reason


def _case(turn: Turn, cabinet: CabinetPlan, badge: str, level: str, party: tuple[Member, ...]) -> Case:
    """Case of one badge before a cabinet."""
    credential = turn.state.badges.get(badge)
    holder = turn.state.people.get(credential.holder) if credential else None
    room = turn.plan.rooms[cabinet.room]
    return Case(
        turn.plan, turn.state, turn.at, None, room, cabinet.levels, badge, level, credential, holder, party
    )


def badge(turn: Turn, cabinet: CabinetPlan, read: Presented) -> None:
    """Judge a badge at a cabinet's reader."""
    pending = turn.state.cabinet(cabinet.name).pending
    members = pending.members if pending else ()
    case = _case(turn, cabinet, read.of, read.level, members)
    case.badge, case.doubt = read.badge, read.doubt
    holder = case.holder
    if holder is not None and judge(case, IDENTITY) is None:
        occupancy.confirm(turn, cabinet.room, holder.id, read.level)
    reason = judge(case, CABINET_RULES)
    if reason is Reason.SAME_HOLDER:
        alarms.same_again(turn, read)
        return
    if reason is None and holder is not None:
        reason = _join(turn, cabinet, members, holder, read)
    if reason is not None:
        who = (holder.id,) if holder else ()
        counted = cabinet.name if turn.state.cabinet(cabinet.name).pending else ""
        alarms.refuse(turn, read, reason, who, counted, "cabinet")
        alarms.give_up(turn, cabinet.name, "cabinet", turn.state.cabinet(cabinet.name).pending)


def _join(
    turn: Turn, cabinet: CabinetPlan, members: tuple[Member, ...], holder: Holder, read: Presented
) -> Reason | None:
    if not any(holder.may_open(cabinet.full(k)) for k in cabinet.compartments):
        return Reason.NOT_ENTITLED
    member = Member(holder.id, read.badge, read.reader, level=read.level)
    if reason := asked(pair.misfit, turn.state, cabinet.together, members, member):
        return reason
    if reason := _stale(turn, cabinet, members):
        return reason
    whole = len(members) + 1 >= cabinet.together.people
    pending = pair.joined(
        turn.state.cabinet(cabinet.name).pending, member, turn.at, cabinet.together.window_ms
    )
    if not whole:
        _wait(turn, cabinet, pending, read.reader)
        return None
    return _complete(turn, cabinet, pending, read.reader)


def _stale(turn: Turn, cabinet: CabinetPlan, members: tuple[Member, ...]) -> Reason | None:
    """Judge again, at this instant, everybody who was accepted before (behaviour 4)."""
    for place, member in enumerate(members):
        case = _case(turn, cabinet, member.badge, member.level, members[:place])
        if (reason := judge(case, CABINET_RULES)) is not None:
            pair.cancel(turn, cabinet.name, [member.holder], Reason.FIRST_NO_LONGER_VALID, "cabinet")
            return reason if reason is Reason.RULE_BROKEN else Reason.FIRST_NO_LONGER_VALID
    return None


def _wait(turn: Turn, cabinet: CabinetPlan, pending: Pending, reader: str) -> None:
    newest = pending.members[-1]
    where = {"reader": reader, "badge": newest.badge, "level": newest.level}
    said = pair.says(pair.phase_of(turn.state.cabinet(cabinet.name).pending), PairEvent.ACCEPTED)
    turn.write(said, cabinet.name, pending.people, **where, **pair.body(pending, "cabinet"))
    turn.unflash(reader)
    turn.accept()


def _complete(turn: Turn, cabinet: CabinetPlan, pending: Pending, reader: str) -> Reason | None:
    """The pair is there: open what was asked for, or wait to be told."""
    now = turn.state.cabinet(cabinet.name)
    asked = now.wanted if now.wanted_until is not None and turn.at < now.wanted_until else ""
    people = [turn.state.people[p] for p in pending.people]
    possible = [
        cabinet.full(k) for k in cabinet.compartments if all(h.may_open(cabinet.full(k)) for h in people)
    ]
    if not possible or (asked and asked not in possible):
        return Reason.NOT_ENTITLED
    wanted = asked or (possible[0] if len(possible) == 1 else "")
    if not wanted:
        _wait(turn, cabinet, replace(pending, ready=True), reader)
        return None
    return _open(turn, cabinet, wanted, pending, reader)


def _open(turn: Turn, cabinet: CabinetPlan, wanted: str, pending: Pending, reader: str) -> Reason | None:
    people = pending.people
    if reason := asked(_unauthorised, turn, cabinet, people):
        return reason
    until, session_until = turn.at + cabinet.unlock_ms, turn.at + cabinet.session_ms
    more = {"reader": reader} if reader else {}
    turn.write(
        pair.says(pair.phase_of(turn.state.cabinet(cabinet.name).pending), PairEvent.COMPLETE),
        wanted,
        people,
        thing="compartment",
        cabinet=cabinet.name,
        level=weakest(pending.members),
        until=until,
        session_until=session_until,
        authorised_by=sorted(_agreed(turn, cabinet) - set(people)),
        **more,
    )
    turn.picture(cabinet.name, Kind.GRANTED.value)
    turn.do(Release(wanted, until))
    turn.unflash(reader)
    turn.accept()
    return None


def _unauthorised(turn: Turn, cabinet: CabinetPlan, people: tuple[str, ...]) -> Reason | None:
    live = _agreed(turn, cabinet)
    if live & set(people) and len(live - set(people)) < cabinet.authorisers:
        return Reason.ONESELF
    return None if len(live - set(people)) >= cabinet.authorisers else Reason.NEEDS_AUTHORISER


def _agreed(turn: Turn, cabinet: CabinetPlan) -> set[str]:
    """Who has agreed, and not too long ago."""
    return {a.by for a in turn.state.cabinet(cabinet.name).agreements if turn.at < a.until}


def ask_open(turn: Turn, ask: Asking) -> None:
    """Ask for a compartment: before the badges, or while a complete pair waits to be told."""
    wanted = _named(turn, ask)
    cabinet = turn.plan.cabinet_of(wanted)
    if cabinet is None:
        turn.deny(Reason.NOT_UNDERSTOOD)
        return
    room = turn.state.room(cabinet.room)
    if ask.by not in room.inside:
        turn.deny(Reason.NOT_INSIDE)
        return
    if not two_stay(turn.plan, turn.state, cabinet.room, turn.at):
        turn.deny(Reason.TOO_FEW_INSIDE)
        return
    if not turn.state.people[ask.by].may_open(wanted):
        turn.deny(Reason.NOT_ENTITLED)
        return
    until = turn.at + 4 * cabinet.together.window_ms
    turn.write(Kind.COMPARTMENT_ASKED, wanted, [ask.by], cabinet=cabinet.name, until=until)
    pending = turn.state.cabinet(cabinet.name).pending
    reason = None
    if pending and pending.ready:
        stale = _stale(turn, cabinet, pending.members)
        reason = stale or _complete(turn, cabinet, pending, "")
    if reason is not None:
        turn.deny(reason)
    turn.accept()


def _named(turn: Turn, ask: Asking) -> str:
    """Full name of the compartment an Asking names, also by its short name where that is unique."""
    given = str(next((ask.fields[k] for k in ("compartment", "what", "at", "place") if k in ask.fields), ""))
    given = f"{ask.fields['cabinet']}.{given}" if "cabinet" in ask.fields and "." not in given else given
    every = [c.full(k) for c in turn.plan.cabinets.values() for k in c.compartments]
    short = [name for name in every if name.rpartition(".")[2] == given]
    return given if given in every or len(short) != 1 else short[0]


def authorise(turn: Turn, ask: Asking) -> None:
    """Agree to a taking or returning at a cabinet (behaviour 40)."""
    cabinet = turn.plan.cabinets.get(str(ask.fields.get("cabinet", "")))
    if cabinet is None:
        turn.deny(Reason.NOT_UNDERSTOOD)
        return
    now, people = turn.state.cabinet(cabinet.name), turn.state.people
    if cabinet.authoriser_post and cabinet.authoriser_post not in people[ask.by].posts:
        turn.deny(Reason.NOT_ALLOWED)
        return
    if (now.session and ask.by in now.session.people) or (now.pending and ask.by in now.pending.people):
        turn.deny(Reason.ONESELF)
        return
    agreed = Agreement(ask.by, turn.at + cabinet.session_ms)
    turn.write(Kind.AUTHORISED, cabinet.name, [ask.by], until=agreed.until)
    turn.accept()
