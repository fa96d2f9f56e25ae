"""Taking back what a badge has begun: it is in two places, or its holder does not know the PIN.

Rule: a pair being made and a bolt released for entering are taken back; a way out stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from controller.core import alarms, compartment, pair, passage
from controller.core.effects import Secure, Signal
from controller.core.party import Member
from controller.core.proof import Presented
from controller.core.state import BoxPhase, Cabinet, Door, DoorPhase
from controller.core.turn import Turn
from controller.core.words import AlarmKind, Reason


def impossible(turn: Turn, read: Presented) -> str:
    """Reader at which this badge was just seen too far away, if it was; remembers this sighting.

    Only for badges of the site, and as long as one walks: two tags that show one number nobody knows are no
    badge in two places.
    """
    begun = turn.at - turn.plan.walk_ms
    recent = {badge: one for badge, one in turn.moment.sightings.items() if one[1] > begun}
    turn.moment.sightings = recent
    if read.badge not in turn.state.badges:
        return ""
    seen = recent.get(read.badge)
    recent[read.badge] = (read.reader, turn.at)
    return seen[0] if seen is not None and seen[0] != read.reader else ""


def refuse_both(turn: Turn, read: Presented, first: str) -> None:
    """One badge in two places: neither reading counts, and what the first released is taken back (33f)."""
    holder = turn.state.badges.get(read.badge)
    who = (holder.holder,) if holder else ()
    _cancel(turn, who, Reason.IMPOSSIBLE_TRAVEL, lambda member: member.badge == read.badge)
    _take_back(turn, turn.plan.readers[first].at, who, Reason.IMPOSSIBLE_TRAVEL)
    alarms.refuse(turn, read, Reason.IMPOSSIBLE_TRAVEL, who, "", "door")
    turn.alarm(AlarmKind.IMPOSSIBLE_TRAVEL, read.reader)


def _take_back(turn: Turn, place: str, who: tuple[str, ...], reason: Reason) -> None:
    """Drop the bolt that a badge has just released for entering; a way out stays as it is."""
    door = turn.state.door(place)
    granted = door.phase in {DoorPhase.RELEASED, DoorPhase.AWAITING}
    if granted and {*who} & {*door.entering, *door.visiting}:
        turn.do(Secure(place))
        passage.relocked(turn, place, reason)
    session = turn.state.cabinet(place).session
    for box, now in list(turn.state.compartments.items()):
        home = turn.plan.cabinet_of(box)
        ours = home is not None and home.name == place and session and {*who} & {*session.people}
        if ours and now.phase is BoxPhase.RELEASED:
            compartment.release_ended(turn, box)


def lost(turn: Turn, badge: str) -> None:
    """A badge is dead from now on: no pair goes on with it, and what it just released is taken back."""
    holder = turn.state.badges[badge].holder
    _cancel(turn, (holder,), Reason.BADGE_BLOCKED, lambda member: member.badge == badge)
    revoked(turn, holder, frozenset({badge}))


def revoked(turn: Turn, holder: str, badges: frozenset[str]) -> None:
    """Take back grants that wait, and bolts released for entering, of somebody whose badges are dead.

    A pair being made is judged again when it is complete (behaviour 4).
    """
    for name, door in list(turn.state.doors.items()):
        if door.awaiting and any(member.badge in badges for member in door.awaiting.members):
            passage.relocked(turn, name, Reason.BADGE_BLOCKED)
            turn.flash(door.awaiting.members[-1].reader, Signal.REFUSED)
    for place, now in list(turn.state.doors.items()):
        if not now.leaving and not now.unknown_leaver:
            _take_back(turn, place, (holder,), Reason.BADGE_BLOCKED)
    for place in list(turn.state.cabinets):
        _take_back(turn, place, (holder,), Reason.BADGE_BLOCKED)


def withdraw(turn: Turn, holder: str) -> None:
    """Take a person who typed a wrong PIN out of every pair being made, and of every grant that waits."""
    for name, door in list(turn.state.doors.items()):
        if door.awaiting and any(member.holder == holder for member in door.awaiting.members):
            passage.relocked(turn, name, Reason.WRONG_PIN)
    _cancel(turn, (holder,), Reason.WRONG_PIN, lambda member: member.holder == holder)


def _cancel(turn: Turn, who: tuple[str, ...], reason: Reason, holds: Callable[[Member], bool]) -> None:
    """Cancel every pair being made that has such a member."""
    things: dict[str, Mapping[str, Door | Cabinet]] = {
        "door": turn.state.doors,
        "cabinet": turn.state.cabinets,
    }
    for thing, places in things.items():
        for name, now in list(places.items()):
            if now.pending and any(map(holds, now.pending.members)):
                pair.cancel(turn, name, who, reason, thing)
