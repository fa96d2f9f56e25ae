"""The canonical form of a state: equal for two states exactly when the same can follow from both.

Rule 1: a field is kept here, or named in ``SET_ASIDE`` with the reason why no decision asks for it.
Rule 2: times are quanta from now; people are what they are doing, not who they are.
"""

from __future__ import annotations

from controller.core.events import Level
from controller.core.party import Awaiting
from controller.core.remembered import NOW
from controller.core.state import BoxPhase, Cabinet, Door, DoorPhase, Room, State
from tests.core.walk.worlds import CABINET, ROOM, World

KEPT: dict[str, frozenset[str]] = {
    "State": frozenset(
        {
            "at",
            "badges",
            "doors",
            "rooms",
            "cabinets",
            "compartments",
            "inputs",
            "lockdown",
            "fire",
            "open_shots",
        }
    ),
    "Door": frozenset(
        {
            *("phase", "until", "opened_at", "entering", "leaving", "gathering", "together_until"),
            *("unknown_leaver", "exit_waits", "pending", "override_until", "awaiting", "remote"),
        }
    ),
    "Room": frozenset({"inside", "unknown", "unconfirmed", "lone_at", "lone_raised"}),
    "Cabinet": frozenset({"pending", "wanted", "wanted_until", "session"}),
    "Compartment": frozenset({"phase", "until"}),
    "Pending": frozenset({"members", "deadline", "refusals", "ready"}),
    "Member": frozenset({"holder"}),
    "Awaiting": frozenset({"members", "deadline", "picture_until", "pictured"}),
    "CabinetSession": frozenset({"until", "expired"}),
    "Badge": frozenset({"holder", "blocked"}),
}

_ALARM = "only an alarm hangs on it"
_NEVER = "does not happen in any world"
_RECORD = "only Entries name it"
SET_ASIDE: dict[str, dict[str, str]] = {
    "State": {
        "size": "only how much a log witness must have cosigned is measured by it, see Awaiting",
        "offset": "the clock never moves against room time here, and hours are always open",
        "claimed": _NEVER,
        "trimmed": _NEVER,
        "trim_day": _NEVER,
        "policy": _RECORD,
        "offered": _RECORD,
        "people": "all are entitled alike, and whose rights end is told by the badges",
        "lost": _NEVER,
        "noisy": _NEVER,
        "cameras": _NEVER,
        "alarms": "a latched alarm decides nothing, early or late; nobody acknowledges here",
        "attempts": "badges used wrongly belong to nobody; a stranger's penalty changes nothing",
        "penalties": "see attempts",
        "forgiven": _NEVER,
        "came_in": "asked only by timed passback; the doors here are hard",
        "openings": "asked only where a pair may open so many times a week",
        "visits": _NEVER,
        "ended_visits": _NEVER,
        "carriers": _NEVER,
        "seen": _NEVER,
        "holds": "asked only by erasing and pruning",
        "log_key": _RECORD,
        "rotation_asked": _NEVER,
        "kept_from": _RECORD,
        "log_troubles": _RECORD,
        "suspects": _NEVER,
        "uids": _NEVER,
        "begun": _NEVER,
        "issues": _NEVER,
        "pairings": _NEVER,
        "identities": _RECORD,
        "learning": _NEVER,
        "learners": _NEVER,
        "learned": _RECORD,
        "site_key": _RECORD,
        "camera_orders": _NEVER,
        "shots": "which Snapshot a grant waits for is told by its not being answered, see Awaiting",
        "pictured": "says whether a further alarm is pictured; no grant asks for it",
    },
    "Door": {
        "moved": _ALARM,
        "prealarmed": _ALARM,
        "visiting": _NEVER,
        "drawn": "follows the level of the bolt, which is kept; only an alarm hangs on it",
        "unbolted_at": _ALARM,
        "rested_at": _ALARM,
        "delay_until": _NEVER,
        "delay_open_until": _NEVER,
        "time_lock_until": _NEVER,
    },
    "Room": {
        "visitors": _NEVER,
        "session": "says whether an opening is the first; only Entries differ",
        "openers": "may not acknowledge; nobody does here",
        "approved_by": _NEVER,
        "approved_until": _NEVER,
        "duress": _NEVER,
    },
    "Cabinet": {"agreements": "no cabinet here needs authorisers"},
    "Compartment": {},
    "Pending": {"since": _RECORD},
    "Awaiting": {
        "level": "all badges are read alike",
        "since": "takes the opening out of a count that no world has",
        "size": "whatever the walk lets be cosigned is all or too little",
        "shot": "the walk answers this one, or another",
    },
    "Member": {
        "badge": "one each",
        "reader": "one each",
        "group": "no groups here",
        "visitor": _NEVER,
        "level": "all alike",
    },
    "CabinetSession": {"people": _RECORD},
    "Badge": {"level": "all badges are read alike", "uid": _NEVER, "counter": _NEVER},
}

DOOR_PHASE = {phase: n for n, phase in enumerate(DoorPhase)}
BOX_PHASE = {phase: n for n, phase in enumerate(BoxPhase)}
LEVEL = {level: n for n, level in enumerate(Level)}
AT_REST = frozenset({DoorPhase.LOCKED, DoorPhase.RELEASED})
HELD, PASSING = DOOR_PHASE[DoorPhase.HELD], DOOR_PHASE[DoorPhase.PASSING]
_DOOR, _ROOM, _CABINET = Door(), Room(), Cabinet()


def signatures(world: World, state: State) -> list[int]:
    """What each person is doing, one bit a thing; equal numbers cannot be told apart."""
    door, room = state.doors.get("main", _DOOR), state.rooms.get(ROOM, _ROOM)
    cabinet = state.cabinets.get(CABINET, _CABINET)
    inside, entering, leaving = room.inside, door.entering, door.leaving
    if world.coarse:
        inside, entering, leaving = _folded(state)
    waits = door.together_until is not None and state.at < door.together_until
    groups = (
        inside,
        entering,
        leaving,
        door.gathering if waits else (),
        door.pending.people if door.pending else (),
        cabinet.pending.people if cabinet.pending else (),
        room.unconfirmed,
        _blocked(state) if {"block", "end"} & world.happens else (),
    )
    busy = [(1 << n, group) for n, group in enumerate(groups) if group]
    return [sum(bit for bit, group in busy if person in group) for person in world.persons]


def _folded(state: State) -> tuple[tuple[str, ...], ...]:
    """Who is inside, entering and leaving, as far as it matters, see ``canonical``."""
    door, room = state.doors.get("main", _DOOR), state.rooms.get(ROOM, _ROOM)
    inside = () if room.unknown else room.inside
    if door.phase is DoorPhase.FORCED or _stranger_leaves(state):
        return inside, (), tuple(p for p in door.leaving if p in inside)
    return inside, door.entering, door.leaving


def _stranger_leaves(state: State) -> bool:
    """Tell whether somebody leaves who, by the count, is not inside."""
    door, room = state.doors.get("main", _DOOR), state.rooms.get(ROOM, _ROOM)
    counted = (*door.entering, *(() if room.unknown else room.inside))
    return any(person not in counted for person in door.leaving)


def _blocked(state: State) -> tuple[str, ...]:
    return tuple(badge.holder for badge in state.badges.values() if badge.blocked)


def canonical(world: World, state: State) -> bytes:
    """The canonical form, a byte for each number.

    With ``world.coarse`` more is folded, which small worlds keep: HELD is PASSING whose alarm was raised;
    who is inside means nothing while the count is unknown, because a recount puts it anew; who passes a
    door that leads into no room is asked only for whether it is a way out; behind a forced door, and
    behind one by which somebody leaves who was never inside, the count is lost whoever else passes.
    """
    at = state.at
    body = sorted(signatures(world, state))
    for name in world.doors:
        body += _door(world, name, state.doors.get(name, _DOOR), at)
    body += _room(world, state.rooms.get(ROOM, _ROOM), at)
    if world.coarse:
        body.append(state.door("main").phase is not DoorPhase.FORCED and _stranger_leaves(state))
    if world.boxes:
        body += _cabinet(world, state)
    body += [LEVEL[state.inputs.get(point, Level.UNKNOWN)] for point in world.points]
    if "remote" in world.happens:
        body += [state.doors.get(name, _DOOR).remote for name in world.doors]
    body += (state.lockdown is not None, state.fire, bool(world.pictured) and _another_shot(state))
    return bytes(body)


def _ahead(then: int | None, at: int, quantum: int) -> int:
    """Quanta until an instant, and one; 0 where there is none or it has passed without being settled."""
    return 0 if then is None or then < at else (then - at) // quantum + 1


def _running(then: int | None, at: int, quantum: int) -> int:
    """As ``_ahead``, for what simply ends and is never settled."""
    return 0 if then is None or then <= at else (then - at) // quantum


def _door(world: World, name: str, door: Door, at: int) -> list[int]:
    phase, since, q = DOOR_PHASE[door.phase], 0, world.quantum
    if phase == HELD and world.coarse:
        phase = PASSING
    elif phase == PASSING and not world.coarse and door.opened_at is not None:
        since = (at - door.opened_at) // q
    pending, awaiting = door.pending, door.awaiting
    body = [
        phase,
        since,
        _ahead(door.until, at, q),
        0 if door.exit_waits is None else (at - door.exit_waits) // q + 1,
        _running(door.override_until, at, q),
        *((pending.refusals + 1, _ahead(pending.deadline, at, q)) if pending else (0, 0)),
        *_waiting(awaiting, at, q),
    ]
    if name != "main":
        return body + _passing_no_room(world, door)
    stays = door.phase in AT_REST or door.gathering  # an open door ends the window by shutting
    return [*body, door.unknown_leaver, _running(door.together_until, at, q) if stays else 0]


def _waiting(awaiting: Awaiting | None, at: int, q: int) -> tuple[int, ...]:
    """What a grant waits for: cosignatures and pictures, each until when, and whether there is one."""
    if awaiting is None:
        return (0, 0, 0)
    answered = (None, False, True).index(awaiting.pictured)
    return (_ahead(awaiting.deadline, at, q), _ahead(awaiting.picture_until, at, q), answered)


def _another_shot(state: State) -> bool:
    """Tell whether pictures from before something else than a grant that waits may still come."""
    waits = {str(door.awaiting.shot) for door in state.doors.values() if door.awaiting}
    return any(number not in waits and NOW in shot.waits for number, shot in state.open_shots.items())


def _passing_no_room(world: World, door: Door) -> list[int]:
    leaves = bool(door.leaving or door.unknown_leaver)
    if world.coarse:
        return [leaves and (door.phase is DoorPhase.RELEASED or door.exit_waits is not None)]
    return [leaves, bool(door.entering)]


def _room(world: World, room: Room, at: int) -> tuple[int, ...]:
    if room.unknown and world.coarse:
        return (True, 0, 0)
    return (room.unknown, _ahead(room.lone_at, at, world.quantum), room.lone_raised)


def _cabinet(world: World, state: State) -> list[int]:
    now, at, q = state.cabinets.get(CABINET, _CABINET), state.at, world.quantum
    pending, session = now.pending, now.session
    body = [
        *((pending.refusals + 1, _ahead(pending.deadline, at, q), pending.ready) if pending else (0, 0, 0)),
        1 + [f"{CABINET}.{box}" for box in world.boxes].index(now.wanted)
        if _running(now.wanted_until, at, q)
        else 0,
        _running(now.wanted_until, at, q),
        _ahead(session.until, at, q) if session and not session.expired and not world.coarse else 0,
    ]
    for box in world.boxes:
        part = state.compartment(f"{CABINET}.{box}")
        body += (BOX_PHASE[part.phase], _ahead(part.until, at, q))
    return body
