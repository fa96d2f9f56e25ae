"""The worlds that every run of the tests walks to closure, and the larger ones of ``tests/soak``.

Rule: what one world leaves out another has; together they have every field of canon.py.
"""

from __future__ import annotations

from tests.core.walk.worlds import World

SLOW = {"pair": 2, "lone": 2, "egress": 2}  # quanta; so that timers end one by one, in several orders

PASSAGE = World("passage: two interlocked doors, four people, one cabinet", 4, boxes=("a",), coarse=True)
SMALL = World("passage, two people", 2, boxes=("a",), coarse=True)
BOLTS = World("bolts and lockdown", 2, bolts=("main",), happens=frozenset({"lockdown"}), coarse=True)
FIRE = World("fire and a held button", 2, happens=frozenset({"fire", "held_button"}), coarse=True)
OVERRIDE = World("override", 2, happens=frozenset({"override"}), quantum=60_000, coarse=True)
LINES = World("cut lines and a start without inputs", 1, happens=frozenset({"lines", "cut"}))
RIGHTS = World(
    "withdrawn badges, strangers", 2, ("main",), happens=frozenset({"block", "stranger"}), refusals=2
)
CONFIRM = World("confirmed inside", 3, ("main",), confirm=True)
CABINET = World("cabinet, three people", 3, ("main",), boxes=("a",), coarse=True)
TIMERS = World("unequal timers", 2, quanta=SLOW, coarse=True)

WALKED = (PASSAGE, SMALL, BOLTS, FIRE, OVERRIDE, LINES, RIGHTS, CONFIRM, CABINET, TIMERS)
"""Walked by every run, the large one first."""

SOAKED = (
    World("passage, five people", 5, boxes=("a",), coarse=True),
    World("passage, three people, every fold undone", 3, boxes=("a",)),
    World(
        "passage, bolts, lockdown",
        3,
        bolts=("outer", "main"),
        boxes=("a",),
        happens=frozenset({"lockdown"}),
        coarse=True,
    ),
    World("two compartments", 3, ("main",), boxes=("a", "b"), happens=frozenset({"ask"})),
    World("timers at the cabinet", 3, ("main",), boxes=("a",), quanta=SLOW | {"session": 3, "held": 2}),
    World(
        "confirmed at the cabinet", 3, ("main",), confirm=True, boxes=("a",), quanta={"pair": 2, "lone": 2}
    ),
    World("cut lines at the cabinet", 2, boxes=("a",), happens=frozenset({"lines", "cut"}), coarse=True),
    World(
        "fire, override, lockdown",
        2,
        bolts=("main",),
        happens=frozenset({"fire", "override", "lockdown"}),
        quantum=60_000,
    ),
)
"""Walked by ``python -m tests.soak.walk``; minutes each."""
