"""How many decisions a second, beside what the interpreter needs for the look-ups alone.

Rule: the rules of the product, asked as the site asks them; CPU time of this process.
"""

from __future__ import annotations

import random
import time
from datetime import time as hour

from bench.figures import Figure
from controller.core.case import Case
from controller.core.events import Level
from controller.core.people import Badge, Holder
from controller.core.plan import DoorPlan, InputPlan, Role, RoomPlan, SitePlan
from controller.core.rules import judge
from controller.core.schedule import WORKDAYS, Schedule, Window
from controller.core.state import State
from controller.core.words import Reason

DOORS = 1_000
QUERIES = 50_000
MONDAY_NINE = 1_772_413_200_000  # 2026-03-02T01:00Z


def decisions(people: int, seed: int = 1) -> Figure:
    """Decisions a second with so many people and 1,000 doors."""
    rng = random.Random(seed)  # noqa: S311 - a repeatable load, not a secret
    plan, state = _world(people, rng)
    doors = list(plan.doors.values())
    asked = [(f"B{rng.randrange(people * 11 // 10)}", doors[rng.randrange(DOORS)]) for _ in range(QUERIES)]
    lookups = _lookups(state, asked)
    begin = time.process_time()
    refused = sum(_decide(plan, state, badge, door) is not None for badge, door in asked)
    spent = time.process_time() - begin
    beside = {
        "lookups_per_s": lookups,
        "people": float(people),
        "doors": float(DOORS),
        "refused_share": refused / QUERIES,
    }
    return Figure("decisions/s of CPU time, one core", QUERIES, value=QUERIES / spent, beside=beside)


def _world(people: int, rng: random.Random) -> tuple[SitePlan, State]:
    rooms = {f"r{n}": RoomPlan(f"r{n}") for n in range(DOORS)}
    doors = {f"d{n}": DoorPlan(f"d{n}", f"r{n}") for n in range(DOORS)}
    contacts = {f"d{n}.contact": InputPlan(f"d{n}.contact", Role.CONTACT, f"d{n}") for n in range(DOORS)}
    day = Schedule("day", (Window(WORKDAYS, hour(8), hour(18)),))
    plan = SitePlan("bench", rooms=rooms, doors=doors, inputs=contacts, schedules={"day": day})
    state = State(offset=MONDAY_NINE)
    state.inputs.update(dict.fromkeys(contacts, Level.NORMAL))
    names = list(doors)
    for n in range(people):
        state.people[f"P{n}"] = Holder(
            f"P{n}",
            doors=frozenset(rng.sample(names, 20)) if n % 2 else None,
            valid_until=MONDAY_NINE - 1 if n % 10 == 0 else None,
            hours="day" if n % 3 == 0 else "",
        )
        state.badges[f"B{n}"] = Badge(f"P{n}")
    return plan, state


def _decide(plan: SitePlan, state: State, badge: str, door: DoorPlan) -> Reason | None:
    credential = state.badges.get(badge)
    holder = state.people.get(credential.holder) if credential else None
    room = plan.rooms.get(door.room)
    return judge(Case(plan, state, 0, door, room, door.levels, badge, "uid", credential, holder))


def _lookups(state: State, asked: list[tuple[str, DoorPlan]]) -> float:
    begin = time.process_time()
    for badge, _ in asked:
        credential = state.badges.get(badge)
        if credential:
            state.people.get(credential.holder)
    return len(asked) / max(time.process_time() - begin, 1e-9)
