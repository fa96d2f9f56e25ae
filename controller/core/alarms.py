"""Refusals as everybody meets them, and wrong attempts.

Rule: outside, every "no" looks and sounds the same (behaviour 8).
"""

from __future__ import annotations

from controller.core import pair
from controller.core.effects import Body
from controller.core.pair import PairEvent, PairPhase
from controller.core.party import Pending
from controller.core.proof import Presented
from controller.core.remembered import Attempts
from controller.core.turn import Turn
from controller.core.words import AlarmKind, Kind, Reason

DOUBTS = frozenset({Reason.NOT_GENUINE, Reason.COPIED, Reason.COUNTER_OLD})
WRONG = DOUBTS | {Reason.UNKNOWN_BADGE, Reason.BADGE_BLOCKED, Reason.EXPIRED}


def refuse(
    turn: Turn, read: Presented, reason: Reason, who: tuple[str, ...], counts: str, thing: str
) -> None:
    """Refuse a badge; ``counts`` names the pair being made that it counts against, if any."""
    wrong = wrong_attempt(read, reason)
    pending: Body = {"counts": counts, "thing": thing} if counts else {}
    said = pair.says(PairPhase.PENDING if counts else PairPhase.IDLE, PairEvent.REFUSED)
    where = {"reader": read.reader, "badge": read.badge, "level": read.level}
    turn.write(said, read.reader, who, reason, **where, **read.says, **wrong, **pending)
    turn.refused(read.reader, read.sensed)
    turn.deny(reason)
    suspect(turn, read)
    if reason is Reason.RULE_BROKEN:
        turn.alarm(AlarmKind.RULE_BROKEN, read.reader)
    punish(turn, read.reader)


def wrong_attempt(read: Presented, reason: Reason) -> Body:
    """What the Entry of a refusal says where it is one of the wrong attempts that behaviour 34 counts."""
    return {"wrong": True} if reason in WRONG and not read.innocent else {}


def suspect(turn: Turn, read: Presented) -> None:
    """Call the guard for a card that pretends to be a badge of this site."""
    if read.copied:
        turn.alarm(AlarmKind.BADGE_COPIED, read.reader)


def same_again(turn: Turn, read: Presented) -> None:
    """The same Holder again: a "no" like any other outside, but it counts against nobody (behaviour 3)."""
    holder = turn.state.badges[read.badge].holder
    said = pair.says(PairPhase.PENDING, PairEvent.SAME)
    turn.write(said, read.reader, [holder], Reason.SAME_HOLDER, badge=read.badge, level=read.level)
    turn.refused(read.reader, read.sensed)
    turn.deny(Reason.SAME_HOLDER)


def punish(turn: Turn, reader: str) -> None:
    """After five wrong attempts in a row call the guard and let the badges used wait (GB 50396 5.1.5)."""
    tried = turn.state.attempts.get(reader, Attempts())
    if len(tried.badges) < turn.plan.attempts:
        return
    badges = list(dict.fromkeys(filter(None, tried.badges)))
    turn.write(Kind.PENALTY, reader, badges=badges, until=turn.at + turn.plan.penalty_ms)
    turn.alarm(AlarmKind.WRONG_ATTEMPTS, reader)


def give_up(turn: Turn, name: str, thing: str, pending: Pending | None) -> None:
    """Cancel a pair being made after too many refusals."""
    if pending is None or pending.refusals < turn.plan.refusals:
        return
    pair.cancel(turn, name, pending.people, Reason.TOO_MANY_REFUSALS, thing)
    turn.alarm(AlarmKind.SECOND_REFUSED, name)
