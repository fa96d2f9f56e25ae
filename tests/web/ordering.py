"""What the pages of orders and devices are told in tests: a room, people, commands that wait."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.web.peer import SITE, Peer, person

NOW = 1_772_413_200_000  # Monday 2026-03-02 09:00 in Shanghai
PLAN = {
    "rooms": {"vault": {"most": 4}},
    "doors": {
        "outer": {"room": "", "interlock": ["inner"], "bolt": True},
        "inner": {"room": "vault", "interlock": ["outer"], "bolt": True},
        "side": {"room": "vault", "interlock": [], "bolt": False},
    },
    "cabinets": {"c1": {"room": "vault", "compartments": ["a"]}},
    "readers": {"r1": {"at": "outer", "side": "in"}},
    "inputs": {"outer.contact": {"at": "outer", "role": "contact"}},
    "cameras": {"cam1": {"sees": [], "watches": "vault"}},
}


def someone(**more: Any) -> dict[str, Any]:
    return {"visitor": False, "ended": False, "erased": False, "passkeys": 1, **more}


def view(**more: Any) -> dict[str, Any]:
    return {
        "at": 500_000,
        "wall_ms": NOW,
        "clock": "trusted",
        "policy": "a" * 64,
        "offered": "b" * 64,
        "alarms": [],
        "rooms": {"vault": {"inside": ["li"], "visitors": []}},
        "doors": {"inner": {"room": "vault", "pending": [], "deadline": None}},
        "inputs": {"outer.contact": "normal"},
        "log": {"holds": ["case-7"]},
        "people": {
            "c1": someone(),
            "li": someone(),
            "wang": someone(),
            "gone": someone(ended=True),
            "v1": someone(visitor=True),
        },
        "lockdown": "",
        "lockdown_since": None,
        "visits": {"book": {"s1": {"visitor": "v1", "open": True}}},
        **more,
    }


def waiting(**more: Any) -> dict[str, Any]:
    return {
        "command": "cmd-1",
        "ask": "release_door",
        "fields": {"door": "inner", "seconds": 20, "reason": "an ambulance"},
        "code": "4F2A-91C0",
        "by": "li",
        "people": 2,
        "roles": ["chief"],
        "until": NOW + 300_000,
        "signed": ["li"],
        **more,
    }


def a_chief(*roles: str, keys: int = 1) -> Callable[[dict[str, Any]], dict[str, Any]]:
    told = person(*(roles or ("chief", "guard")))
    own = [{"credential": f"key{n}", "label": "blue key", "since": NOW} for n in range(keys)]
    return lambda said: answer if "refused" in (answer := told(said)) else {**answer, "passkeys": own}


def proposed(said: dict[str, Any]) -> dict[str, Any]:
    return {
        "ask": said["ask"],
        "fields": said["fields"],
        "command": "cmd-2",
        "code": "0A1B-2C3D",
        "text": json.dumps({"ask": said["ask"], "fields": said["fields"]}),
        "people": 2,
        "options": {"challenge": "x"},
        "handle": "h",
    }


def told(peer: Peer) -> Peer:
    """A peer that knows a room, its people and what may be ordered there."""
    peer.answers.update(
        site={**SITE, "plan": PLAN},
        who=a_chief(),
        room={"view": view()},
        commands={"commands": []},
        offered={"offered": [{"credential": "new", "person": "wang", "label": "phone", "since": NOW}]},
        look={"accepted": True, "n": 7},
        withdraw={"accepted": True},
        propose=proposed,
        ask={"accepted": True},
    )
    return peer
