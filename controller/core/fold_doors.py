"""Folds of what happens at doors, and of pairs being made wherever they are made.

Rule: see fold.py; nothing here decides, it only remembers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from controller.core.effects import Body
from controller.core.fold_cabinets import forced_box, granted_box, put_cabinet
from controller.core.party import Awaiting, Member, Pending
from controller.core.plan import WEEK
from controller.core.remembered import Opening
from controller.core.state import DoorPhase, State


def _door(state: State, name: str, **changes: Any) -> None:
    state.doors[name] = replace(state.door(name), **changes)


def _set_pending(state: State, entry: Body, pending: Pending | None) -> None:
    change = put_cabinet if entry.get("thing") == "cabinet" else _door
    change(state, entry["place"], pending=pending)


def _pending(state: State, entry: Body) -> None:
    members = tuple(Member(**m) for m in entry["members"])
    _set_pending(
        state,
        entry,
        Pending(members, entry["since"], entry["deadline"], entry["refusals"], entry.get("ready", False)),
    )


def _no_pending(state: State, entry: Body) -> None:
    _set_pending(state, entry, None)


def _refused(state: State, entry: Body) -> None:
    if entry.get("asking") == "learn_loops":
        state.learning -= {entry.get("place", "")}
    name = entry.get("counts")
    if name is None:
        return
    change, thing = (
        (put_cabinet, state.cabinet(name)) if entry.get("thing") == "cabinet" else (_door, state.door(name))
    )
    if thing.pending:
        change(state, name, pending=replace(thing.pending, refusals=thing.pending.refusals + 1))


def _granted(state: State, entry: Body) -> None:
    {"compartment": granted_box}.get(entry.get("thing", ""), _granted_door)(state, entry)


def _granted_door(state: State, entry: Body) -> None:
    name, door = entry["place"], state.door(entry["place"])
    who = tuple(entry.get("who", ()))
    opens = door.phase in {DoorPhase.LOCKED, DoorPhase.RELEASED}
    fresh = (_awaited(state, entry) or _released(state, entry)) if opens else {}
    if entry["direction"] == "out":
        _granted_out(state, entry, fresh)
        return
    _door(
        state,
        name,
        entering=tuple(dict.fromkeys((*door.entering, *who))),
        visiting=tuple(dict.fromkeys((*door.visiting, *entry.get("visitors", ())))),
        pending=None,
        delay_until=None,
        delay_open_until=None,
        **fresh,
    )
    recent = tuple(o for o in state.openings if o.at > entry["at"] - WEEK)
    if entry.get("counted"):
        state.openings = (*recent, Opening(entry["at"], name, tuple(sorted(who))))


def _released(state: State, entry: Body) -> dict[str, Any]:
    door = state.door(entry["place"])
    moved = door.phase is DoorPhase.RELEASED and door.moved  # a further grant does not undo what was seen
    return {"phase": DoorPhase.RELEASED, "until": entry["until"], "moved": moved, "unmoved": False}


def _awaited(state: State, entry: Body) -> dict[str, Any]:
    """A grant that is carried out only when it is cosigned, with this Entry in the log, and pictured."""
    if not {"awaits_until", "awaits_picture_until"} & entry.keys():
        return {}
    members = tuple(Member(**m) for m in entry["members"])
    cosigned, pictured = entry.get("awaits_until"), entry.get("awaits_picture_until")
    shot = entry.get("awaits_shot", 0)
    awaiting = Awaiting(members, entry["level"], entry["at"], state.size, cosigned, shot, pictured)
    return {"phase": DoorPhase.AWAITING, "awaiting": awaiting, "moved": False, "unmoved": False}


def _awaited_no_more(state: State, entry: Body) -> None:
    _door(state, entry["place"], awaiting=None, **_released(state, entry))


def _not_let_in(state: State, name: str) -> dict[str, Any]:
    """Whoever opens a door of which the grant was not carried out is nobody of that grant."""
    waits = state.door(name).awaiting is not None
    return {"awaiting": None, "entering": (), "visiting": ()} if waits else {}


def _granted_out(state: State, entry: Body, fresh: dict[str, Any]) -> None:
    """Who leaves, with those who badged within the window before and wait to leave together."""
    name, door, at = entry["place"], state.door(entry["place"]), entry["at"]
    runs = door.together_until is not None and at < door.together_until
    _door(
        state,
        name,
        leaving=tuple(dict.fromkeys((*door.going(at), *entry.get("who", ())))),
        gathering=(),
        together_until=door.together_until if runs else entry["together_until"],
        unknown_leaver=entry["unknown_leaver"],
        exit_waits=None,
        **fresh,
    )


def _release_over(state: State, entry: Body) -> None:
    """Locked again, and nobody opened: who badged out may leave with the next, who waits goes on waiting."""
    door, waits = state.door(entry["place"]), state.door(entry["place"]).exit_waits is not None
    together = not waits and entry["at"] < (door.together_until or 0)
    _locked(state, entry)
    _door(
        state,
        entry["place"],
        leaving=door.leaving if waits else (),
        unknown_leaver=door.unknown_leaver and waits,
        gathering=door.going(entry["at"]) if together else (),
        together_until=door.together_until,
        unmoved=entry.get("unmoved", False),
    )


def _locked(state: State, entry: Body) -> None:
    _door(
        state,
        entry["place"],
        phase=DoorPhase.LOCKED,
        until=None,
        moved=False,
        opened_at=None,
        prealarmed=False,
        entering=(),
        visiting=(),
        leaving=(),
        gathering=(),
        together_until=None,
        unmoved=False,
        unknown_leaver=False,
        awaiting=None,
        remote=False,
        rested_at=entry["at"],
    )
    _watch_bolt(state, entry)


def _opened(state: State, entry: Body) -> None:
    _door(
        state,
        entry["place"],
        phase=DoorPhase.PASSING,
        until=None,
        opened_at=entry["at"],
        moved=True,
        unmoved=False,
        exit_waits=None,
        unbolted_at=None,
        **_not_let_in(state, entry["place"]),
    )


def _forced(state: State, entry: Body) -> None:
    if entry.get("thing") == "compartment":
        forced_box(state, entry)
        return
    fresh = {"until": None, "opened_at": entry["at"], "unbolted_at": None, "unmoved": False}
    _door(state, entry["place"], phase=DoorPhase.FORCED, **fresh, **_not_let_in(state, entry["place"]))


def _held(state: State, entry: Body) -> None:
    _door(state, entry["place"], phase=DoorPhase.HELD)


def _held_soon(state: State, entry: Body) -> None:
    _door(state, entry["place"], prealarmed=True)


def _bolt(state: State, entry: Body) -> None:
    _door(state, entry["place"], moved=True, unmoved=False, drawn=entry["drawn"])
    _watch_bolt(state, entry)


def _watch_bolt(state: State, entry: Body) -> None:
    """Remember since when a shut and locked door is not bolted."""
    door = state.door(entry["place"])
    loose = door.drawn and door.bolted
    since = (door.unbolted_at if door.unbolted_at is not None else entry["at"]) if loose else None
    _door(state, entry["place"], unbolted_at=since)


def _not_bolted(state: State, entry: Body) -> None:
    _door(state, entry["place"], unbolted_at=None)


def _exit_waiting(state: State, entry: Body) -> None:
    door = state.door(entry["place"])
    who = tuple(entry.get("who", ()))
    _door(
        state,
        entry["place"],
        gathering=(),
        exit_waits=entry["at"] if door.exit_waits is None else door.exit_waits,
        leaving=tuple(dict.fromkeys((*door.going(entry["at"]), *who))),
        unknown_leaver=entry["unknown_leaver"],
    )


FOLDS: dict[str, Callable[[State, Body], None]] = {
    "pending": _pending,
    "two_person_timeout": _no_pending,
    "pending_cancelled": _no_pending,
    "pending_lost": _no_pending,
    "refused": _refused,
    "granted": _granted,
    "log_witnessed": _awaited_no_more,
    "unwitnessed_opening": _awaited_no_more,
    "grant_pictured": _awaited_no_more,
    "unpictured_opening": _awaited_no_more,
    "no_entry": _release_over,
    "no_exit": _release_over,
    "opened": _opened,
    "shut": _locked,
    "forced": _forced,
    "held": _held,
    "held_soon": _held_soon,
    "bolt_drawn": _bolt,
    "bolt_thrown": _bolt,
    "not_bolted": _not_bolted,
    "exit_waiting": _exit_waiting,
}
