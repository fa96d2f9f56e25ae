"""Laws of every step: bolts, ways out and restarts: I2, I5, I7, I9 and I10.

Rule: as in invariants.py; a law answers None, or one sentence about what it saw.
"""

from __future__ import annotations

from controller.core.effects import Raise, Secure
from controller.core.events import Level
from controller.core.state import BoxPhase
from controller.core.words import AlarmKind
from tests.core.walk.facts import (
    BOLTED,
    released,
    releases,
    shut_and_bolted,
)
from tests.core.walk.moves import Sort
from tests.core.walk.walk import Step
from tests.core.walk.worlds import ROOM


def interlock(step: Step) -> str | None:
    """I2: no door is released beside one that is not closed and locked, except by fire, override or limit."""
    state = step.after
    for release in releases(step):
        if release.lock not in step.world.doors or state.fire or _excused(step, release.lock):
            continue
        for other in step.world.doors:
            if other == release.lock or _excused(step, other):
                continue
            if not shut_and_bolted(step.world, state, other):
                return f"{release.lock} released beside {other}"
    return None


def _excused(step: Step, door: str) -> bool:
    """Two people overrode the interlock, or somebody leaving has waited for the whole limit."""
    until, waits = step.after.door(door).override_until, step.before.door(door).exit_waits
    late = any(e["kind"] == "interlock_overridden" and e["place"] == door for e in step.entries)
    waited = waits is not None and step.after.at - waits >= step.world.millis("egress")
    return (until is not None and step.after.at < until) or (late and waited)


def never_longer(step: Step) -> str | None:
    """I10: no release is longer than the lock's time."""
    longest = step.after.at + step.world.millis("unlock")
    return next(
        (f"{r} beyond {longest}" for r in releases(step) if not step.before.at < r.until <= longest), None
    )


def secured(step: Step) -> str | None:
    """I7: whatever is no longer released is secured in the same step; a crash drops every bolt by itself."""
    gone = released(step.before) - released(step.after)
    done = {effect.lock for effect in step.effects if isinstance(effect, Secure)}
    left = gone - done if step.move.sort is not Sort.CRASH else set()
    return f"{sorted(left)} no longer released, and not secured" if left else None


def forced_is_an_alarm(step: Step) -> str | None:
    """A door that opens unreleased, with nobody leaving by the handle, alarms; so does a compartment."""
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
    return door.phase in BOLTED and door.exit_waits is None and not pressed


def way_out(step: Step) -> str | None:
    """I5: who asks to leave is let out at once, or waits for the interlock; a wait ends in a release."""
    for door in step.world.doors:
        before, after = step.before.door(door), step.after.door(door)
        asked = step.move.words in {f"the request to exit of {door} is pressed", f"{door}.rex reports active"}
        asked = asked or step.move.words.endswith(f"badges at {door}.out")
        if asked and after.phase in BOLTED and after.exit_waits is None:
            return f"nobody is let out by {door}"
        over = before.exit_waits is not None and after.exit_waits is None
        if over and after.phase in BOLTED and step.move.sort is not Sort.CRASH:
            return f"who waits to leave by {door} is forgotten"
    return None


def restart_opens_nothing(step: Step) -> str | None:
    """I9: a restart releases nothing but a way out at a held button; no half pair stays, nobody vanishes."""
    if step.move.sort is not Sort.CRASH:
        return None
    way_out = {e["place"] for e in step.entries if e.get("direction") == "out"}
    waits = {e["place"] for e in step.entries if e["kind"] == "exit_waiting"}
    if {*released(step.after), *(release.lock for release in releases(step))} - way_out:
        return "released after a restart"
    for name, door in step.after.doors.items():
        if door.pending or door.entering or (door.exit_waits is not None and name not in waits):
            return f"{name} goes on where it was before the restart"
    if any(c.pending for c in step.after.cabinets.values()):
        return "a pair at a cabinet outlives the restart"
    before, after = step.before.room(ROOM), step.after.room(ROOM)
    lost = before.inside != after.inside or (before.unknown and not after.unknown)
    return f"{before.inside} inside before the restart, {after.inside} after" if lost else None
