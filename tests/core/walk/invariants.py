"""What must hold at every step of a secure room, said without asking the core's rules.

Rule: a law answers None, or one sentence about what it saw; it decides from facts, never by calling the core.
The numbers are those of the attack list: I1 pair, I2 interlock, I3 alone, I4 cabinets, I5 ways out,
I7 nothing without its Entry, I9 restart, I10 bounded times.
"""

from __future__ import annotations

from controller.core.effects import Raise, Secure
from controller.core.events import Level
from controller.core.state import BoxPhase, DoorPhase, State
from controller.core.words import AlarmKind
from tests.core.walk.moves import Sort
from tests.core.walk.state_invariants import TWO, staying
from tests.core.walk.walk import Law, Step
from tests.core.walk.worlds import ROOM, World


def two_to_enter(step: Step) -> str | None:
    """I1: nobody is let in by fewer than two people, unless two stay inside and the count is known."""
    for grant in step.grants:
        if grant["place"] != "main" or grant["direction"] != "in":
            continue
        who = set(grant["who"])
        if step.before.room(ROOM).unknown:
            return f"{sorted(who)} let in while nobody knows who is inside"
        if len(who) < TWO and len(staying(step.before)) < TWO:
            return f"{sorted(who)} let in to {sorted(staying(step.before))}"
    return None


def entitled_now(step: Step) -> str | None:
    """I1: whoever is let in holds a badge that is good at this instant, outside a lockdown."""
    for grant in step.grants:
        if grant.get("direction") == "out":
            continue
        if any(badge.blocked and badge.holder in grant["who"] for badge in step.after.badges.values()):
            return f"{grant['place']} released for a withdrawn badge"
        if step.before.lockdown is not None:
            return f"{grant['place']} released in a lockdown"
    return None


def interlock(step: Step) -> str | None:
    """I2: no door is released beside one that is not closed and locked, except by fire, override or limit."""
    state = step.after
    for release in step.releases:
        if release.lock not in step.world.doors or state.fire or _excused(step, release.lock):
            continue
        for other in step.world.doors:
            if other == release.lock or _excused(step, other):
                continue
            if not _shut_and_bolted(step.world, state, other):
                return f"{release.lock} released beside {other}"
    return None


def _excused(step: Step, door: str) -> bool:
    """Two people overrode the interlock, or somebody leaving has waited for the whole limit."""
    until, waits = step.after.door(door).override_until, step.before.door(door).exit_waits
    late = any(e["kind"] == "interlock_overridden" and e["place"] == door for e in step.entries)
    waited = waits is not None and step.after.at - waits >= step.world.millis("egress")
    return (until is not None and step.after.at < until) or (late and waited)


def _shut_and_bolted(world: World, state: State, door: str) -> bool:
    points = [p for p in world.points if p in {f"{door}.contact", f"{door}.bolt"}]
    return state.door(door).phase is DoorPhase.LOCKED and all(state.level(p) is Level.NORMAL for p in points)


def two_at_a_cabinet(step: Step) -> str | None:
    """I4: a compartment is released and opened only with two confirmed who stay inside, both of the pair."""
    for grant in step.grants:
        if grant.get("thing") != "compartment":
            continue
        inside, who = staying(step.after), set(grant["who"])
        if step.before.room(ROOM).unknown or len(who) < TWO or not who <= inside:
            return f"{grant['place']} released for {sorted(who)} with {sorted(inside)} inside"
    for entry in step.entries:
        if entry["kind"] == "compartment_opened" and len(staying(step.before)) < TWO:
            return f"{entry['place']} opened with {sorted(staying(step.before))} inside"
    return None


def written_before_opened(step: Step) -> str | None:
    """I7: each release has its ``granted`` Entry in the same step, with the same end."""
    granted = [(entry["place"], entry["until"]) for entry in step.grants]
    return next((f"{r} without an Entry" for r in step.releases if (r.lock, r.until) not in granted), None)


def never_longer(step: Step) -> str | None:
    """I10: no release is longer than the lock's time."""
    longest = step.after.at + step.world.millis("unlock")
    return next(
        (f"{r} beyond {longest}" for r in step.releases if not step.before.at < r.until <= longest), None
    )


def secured(step: Step) -> str | None:
    """I7: whatever is no longer released is secured in the same step; a crash drops every bolt by itself."""
    gone = _released(step.before) - _released(step.after)
    if not gone or step.move.sort is Sort.CRASH:
        return None
    done = {effect.lock for effect in step.effects if isinstance(effect, Secure)}
    return f"{sorted(gone - done)} no longer released, and not secured" if gone - done else None


def _released(state: State) -> set[str]:
    doors = {name for name, door in state.doors.items() if door.phase is DoorPhase.RELEASED}
    return doors | {name for name, box in state.compartments.items() if box.phase is BoxPhase.RELEASED}


def forced_is_an_alarm(step: Step) -> str | None:
    """A door that opens unreleased, with nobody leaving by the handle, alarms; so does a compartment."""
    if step.move.sort is not Sort.LEAVE:  # every report of an input is of this sort
        return None
    raised = {(e.alarm, e.place) for e in step.effects if isinstance(e, Raise)}
    for point in step.world.points:
        thing = point.removesuffix(".contact")
        if thing == point or step.after.level(point) is not Level.ACTIVE or step.after.fire:
            continue
        if step.before.level(point) is not Level.NORMAL or not _shut_tight(step, thing):
            continue
        kind = AlarmKind.FORCED if thing in step.world.doors else AlarmKind.CABINET_FORCED
        if (kind.value, thing) not in raised:
            return f"{thing} opened unreleased without an alarm"
    return None


def _shut_tight(step: Step, thing: str) -> bool:
    """Tell whether a thing was locked, and nobody inside was at its handle."""
    if thing not in step.world.doors:
        return step.before.compartment(thing).phase is BoxPhase.LOCKED
    door, pressed = step.before.door(thing), step.before.level(f"{thing}.rex") is Level.ACTIVE
    return door.phase is DoorPhase.LOCKED and door.exit_waits is None and not pressed


def way_out(step: Step) -> str | None:
    """I5: who asks to leave is let out at once, or waits for the interlock; a wait ends in a release."""
    for door in step.world.doors:
        before, after = step.before.door(door), step.after.door(door)
        asked = step.move.words in {f"the request to exit of {door} is pressed", f"{door}.rex reports active"}
        asked = asked or step.move.words.endswith(f"badges at {door}.out")
        if asked and after.phase is DoorPhase.LOCKED and after.exit_waits is None:
            return f"nobody is let out by {door}"
        over = before.exit_waits is not None and after.exit_waits is None
        if over and after.phase is DoorPhase.LOCKED and step.move.sort is not Sort.CRASH:
            return f"who waits to leave by {door} is forgotten"
    return None


def restart_opens_nothing(step: Step) -> str | None:
    """I9: a restart releases nothing but a way out at a held button; no half pair stays, nobody vanishes."""
    if step.move.sort is not Sort.CRASH:
        return None
    way_out = {e["place"] for e in step.entries if e.get("direction") == "out"}
    waits = {e["place"] for e in step.entries if e["kind"] == "exit_waiting"}
    if {*_released(step.after), *(release.lock for release in step.releases)} - way_out:
        return "released after a restart"
    for name, door in step.after.doors.items():
        if door.pending or door.entering or (door.exit_waits is not None and name not in waits):
            return f"{name} goes on where it was before the restart"
    if any(c.pending for c in step.after.cabinets.values()):
        return "a pair at a cabinet outlives the restart"
    before, after = step.before.room(ROOM), step.after.room(ROOM)
    lost = before.inside != after.inside or (before.unknown and not after.unknown)
    return f"{before.inside} inside before the restart, {after.inside} after" if lost else None


LAWS: tuple[Law, ...] = (
    two_to_enter,
    entitled_now,
    interlock,
    two_at_a_cabinet,
    written_before_opened,
    never_longer,
    secured,
    forced_is_an_alarm,
    way_out,
    restart_opens_nothing,
)
