"""The example site of the drills and its passage, as plans a test can bend by naming what differs.

Rule: what is not named has the default of behaviour.md; nothing here knows the Site.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from controller.core.plan import (
    CabinetPlan,
    DoorPlan,
    InputPlan,
    LogWitnesses,
    ReaderPlan,
    Role,
    RoomPlan,
    Side,
    SitePlan,
    Together,
    WindowPlan,
)
from controller.core.schedule import WORKDAYS, Schedule, Window

START = 1_772_413_200_000  # Monday 2026-03-02, 09:00 in Shanghai
ZONE = ZoneInfo("Asia/Shanghai")
OFFICE = Schedule("office", (Window(WORKDAYS, time(8), time(18)),))
COMPARTMENTS = ("a", "b", "c", "d")
POINTS = (
    InputPlan("main.contact", Role.CONTACT, "main"),
    InputPlan("main.bolt", Role.BOLT, "main"),
    InputPlan("main.rex", Role.REX, "main"),
    InputPlan("north.contact", Role.CONTACT, "north"),
    InputPlan("north.glass", Role.GLASS, "north"),
    *(InputPlan(f"c1.{k}.contact", Role.CONTACT, f"c1.{k}") for k in COMPARTMENTS),
    InputPlan("c1.vibration", Role.VIBRATION, "c1"),
    InputPlan("vault.motion", Role.MOTION, "vault"),
    InputPlan("main.in.tamper", Role.TAMPER, "main.in"),
    InputPlan("fire", Role.FIRE, "fire"),
    InputPlan("mains", Role.MAINS, "mains"),
)
OUTER_POINTS = (
    InputPlan("outer.contact", Role.CONTACT, "outer"),
    InputPlan("outer.bolt", Role.BOLT, "outer"),
    InputPlan("outer.rex", Role.REX, "outer"),
)
READERS = (
    ReaderPlan("main.in", "main", Side.IN),
    ReaderPlan("main.out", "main", Side.OUT),
    ReaderPlan("c1", "c1", Side.CABINET),
)
MORE_READERS = (
    ReaderPlan("main.in2", "main", Side.IN),  # an arm's length from the first
    ReaderPlan("main.inside", "main", Side.CONFIRM),
)
OUTER_READERS = (ReaderPlan("outer.in", "outer", Side.IN), ReaderPlan("outer.out", "outer", Side.OUT))


def example(
    door: dict[str, Any] | None = None,
    room: dict[str, Any] | None = None,
    together: dict[str, Any] | None = None,
    cabinet: dict[str, Any] | None = None,
    **site: Any,
) -> SitePlan:
    """Built-in site ``example``; each dict names what differs at the door, room, pair, cabinet or site."""
    main = DoorPlan("main", "vault", together=Together(**together or {}), **door or {})
    return replace(
        SitePlan(
            "example",
            digest="policy-1",
            zone=ZONE,
            rooms={"vault": RoomPlan("vault", **room or {})},
            doors={"main": main},
            windows={"north": WindowPlan("north", "vault")},
            cabinets={"c1": CabinetPlan("c1", "vault", COMPARTMENTS, **cabinet or {})},
            readers={r.name: r for r in (*READERS, *MORE_READERS)},
            inputs={p.name: p for p in POINTS},
            cameras=("door", "room"),
            schedules={"office": OFFICE},
        ),
        **site,
    )


def witnessed(*names: str, **changes: Any) -> SitePlan:
    """The example site, in which one of some log witnesses cosigns a grant before the bolt is released."""
    room = {"witnessed": 1} | changes.pop("room", {})
    log = LogWitnesses(names or ("bank",), **changes.pop("log", {}))
    return example(room=room, log_witnesses=log, **changes)


def pictured(**changes: Any) -> SitePlan:
    """The example site, in which a picture of a grant is on disk before the bolt is released."""
    return example(room={"pictured": True} | changes.pop("room", {}), **changes)


def passage(**changes: Any) -> SitePlan:
    """Built-in site ``passage``: a second door in front, interlocked; one entitled person opens it."""
    door = {"interlock": ("outer",)} | changes.pop("door", {})
    plan = example(door=door, **changes)
    outer = DoorPlan("outer", together=Together(people=1), interlock=("main",))
    return replace(
        plan,
        name="passage",
        doors={**plan.doors, "outer": outer},
        readers={**plan.readers, **{r.name: r for r in OUTER_READERS}},
        inputs={**plan.inputs, **{p.name: p for p in OUTER_POINTS}},
    )
