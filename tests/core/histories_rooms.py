"""The rooms that random histories happen in: their plans, their people, and what hangs on their walls.

Rule: names and plans only; what happens is drawn by the histories.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from controller.core.plan import LogWitnesses, Mode, Passback
from tests.core import histories_cards, histories_eyes
from tests.core.plans import OFFICE, START, example, passage

PEOPLE: dict[str, dict[str, Any]] = {
    "li": {"badges": ["B1", "B1b"], "pin": "4821", "posts": ["custodian"]},
    "wang": {"badges": ["B2"], "pin": "7350", "department": "audit"},
    "zhang": {"badges": ["B3"], "excluded_with": ["li"]},
    "old": {"badges": ["B4"], "valid_until": START},
    "anna": {"badges": ["B5"], "visitor": True, "host": "li", "valid_until": START + 3_600_000},
    "zhao": {},
}
STRICT = example(
    door={"confirm_by_reader": True, "delay_ms": 60_000, "passback": Passback.TIMED, "time_lock": OFFICE},
    room={"mode": Mode.INTEGRITY, "duty": OFFICE, "custodian_first": True, "max_occupancy": 3},
    together={"pair_per_week": 2, "different_departments": True},
    cabinet={"authorisers": 1},
)
WITNESSED = passage(
    room={"witnessed": 2}, log_witnesses=LogWitnesses(("bank", "branch", "audit"), 2, most=60, late_ms=60_000)
)
PICTURED, UNPICTURED = (histories_eyes.pictured(opens=opens) for opens in (False, True))
LOOKING = replace(passage(), views=PICTURED.views, look_ms=PICTURED.look_ms)
PLANS = (passage(), STRICT, WITNESSED, histories_cards.proved(), PICTURED, UNPICTURED)
READERS = ("main.in", "main.out", "main.in2", "main.inside", "c1", "outer.in", "outer.out")
POINTS = tuple(passage().inputs)
MOVING = tuple(p for p in POINTS if p.endswith((".contact", ".rex", ".bolt")))
plans = st.sampled_from(PLANS)
