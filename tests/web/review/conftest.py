"""A real small log of one morning, for the pages of review and proof."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from controller.ledger.custody_log import CustodyLog
from tests.web.peer import SITE, Peer, Told

DAY = "2026-03-02T01:00:{:02}.250Z"
"""09:00 of the room's Monday."""
PLAN: Told = {
    "rooms": {"vault": {"most": 4}},
    "doors": {"main": {"room": "vault", "interlock": [], "bolt": True}},
    "windows": {"w1": {"room": "vault"}},
    "cabinets": {"c1": {"room": "vault", "compartments": ["a"]}},
    "readers": {"main in": {"at": "main", "side": "in"}},
    "inputs": {},
    "cameras": {"cam": {"sees": ["main"], "watches": "vault"}},
}
NOW_MS = 1_772_413_200_000  # 2026-03-02 09:00 in Shanghai
"""The room's clock."""


@pytest.fixture
def written(log: CustodyLog, draft: Callable[..., dict[str, object]], peer: Peer) -> CustodyLog:
    """A morning: somebody enrolled, a grant, a refusal, a forced door, a camera lost, something sealed."""
    people = {"li": {"name": "李伟", "document": "330106199001011234"}, "wjg": {"name": "王建国"}}
    kinds: list[dict[str, object]] = [
        {"kind": "enrolled", "who": ["c1"], "person": {"id": "li"}, "personal": {"li": people["li"]}},
        {"kind": "enrolled", "who": ["c1"], "person": {"id": "wjg"}, "personal": {"wjg": people["wjg"]}},
        {"kind": "granted", "place": "main", "who": ["li", "wjg"]},
        {"kind": "opened", "place": "main"},
        {"kind": "refused", "place": "main", "who": ["wjg"], "reason": "out_of_hours"},
        {"kind": "forced", "place": "main"},
        {"kind": "alarm_raised", "place": "main", "alarm": "forced"},
        {"kind": "camera_fault", "place": "cam", "condition": "lost"},
        {"kind": "duress", "place": "main", "who": ["li"], "sealed": True},
    ]
    log.append([draft(at * 1000, **one) | {"time": DAY.format(at)} for at, one in enumerate(kinds)])
    peer.answers |= {
        "site": {**SITE, "plan": PLAN},
        "room": {"view": {"alarms": [], "clock": "trusted", "wall_ms": NOW_MS + 60_000, "log": {}}},
        "look": lambda said: {"n": looked(log, draft, said)},
        "ask": {"accepted": True, "n": 30},
    }
    return log


def looked(log: CustodyLog, draft: Callable[..., dict[str, object]], said: Told) -> int:
    """Write a look down, as the controller does; its counter."""
    words = {"personal": {"os:words searched": {"words": said["words"]}}} if said["words"] else {}
    fields = {"kind": "evidence_read", "who": ["c1"], "what": said["what"], "filter": said["filter"], **words}
    log.append([draft(log.last_at, **fields) | {"time": "2026-03-02T01:00:59.000Z"}])
    return log.size - 1
