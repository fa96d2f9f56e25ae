"""Shapes and views to draw: the product's passage, and a large site. Rule: nothing is judged here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.messages.pofile import read_po

from controller import config
from controller.console.site_shape import site_shape
from controller.core.sentences import ALARM_SENTENCES, NEEDS
from controller.core.sentences_zh import ALARM_SENTENCES_ZH, NEEDS_ZH
from controller.core.site import Site
from controller.core.unseen import UNSEEN, UNSEEN_ZH
from controller.core.words import AlarmKind, Reason
from controller.view import view
from tests.core.room import Room
from web.plan.picture import FloorPlan, plan_of

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "web" / "translations" / "zh"
ZONE = ZoneInfo("Asia/Shanghai")
NAMES = {"li": "Li Wei", "wang": "Wang Fang"}
OWN = ("plan", "feed", "procedures")


def english(text: str) -> str:
    return text


def texts(name: str) -> dict[str, str]:
    with (FOLDER / f"{name}.po").open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file, locale="zh") if one.id}


def chinese() -> Callable[[str], str]:
    """The catalogue as the pages have it; a text that is missing fails the test that says it."""
    own: dict[str, str] = {}
    for name in OWN:
        own |= texts(name)
    core = {NEEDS[one]: NEEDS_ZH[one] for one in Reason} | {UNSEEN[one]: UNSEEN_ZH[one] for one in UNSEEN}
    core |= {ALARM_SENTENCES[one]: ALARM_SENTENCES_ZH[one] for one in AlarmKind}
    every = core | own
    return lambda text: every[text]


def address(kind: str, name: str) -> str:
    return f"/review?{kind}={name}"


def named(person: str) -> str:
    return NAMES.get(person, person)


def site(name: str = "passage") -> tuple[FloorPlan, dict[str, Any], Site]:
    """The plan of a built-in site, what its room tells when it is calm, and the site itself."""
    plan = config.load(ROOT / "controller" / "sites" / f"{name}.toml").plan
    room = Room(plan)
    return plan_of(site_shape(plan)), view(room.site, sealed=True), room.site


def drawn(plan: FloorPlan, told: dict[str, Any], say: Callable[[str], str] = english) -> str:
    return str(plan.svg(told, say, address, named=named, zone=ZONE))


def large(rooms: int = 6) -> tuple[FloorPlan, dict[str, Any]]:
    """Many rooms with cabinets, windows and cameras, two of them behind one passage; all of it well."""
    each = [f"room-{n}" for n in range(1, rooms + 1)]
    doors = {f"door-{n}": {"room": n, "interlock": [], "bolt": True} for n in each}
    doors["gate"] = {"room": "", "interlock": ["door-room-2", "door-room-3"], "bolt": True}
    doors["yard"] = {"room": "", "interlock": [], "bolt": False}
    boxes = [str(n) for n in range(1, 9)]
    shape: dict[str, Any] = {
        "rooms": {name: {"most": 20} for name in each},
        "doors": doors,
        "windows": {f"w-{name}-{n}": {"room": name} for name in each for n in range(2)},
        "cabinets": {
            f"c-{name}-{n}": {"room": name, "compartments": boxes} for name in each for n in range(2)
        },
        "readers": {f"{name}.{side}": {"at": name, "side": side} for name in doors for side in ("in", "out")}
        | {"desk": {"at": "", "side": "enrolment"}},
        "inputs": {},
        "cameras": {f"eye-{name}": {"sees": [name], "watches": ""} for name in each},
    }
    told = {
        "site": "large",
        "at": 0,
        "wall_ms": 1_772_413_200_000,
        "rooms": {name: {"inside": [], "occupancy": 0, "open": False, "since": None} for name in each},
        "doors": {name: {"phase": "locked", "contact": "normal", "bolt": "normal"} for name in doors},
        "windows": dict.fromkeys(shape["windows"], "normal"),
        "compartments": {f"{c}.{b}": "locked" for c in shape["cabinets"] for b in boxes},
        "cameras": dict.fromkeys(shape["cameras"], "back"),
        "signals": dict.fromkeys(shape["readers"], "idle"),
    }
    return plan_of(shape), told
