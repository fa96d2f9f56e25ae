"""Cards, desks, pairings and loops in random histories: what prove themselves, what pretends, and garbage.

Rule: as in histories.py; whether it is allowed, likely or sane is not asked here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from controller.core.events import (
    Asking,
    BadgeMade,
    BadgeNotMade,
    BadgeRead,
    Event,
    LoopLearned,
    LoopMoved,
    PairingFailed,
    ReaderPaired,
)
from controller.core.plan import ReaderPlan, Side, SitePlan
from tests.core.plans import passage

LEVELS = ("desfire", "ntag424")
NUMBERS = ("AA" * 16, "BB" * 16, "CC" * 16)
CARDS = ("04AA", "04BB", "04CC", "08112233")
FAULTS = ("wrong_key", "broken", "slow", "two_cards", "no_key", "odd")
READERS = ("main.in", "main.out", "main.in2", "main.inside", "c1", "outer.in", "outer.out", "desk")
FIELDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("issue_badge", {"person": "li", "level": "ntag424"}),
    ("issue_badge", {"person": "wang", "level": "desfire", "reader": "desk"}),
    ("issue_badge", {"person": "zhao", "level": "paper"}),
    ("pair_reader", {"device": "main.in"}),
    ("learn_loops", {"lines": ["north.glass"]}),
    ("set_site_key", {"check": "00FF00FF"}),
    ("set_site_key", {"check": "11FF00FF"}),
    ("set_site_key", {"check": "22FF00FF", "replace": "22FF00FF"}),
    ("withdraw_issue", {}),
    ("block_badge", {"badge": NUMBERS[0]}),
)
_NOW = st.just(0)
_levels = st.sampled_from([*LEVELS, "uid", "piv", ""])
_uids = st.sampled_from([*CARDS, "", "\ud800"])
_readers = st.sampled_from(READERS)
_counters = st.none() | st.integers(-2, 12) | st.sampled_from([2**24 - 1, 2**24, 2**80])
_took = st.sampled_from([0, 0, 5, 120, 300, 2_000, -1])

faulty = st.builds(
    BadgeRead,
    _NOW,
    _readers,
    st.sampled_from([*CARDS, *NUMBERS, "B1", "B2", "\ud800"]),
    _levels,
    _uids,
    _counters,
    st.sampled_from(FAULTS),
    _took,
)
cards = st.builds(
    BadgeRead,
    _NOW,
    _readers,
    st.sampled_from([*NUMBERS, *NUMBERS, *CARDS, "B1", "B2"]),
    _levels,
    _uids,
    _counters,
    st.just(""),
    _took,
)
made = st.builds(
    BadgeMade, _NOW, st.just("desk") | _readers, _levels, st.sampled_from([*NUMBERS, "B1"]), _uids
)
events: st.SearchStrategy[Event] = st.one_of(
    faulty,
    cards,
    cards,
    made,
    st.builds(BadgeNotMade, _NOW, _readers, st.text(max_size=5), _uids),
    st.builds(ReaderPaired, _NOW, _readers, st.text(max_size=5)),
    st.builds(PairingFailed, _NOW, _readers, st.text(max_size=5)),
    st.builds(LoopLearned, _NOW, st.sampled_from(["north.glass", "fire"]), st.integers(-1, 1_000_000)),
    st.builds(LoopMoved, _NOW, st.just("north.glass"), st.just(7), st.just(9), st.booleans()),
)


def proved() -> SitePlan:
    """The passage, in which cards are asked, and badges of every level are let in somewhere."""
    door = {"levels": ("uid", *LEVELS)}
    plan = passage(door=door, cabinet=door)
    asking = {r.name: replace(r, asks=r.side is not Side.CONFIRM) for r in plan.readers.values()}
    return replace(
        plan,
        readers={**asking, "desk": ReaderPlan("desk", "vault", Side.ENROLMENT, asks=True)},
        pairable=frozenset({"main.in"}),
        loops=frozenset({"north.glass"}),
    )


def _made(person: str, level: str, card: int) -> list[tuple[int, Event]]:
    """Two others have a badge made; the card is read, and then others that show its number or its count."""
    by, second = sorted({"li", "wang", "zhao"} - {person})
    number, uid = NUMBERS[card], CARDS[card]
    return [
        (1_000, Asking(0, "set_site_key", by, second, {"check": "00FF00FF", "replace": "00FF00FF"})),
        (1_000, Asking(0, "issue_badge", by, second, {"person": person, "level": level})),
        (1_000, BadgeMade(0, "desk", level, number, uid)),
        (2_000, BadgeRead(0, "main.in", number, level, uid, counter=8)),
        (2_000, BadgeRead(0, "main.in2", uid, "uid", uid)),
        (2_000, BadgeRead(0, "outer.in", number, level, uid, counter=8)),
        (2_000, BadgeRead(0, "c1", number, "piv", uid)),
    ]


CHAPTERS: tuple[list[tuple[int, Event]], ...] = (
    _made("li", "ntag424", 0),
    _made("wang", "desfire", 1),
    [
        (1_000, Asking(0, "pair_reader", "li", "wang", {"device": "main.in"})),
        (1_000, Asking(0, "learn_loops", "li", "wang", {"lines": ["north.glass"]})),
        (1_000, ReaderPaired(0, "main.in", "serial 7")),
        (1_000, LoopLearned(0, "north.glass", 500_000)),
    ],
)
