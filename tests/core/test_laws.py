"""Laws over whole histories: whatever happens, in whatever order, these hold.

Rule: histories are random, garbage is part of them, and every law looks at the real Site.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from controller import config
from controller.core.effects import Body, Outcome, Release
from controller.core.events import (
    Asking,
    BadgeRead,
    CameraSeen,
    ClockJumped,
    DeviceBack,
    DeviceLost,
    DeviceNoisy,
    Event,
    InputLevel,
    Level,
    PinTyped,
    ReleaseDropped,
    Started,
    TagGone,
    TagSeen,
    TimePassed,
)
from controller.core.fold import replay
from controller.core.freeze import from_json, to_json
from controller.core.site import Site
from controller.core.state import State

PLAN = config.load(config.builtin("passage")).plan
WALL = 1_772_413_200_000
PEOPLE: dict[str, dict[str, Any]] = {
    "li": {"badges": ["B1", "B1b"], "pin": "4821", "posts": ["custodian"]},
    "wang": {"badges": ["B2"], "pin": "7350"},
    "zhang": {"badges": ["B3"], "excluded_with": ["li"]},
    "old": {"badges": ["B4"], "valid_until": WALL},
    "anna": {"badges": ["B5"], "visitor": True, "host": "li"},
    "zhao": {},
}
LAWFUL = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))

badges = st.sampled_from(["B1", "B1b", "B2", "B3", "B4", "B5", "stranger", "' OR 1=1--", ""])
readers = st.sampled_from([*PLAN.readers, "no.such.reader"])
points = st.sampled_from([*PLAN.inputs, "no.such.input"])
moving = st.sampled_from([p for p in PLAN.inputs if p.endswith((".contact", ".rex", ".bolt"))])
levels = st.sampled_from([Level.NORMAL, Level.ACTIVE, Level.ACTIVE, Level.CUT, Level.SHORT])
names = st.sampled_from([*PEOPLE, "nobody", ""])
garbage = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)
asked = st.sampled_from(
    [
        ("open_compartment", {"compartment": "c1.a"}),
        ("lockdown", {}),
        ("lift_lockdown", {}),
        ("recount", {"room": "vault", "inside": []}),
        ("recount", {"room": "vault", "inside": ["li", "wang"]}),
        ("acknowledge", {"alarm": "lone", "reason": "seen"}),
        ("override_interlock", {"door": "main", "reason": "stuck"}),
        ("approve_opening", {"room": "vault"}),
        ("accept_clock", {}),
        ("block_badge", {"badge": "B2"}),
        ("end_person", {"person": "zhang"}),
        ("check_out", {"visitor": "anna"}),
        ("move_carrier", {"carrier": "k", "state": "IN", "at": "c1.a", "reason": "put"}),
        ("enrol", {"person": "new", "badges": ["B9"]}),
        ("no_such_asking", {}),
    ]
)
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(BadgeRead, st.just(0), readers, badges, st.sampled_from(["uid", "uid", "uid", "none"])),
    st.builds(BadgeRead, st.just(0), st.just("main.in"), st.sampled_from(["B1", "B2"])),
    st.builds(InputLevel, st.just(0), points, levels, st.booleans()),
    st.builds(InputLevel, st.just(0), moving, st.sampled_from([Level.NORMAL, Level.ACTIVE]), st.just(True)),
    st.builds(PinTyped, st.just(0), readers, st.sampled_from(["4821", "4822", "7350", "0000", "x", ""])),
    st.builds(DeviceLost, st.just(0), st.sampled_from([*PLAN.readers, *PLAN.inputs]), st.text(max_size=5)),
    st.builds(DeviceBack, st.just(0), st.sampled_from([*PLAN.readers, *PLAN.inputs])),
    st.builds(DeviceNoisy, st.just(0), points, st.booleans()),
    st.builds(CameraSeen, st.just(0), st.sampled_from(PLAN.cameras), st.sampled_from(["covered", "back"])),
    st.builds(ClockJumped, st.just(0), st.integers(-100_000, 100_000)),
    st.builds(TagSeen, st.just(0), st.sampled_from("kq"), st.sampled_from(["c1.a", "c1.b", "c9"])),
    st.builds(TagGone, st.just(0), st.sampled_from("kq"), st.sampled_from(["c1.a", "c1.b"])),
    st.builds(ReleaseDropped, st.just(0), st.sampled_from(PLAN.locks), st.integers(0, 9_999)),
    st.builds(lambda ask, by, second: Asking(0, ask[0], by, second, ask[1]), asked, names, names),
    st.builds(
        Asking,
        st.just(0),
        st.sampled_from(["enrol", "recount", "acknowledge", "found", "change_person"]),
        names,
        names,
        st.dictionaries(st.text(max_size=6), garbage, max_size=3),
    ),
    st.just(Started(0, 0, PLAN.digest)),
)
pauses = st.sampled_from([0, 1, 900, 2_000, 5_000, 15_000, 31_000, 600_000])
histories = st.lists(st.tuples(pauses, events), max_size=40)
History = Sequence[tuple[int, Event]]


def begun() -> tuple[Site, list[Outcome]]:
    site = Site(PLAN, b"pepper")
    outcomes = [site.step(Started(0, WALL, PLAN.digest))]
    outcomes.append(site.step(Asking(0, "found", "", "", {"people": PEOPLE})))
    outcomes += [site.step(InputLevel(0, p, Level.NORMAL, settled=True)) for p in PLAN.inputs]
    return site, outcomes


def timed(history: History) -> list[Event]:
    """Events with their times; a start goes on at the room time at which the log ended."""
    at, found = 1_000, []
    for pause, event in history:
        at += 0 if isinstance(event, Started) else pause
        found.append(
            Started(at, WALL + at, PLAN.digest) if isinstance(event, Started) else replace(event, at=at)
        )
    return found


def lived(happened: Sequence[Event]) -> tuple[Site, list[Outcome]]:
    site, outcomes = begun()
    return site, [*outcomes, *(site.step(event) for event in happened)]


def written(outcomes: Sequence[Outcome]) -> list[Body]:
    return [entry for outcome in outcomes for entry in outcome.entries]


def durable(state: State) -> State:
    copy = state.copy()
    copy.at = 0
    return copy


@LAWFUL
@given(histories)
def test_replay_of_the_log_gives_the_same_room(history: History) -> None:
    site, outcomes = lived(timed(history))
    as_stored = json.loads(json.dumps(written(outcomes)))
    assert durable(replay(as_stored)) == durable(site.state)


@LAWFUL
@given(histories)
def test_a_saved_state_is_the_state(history: History) -> None:
    site, _ = lived(timed(history))
    assert from_json(json.loads(json.dumps(to_json(site.state)))) == site.state


@LAWFUL
@given(histories, st.lists(st.integers(0, 700_000), max_size=12))
@example(
    [(0, BadgeRead(0, "main.in", "B1")), (31_000, BadgeRead(0, "main.in", "B2"))], [15_999, 16_000, 16_001]
)
def test_a_late_loop_changes_nothing(history: History, looks: list[int]) -> None:
    happened = timed(history)
    _, once = lived(happened)
    more = sorted([*happened, *(TimePassed(at) for at in looks)], key=lambda e: e.at)
    last = happened[-1].at if happened else 0
    _, often = lived([e for e in more if not isinstance(e, TimePassed) or e.at <= last])
    assert written(often) == written(once)


@LAWFUL
@given(histories)
def test_nothing_is_released_that_was_not_granted_in_the_same_step(history: History) -> None:
    _, outcomes = lived(timed(history))
    for outcome in outcomes:
        granted = {e["place"]: e["until"] for e in outcome.entries if e["kind"] == "granted"}
        for effect in outcome.effects:
            if isinstance(effect, Release):
                assert granted[effect.lock] == effect.until


@LAWFUL
@given(histories)
def test_nobody_gets_in_without_two_entitled_people_or_two_inside(history: History) -> None:
    site, outcomes = begun()
    del outcomes
    for event in timed(history):
        inside = len(site.state.room("vault").inside)
        for entry in site.step(event).entries:
            if entry["kind"] != "granted" or entry.get("direction") == "out":
                continue
            assert "old" not in entry["who"]
            assert "anna" not in entry["who"]
            if entry["place"] == "main":
                assert len(set(entry["who"])) >= 2 or inside >= 2
            if entry.get("thing") == "compartment":
                assert len(set(entry["who"])) >= 2


unknown = st.one_of(
    st.builds(BadgeRead, st.just(0), st.sampled_from(["main.in", "outer.in", "c1"]), st.text(max_size=9)),
    st.builds(PinTyped, st.just(0), readers, st.text(max_size=14)),
    st.builds(InputLevel, st.just(0), points.filter(lambda p: not p.endswith(".rex")), levels, st.booleans()),
    st.builds(Asking, st.just(0), st.text(max_size=9), st.text(max_size=5), st.text(max_size=5)),
    st.builds(
        Asking,
        st.just(0),
        asked.map(lambda a: a[0]),
        names,
        names,
        st.dictionaries(st.text(max_size=6), garbage),
    ),
    st.builds(DeviceLost, st.just(0), st.text(min_size=1, max_size=9)),
)


@LAWFUL
@given(st.lists(st.tuples(pauses, unknown), max_size=40))
def test_unknown_or_damaged_input_never_unlocks(history: History) -> None:
    _, outcomes = lived(timed(history))
    assert not [e for o in outcomes for e in o.effects if isinstance(e, Release)]


@LAWFUL
@given(histories)
def test_a_refused_asking_changes_nothing_but_says_so(history: History) -> None:
    site, _ = begun()
    for event in timed(history):
        site.step(TimePassed(event.at))
        before = durable(site.state)
        outcome = site.step(event)
        if isinstance(event, Asking) and outcome.answer and not outcome.answer.accepted:
            assert [e["kind"] for e in outcome.entries] == ["refused"]
            assert durable(site.state) == before


@LAWFUL
@given(histories)
def test_time_never_runs_backwards_in_the_log(history: History) -> None:
    _, outcomes = lived(timed(history))
    times = [entry["at"] for entry in written(outcomes)]
    assert times == sorted(times)


@LAWFUL
@given(histories)
def test_exactly_one_inside_is_timed_or_alarmed(history: History) -> None:
    site, _ = begun()
    for event in timed(history):
        site.step(event)
        room = site.state.room("vault")
        if len(room.inside) == 1 and not room.unknown:
            assert room.lone_at is not None or room.lone_raised
