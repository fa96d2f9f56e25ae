"""What must hold in every state and at every step of a secure room, said without asking the core's rules.

Rule: a law answers None, or one sentence about what it saw; it decides from facts, never by calling the core.
The numbers are those of the attack list: I1 pair, I2 interlock, I3 alone, I4 cabinets, I5 ways out,
I7 nothing without its Entry, I9 restart, I10 bounded times.
"""

from __future__ import annotations

from collections.abc import Iterator

from controller.core.effects import Body, Raise, Release, Secure
from controller.core.events import Level
from controller.core.party import Awaiting
from controller.core.state import BoxPhase, DoorPhase, State
from controller.core.words import AlarmKind
from tests.core.walk.moves import EVERYTHING, Sort
from tests.core.walk.walk import Law, StateLaw, Step
from tests.core.walk.worlds import CABINET, ROOM, World

TWO = 2
OPEN = frozenset({DoorPhase.PASSING, DoorPhase.HELD, DoorPhase.FORCED})
BOLTED = frozenset({DoorPhase.LOCKED, DoorPhase.AWAITING})
CARRIED_OUT = frozenset(  # a grant that had waited
    {"log_witnessed", "unwitnessed_opening", "grant_pictured", "unpictured_opening"}
)
OPENING = CARRIED_OUT | {"granted"}


def _grants(step: Step, thing: str = "") -> Iterator[Body]:
    for entry in step.entries:
        if entry["kind"] == "granted" and entry.get("thing", "") == thing:
            yield entry


def _releases(step: Step) -> Iterator[Release]:
    return (effect for effect in step.effects if isinstance(effect, Release))


def _confirmed(state: State) -> set[str]:
    room = state.room(ROOM)
    return set(room.inside) - set(room.unconfirmed)


def _staying(state: State) -> set[str]:
    return _confirmed(state) - set(state.door("main").going(state.at))


def two_to_enter(step: Step) -> str | None:
    """I1: nobody is let in by fewer than two people, unless two stay inside and the count is known."""
    carried_out = [e for e in step.entries if e["kind"] in CARRIED_OUT]
    for grant in (*_grants(step), *carried_out):
        if grant["place"] != "main" or grant.get("direction") == "out":
            continue
        who = set(grant["who"])
        if step.before.room(ROOM).unknown:
            return f"{sorted(who)} let in while nobody knows who is inside"
        if len(who) < TWO and len(_staying(step.before)) < TWO:
            return f"{sorted(who)} let in to {sorted(_staying(step.before))}"
    return None


def entitled_now(step: Step) -> str | None:
    """I1: whoever is let in holds a badge that is good at this instant, outside a lockdown."""
    dead = {badge.holder for badge in step.after.badges.values() if badge.blocked}
    for grant in step.entries:
        if grant["kind"] not in OPENING or grant.get("direction") == "out":
            continue
        if dead & set(grant["who"]):
            return f"{grant['place']} released for a withdrawn badge"
        if step.before.lockdown is not None:
            return f"{grant['place']} released in a lockdown"
    return None


def interlock(step: Step) -> str | None:
    """I2: no door is released beside one that is not closed and locked, except by fire, override or limit."""
    state = step.after
    for release in _releases(step):
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
    return state.door(door).phase in BOLTED and all(state.level(p) is Level.NORMAL for p in points)


def two_at_a_cabinet(step: Step) -> str | None:
    """I4: a compartment is released and opened only with two confirmed who stay inside, both of the pair."""
    for grant in _grants(step, "compartment"):
        inside, who = _staying(step.after), set(grant["who"])
        if step.before.room(ROOM).unknown or len(who) < TWO or not who <= inside:
            return f"{grant['place']} released for {sorted(who)} with {sorted(inside)} inside"
    for entry in step.entries:
        if entry["kind"] == "compartment_opened" and len(_staying(step.before)) < TWO:
            return f"{entry['place']} opened with {sorted(_staying(step.before))} inside"
    return None


def written_before_opened(step: Step) -> str | None:
    """I7: each release has its Entry in the same step, with the same end."""
    granted = {(e["place"], e.get("until")) for e in step.entries if e["kind"] in OPENING}
    return next((f"{r} without an Entry" for r in _releases(step) if (r.lock, r.until) not in granted), None)


def witnessed_first(step: Step) -> str | None:
    """R8.3: a door lets in when a log with the grant in it was cosigned, or the limit has passed."""
    out = {e["place"] for e in step.entries if e.get("direction") == "out"}
    for release in _releases(step) if step.world.witnessed else ():
        waits = step.before.door(release.lock).awaiting
        if release.lock in out or release.lock != "main":  # no other door leads into the room
            continue
        late = waits is not None and step.after.at >= waits.since + step.world.millis("witness")
        if waits is None or not (late or step.move.words == EVERYTHING):
            return f"{release.lock} released before the log witness"
    return None


def pictured_first(step: Step) -> str | None:
    """R8.3: a door lets in when a picture of the grant is on disk, or with an alarm where that is allowed."""
    out = {e["place"] for e in step.entries if e.get("direction") == "out"}
    for release in _releases(step) if step.world.pictured else ():
        waits = step.before.door(release.lock).awaiting
        if release.lock in out or release.lock != "main":  # no other door leads into the room
            continue
        if waits is None:
            return f"{release.lock} released without waiting for a picture"
        if not _has_picture(step, waits.shot) and not _opens_without(step, waits):
            return f"{release.lock} released without its picture"
    return None


def _has_picture(step: Step, shot: int) -> bool:
    told = (e for e in step.entries if e["kind"] == "pictures_taken" and e["shot"] == shot)
    return any(p["moment"] <= 0 and not p["thumbnail"] for e in told for p in e["pictures"])


def _opens_without(step: Step, waits: Awaiting) -> bool:
    """The room's rule lets it open, nothing more can come, and the guard is called."""
    answered = any(
        e["kind"] in {"no_picture", "pictures_taken"} and (e["shot"], e["part"]) == (waits.shot, "now")
        for e in step.entries
    )
    late = step.after.at >= waits.since + step.world.millis("picture")
    called = any(isinstance(e, Raise) and e.alarm == AlarmKind.NO_PICTURE.value for e in step.effects)
    return step.world.pictured == "open" and called and (late or answered)


def never_longer(step: Step) -> str | None:
    """I10: no release is longer than the lock's time."""
    longest = step.after.at + step.world.millis("unlock")
    return next(
        (f"{r} beyond {longest}" for r in _releases(step) if not step.before.at < r.until <= longest), None
    )


def secured(step: Step) -> str | None:
    """I7: whatever is no longer released is secured in the same step; a crash drops every bolt by itself."""
    gone = _released(step.before) - _released(step.after)
    done = {effect.lock for effect in step.effects if isinstance(effect, Secure)}
    left = gone - done if step.move.sort is not Sort.CRASH else set()
    return f"{sorted(left)} no longer released, and not secured" if left else None


def _released(state: State) -> set[str]:
    doors = {name for name, door in state.doors.items() if door.phase is DoorPhase.RELEASED}
    return doors | {name for name, box in state.compartments.items() if box.phase is BoxPhase.RELEASED}


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
    if {*_released(step.after), *(release.lock for release in _releases(step))} - way_out:
        return "released after a restart"
    for name, door in step.after.doors.items():
        if door.pending or door.entering or (door.exit_waits is not None and name not in waits):
            return f"{name} goes on where it was before the restart"
    if any(c.pending for c in step.after.cabinets.values()):
        return "a pair at a cabinet outlives the restart"
    before, after = step.before.room(ROOM), step.after.room(ROOM)
    lost = before.inside != after.inside or (before.unknown and not after.unknown)
    return f"{before.inside} inside before the restart, {after.inside} after" if lost else None


def alone(_: World, state: State) -> str | None:
    """I3: fewer than two confirmed inside, but somebody: the timer runs, or the guard was called."""
    room = state.room(ROOM)
    if not room.inside or room.unknown or len(_confirmed(state)) >= TWO:
        return None
    if room.lone_at is not None and state.at < room.lone_at:
        return None
    return None if room.lone_raised else f"{room.inside} inside, and nobody watches"


def cabinets_need_two(_: World, state: State) -> str | None:
    """I4: no compartment stays released with fewer than two confirmed who stay inside."""
    free = [name for name, box in state.compartments.items() if box.phase is BoxPhase.RELEASED]
    if free and (state.room(ROOM).unknown or len(_staying(state)) < TWO):
        return f"{free} released with {sorted(_staying(state))} inside"
    return None


def nothing_beside_an_open_door(world: World, state: State) -> str | None:
    """I2: while a door stands open, no other is released for entering, except by fire or override."""
    for name in world.doors:
        door = state.door(name)
        if door.phase is not DoorPhase.RELEASED or state.fire or door.leaving or door.unknown_leaver:
            continue
        opened = [other for other in world.doors if other != name and state.door(other).phase in OPEN]
        until = door.override_until
        if opened and not (until is not None and state.at < until):
            return f"{name} released for entering while {opened[0]} stands open"
    return None


def times_are_bounded(world: World, state: State) -> str | None:
    """I10: what waits for a time waits for a time to come, and for no longer than its setting."""
    for name, door in state.doors.items():
        if door.phase is DoorPhase.RELEASED and not _ahead(door.until, state.at, world.millis("unlock")):
            return f"{name} released until {door.until} at {state.at}"
        if door.pending and not _ahead(door.pending.deadline, state.at, world.millis("pair")):
            return f"a pair waits at {name} beyond its deadline"
        waits = door.exit_waits is not None and door.phase is not DoorPhase.RELEASED
        if waits and state.at - (door.exit_waits or 0) >= world.millis("egress"):
            return f"somebody waits at {name} beyond the limit"
    for name, box in state.compartments.items():
        if box.phase is BoxPhase.RELEASED and not _ahead(box.until, state.at, world.millis("unlock")):
            return f"{name} released until {box.until} at {state.at}"
    pending = state.cabinet(CABINET).pending
    if pending and not _ahead(pending.deadline, state.at, world.millis("pair")):
        return "a pair waits at the cabinet beyond its deadline"
    return None


def grants_wait_no_longer(world: World, state: State) -> str | None:
    """I10: a grant waits for log witnesses and pictures no longer than the room's limits."""
    limits = [("witness", world.witnessed), ("picture", bool(world.pictured))]
    for name, door in state.doors.items():
        for limit, asked in limits if door.awaiting else ():
            until = getattr(door.awaiting, {"witness": "deadline", "picture": "picture_until"}[limit])
            if asked and not _ahead(until, state.at, world.millis(limit)):
                return f"a grant waits at {name} beyond its limit"
    return None


def _ahead(then: int | None, at: int, longest: int) -> bool:
    return then is not None and at < then <= at + longest


def locked_means_nobody_passes(world: World, state: State) -> str | None:
    """Nobody is on the way through a locked door, unless somebody waits there to leave."""
    for name in world.doors:
        door = state.door(name)
        passing = door.entering or door.visiting or door.leaving or door.unknown_leaver
        if door.phase is DoorPhase.LOCKED and passing and door.exit_waits is None:
            return f"{passing} on the way through {name}, which is locked"
    return None


def who_waits_keeps_a_name(world: World, state: State) -> str | None:
    """I5: who waits to leave is still known by name, or known to be unknown."""
    for name in world.doors:
        door = state.door(name)
        if door.exit_waits is not None and not door.leaving and not door.unknown_leaver:
            return f"somebody waits at {name}, and nobody knows who"
    return None


LAWS: tuple[Law, ...] = (
    two_to_enter,
    entitled_now,
    interlock,
    two_at_a_cabinet,
    written_before_opened,
    witnessed_first,
    pictured_first,
    never_longer,
    secured,
    forced_is_an_alarm,
    way_out,
    restart_opens_nothing,
)
STATE_LAWS: tuple[StateLaw, ...] = (
    alone,
    cabinets_need_two,
    nothing_beside_an_open_door,
    times_are_bounded,
    grants_wait_no_longer,
    locked_means_nobody_passes,
    who_waits_keeps_a_name,
)
