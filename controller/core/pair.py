"""A pair being made: who counts, in whose place, and when it is complete.

Rule: this file does not know what the pair is for; doors and cabinets use it alike (behaviour 1 to 9, 13).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import combinations, permutations

from controller.core.effects import Body
from controller.core.party import Member, Pending
from controller.core.people import Holder
from controller.core.plan import WEEK, Together
from controller.core.remembered import Opening
from controller.core.state import State
from controller.core.turn import Turn
from controller.core.words import Kind, Reason


class PairPhase(StrEnum):
    """States of a pair being made."""

    IDLE = "idle"
    PENDING = "pending"
    COMMIT = "commit"


class PairEvent(StrEnum):
    """What can happen to it."""

    ACCEPTED = "accepted"  # one more person counts, others are still missing
    COMPLETE = "complete"  # the last person missing counts
    SAME = "same"  # the same Holder again
    REFUSED = "refused"
    TOO_MANY = "too_many"  # refusals
    CANCELLED = "cancelled"  # by the room: a lockdown, a person who lost the right, too few inside
    TIMEOUT = "timeout"
    RESTART = "restart"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class PairMove:
    """Next phase, and the Entry that says so."""

    to: PairPhase
    entry: str


I, P, C = PairPhase  # noqa: E741 - the table reads as a table
TABLE: dict[tuple[PairPhase, PairEvent], PairMove] = {
    (I, PairEvent.ACCEPTED): PairMove(P, "pending"),
    (I, PairEvent.COMPLETE): PairMove(C, "granted"),
    (I, PairEvent.SAME): PairMove(I, ""),
    (I, PairEvent.REFUSED): PairMove(I, "refused"),
    (I, PairEvent.TOO_MANY): PairMove(I, ""),
    (I, PairEvent.CANCELLED): PairMove(I, ""),
    (I, PairEvent.TIMEOUT): PairMove(I, ""),
    (I, PairEvent.RESTART): PairMove(I, ""),
    (I, PairEvent.DONE): PairMove(I, ""),
    (P, PairEvent.ACCEPTED): PairMove(P, "pending"),
    (P, PairEvent.COMPLETE): PairMove(C, "granted"),
    (P, PairEvent.SAME): PairMove(P, "refused"),
    (P, PairEvent.REFUSED): PairMove(P, "refused"),
    (P, PairEvent.TOO_MANY): PairMove(I, "pending_cancelled"),
    (P, PairEvent.CANCELLED): PairMove(I, "pending_cancelled"),
    (P, PairEvent.TIMEOUT): PairMove(I, "two_person_timeout"),
    (P, PairEvent.RESTART): PairMove(I, "pending_lost"),
    (P, PairEvent.DONE): PairMove(I, ""),
    (C, PairEvent.ACCEPTED): PairMove(C, ""),
    (C, PairEvent.COMPLETE): PairMove(C, ""),
    (C, PairEvent.SAME): PairMove(C, ""),
    (C, PairEvent.REFUSED): PairMove(C, "refused"),
    (C, PairEvent.TOO_MANY): PairMove(C, ""),
    (C, PairEvent.CANCELLED): PairMove(C, ""),
    (C, PairEvent.TIMEOUT): PairMove(I, "no_entry"),
    (C, PairEvent.RESTART): PairMove(I, "interrupted"),
    (C, PairEvent.DONE): PairMove(I, "entered"),
}


def phase_of(pending: Pending | None) -> PairPhase:
    """Where a pair being made is; COMMIT is the instant at which it becomes a release, and is never kept."""
    return PairPhase.IDLE if pending is None else PairPhase.PENDING


def says(phase: PairPhase, event: PairEvent) -> Kind:
    """Kind of the Entry that the table demands; ValueError where nothing is to be said."""
    return Kind(TABLE[phase, event].entry)


def cancel(turn: Turn, name: str, who: Iterable[str], reason: Reason, thing: str) -> None:
    """End a pair being made before its time: too many refusals, or the room takes it back."""
    event = PairEvent.TOO_MANY if reason is Reason.TOO_MANY_REFUSALS else PairEvent.CANCELLED
    turn.write(says(PairPhase.PENDING, event), name, who, reason, thing=thing)


def posts_fit(holders: Iterable[Holder], groups: tuple[str, ...]) -> bool:
    """Tell whether each Holder can stand for a different group; one Holder counts for one group."""
    posts = [frozenset(h.posts) for h in holders]
    if not groups:
        return True
    if len(posts) > len(groups):
        return False
    return any(
        all(group in own for group, own in zip(chosen, posts, strict=True))
        for chosen in permutations(groups, len(posts))
    )


def misfit(state: State, rule: Together, members: tuple[Member, ...], newest: Member) -> Reason | None:
    """Reason why a further person does not fit to those already there, by composition alone."""
    people = [state.people[m.holder] for m in (*members, newest) if not m.visitor]
    groups = (*rule.groups, *((rule.witness,) if rule.witness else ()))
    if rule.groups and not posts_fit(people, groups):
        return Reason.SAME_GROUP
    if rule.different_departments and len({p.department for p in people}) < len(people):
        return Reason.SAME_DEPARTMENT
    staff = [m for m in (*members, newest) if not m.visitor]
    if rule.dual_readers and len({m.reader for m in staff}) < min(len(staff), 2):
        return Reason.SAME_READER
    return None


def too_often(openings: Iterable[Opening], rule: Together, door: str, people: Iterable[str], at: int) -> bool:
    """Tell whether two of these people have opened this door together often enough in seven days."""
    if not rule.pair_per_week:
        return False
    recent = [{*o.people} for o in openings if o.door == door and o.at > at - WEEK]
    pairs = [{*two} for two in combinations(sorted(people), 2)]
    return any(sum(two <= were for were in recent) >= rule.pair_per_week for two in pairs)


def body(pending: Pending, thing: str) -> Body:
    """Fields of a ``pending`` Entry."""
    return {
        "thing": thing,
        "members": [asdict(m) for m in pending.members],
        "since": pending.since,
        "deadline": pending.deadline,
        "refusals": pending.refusals,
        "ready": pending.ready,
    }


def joined(
    pending: Pending | None, member: Member, at: int, window_ms: int, *, ready: bool = False
) -> Pending:
    """Pair being made with one more person; the deadline stays that of the first."""
    if pending is None:
        return Pending((member,), at, at + window_ms, 0, ready)
    return Pending((*pending.members, member), pending.since, pending.deadline, pending.refusals, ready)
