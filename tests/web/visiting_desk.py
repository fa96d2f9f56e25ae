"""A visitor desk for tests of its pages: visits as the controller tells them, and a guest in the log.

Rule: nothing here decides anything; a test says what differs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.test import TestResponse

from controller.ledger.custody_log import CustodyLog
from tests.web.conftest import Console
from tests.web.peer import Peer, person

NOW = 1_772_413_200_000  # 2026-03-02 09:00 in Shanghai
HOUR = 3_600_000
RESIDENT = "11010519491231002X"
Told = dict[str, Any]


def visit(**more: object) -> Told:
    """A visit as the controller's view tells it."""
    return {
        "visitor": "visitor-1",
        "host": "wang",
        "areas": ["main"],
        "starts": NOW,
        "ends": NOW + HOUR,
        "purpose": "meeting",
        "by": "c1",
        "status": "requested",
        "group": "",
        "approved_by": "",
        "escort": "",
        "badge": "",
        "devices": [],
        "identified": True,
        "photographed": False,
        "instructed": False,
        "informed": False,
        "overstayed": False,
        "reprints": 0,
        "badge_missing": False,
        "closed": None,
        "open": True,
        "ended": False,
        "late": False,
        "room": "",
        "blocked": False,
        "visits": 0,
        **more,
    }


def staff(**more: object) -> Told:
    return {"visitor": False, "ended": False, "department": "", "doors": None, **more}


def seen(**book: Told) -> Told:
    """The room with visits."""
    people = {
        "c1": staff(),
        "wang": staff(doors=["main"], department="vaults"),
        "li": staff(),
        "gone": staff(ended=True),
        "visitor-1": staff(visitor=True),
    }
    lockers = {one["locker"]: name for name, told in book.items() for one in told["devices"]}
    return {
        "view": {
            "clock": "trusted",
            "alarms": [],
            "wall_ms": NOW,
            "doors": {"main": {}, "inner": {}},
            "people": people,
            "badges": {
                "P1": {"holder": "visitor-1", "level": "uid", "blocked": True, "boxed": True},
                "P2": {"holder": "visitor-1", "level": "uid", "blocked": True, "boxed": False},
                "B1": {"holder": "wang", "level": "uid", "blocked": False, "boxed": False},
            },
            "visits": {"book": book, "blocked": [], "blocked_documents": 0, "lockers": lockers},
        }
    }


def desk_of(peer: Peer, log: CustodyLog, draft: Callable[..., dict[str, object]]) -> Peer:
    """A guard at the desk; wang is 王建国, and Anna Berg has been here before."""
    log.append(
        [
            draft(0, kind="enrolled", who=["c1"], person="wang", personal={"wang": {"name": "王建国"}}),
            draft(
                1,
                kind="visit_requested",
                who=["c1"],
                visit="v1",
                visitor="visitor-1",
                host="wang",
                areas=["main"],
                purpose="audit",
                personal={
                    "visitor-1": {
                        "name": "Anna Berg",
                        "document": RESIDENT,
                        "company": "Berg AG",
                        "contact": "anna@berg.example",
                    }
                },
            ),
        ]
    )
    peer.answers.update(who=person("guard"), room=seen(), ask={"accepted": True, "visit": "v2"})
    return peer


def script(console: Console, path: str, told: Told) -> Any:
    return console.post(path, told, headers={"Accept": "application/json"})


def asked(peer: Peer) -> Told:
    said = peer.said("ask")
    assert len(said) == 1
    return dict(said[0])


def told(answer: TestResponse) -> Told:
    """What a script was told."""
    assert isinstance(answer.json, dict), answer.text
    return answer.json
