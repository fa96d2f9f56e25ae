"""Laws of doors over whole histories: who is let in, who is let out, and who is alone.

Rule: as in test_laws.py; every law looks at the real Site.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from controller.core.effects import Release
from controller.core.events import (
    BadgeRead,
    PinTyped,
    Started,
    TimePassed,
    Witnessed,
)
from controller.core.plan import SitePlan
from tests.core import histories as h
from tests.core import histories_askings as asked
from tests.core import histories_rooms as rooms
from tests.core.room import OPENING
from tests.core.test_laws import LAWFUL


@LAWFUL
@given(rooms.plans, h.histories)
def test_nothing_is_released_that_was_not_granted_in_the_same_step(
    plan: SitePlan, history: h.History
) -> None:
    _, outcomes = h.lived(plan, h.timed(history))
    for outcome in outcomes:
        granted = {(e["place"], e.get("until")) for e in outcome.entries if e["kind"] in OPENING}
        released = {(e.lock, e.until) for e in outcome.effects if isinstance(e, Release)}
        assert released <= granted


@LAWFUL
@given(h.histories)
def test_where_log_witnesses_cosign_nothing_lets_in_before_they_have_or_the_limit_has_passed(
    history: h.History,
) -> None:
    site, outcomes = h.begun(rooms.WITNESSED)
    size, signed, granted = len(h.written(outcomes)), dict[str, int](), (0, 0)
    for event in h.timed(history):
        outcome, told = site.step(event), False
        if isinstance(event, Started):
            signed.clear()
        if isinstance(event, Witnessed) and event.log_witness and event.size <= size + len(outcome.entries):
            signed[event.log_witness] = max(event.size, signed.get(event.log_witness, 0))
        for entry in outcome.entries:
            size += 1
            told = told or (entry["kind"] == "granted" and entry.get("direction") == "out")
            if entry["kind"] == "granted" and "awaits_until" in entry:
                granted = (size, entry["at"])
            elif entry["kind"] == "log_witnessed":
                assert sum(have >= granted[0] for name, have in signed.items() if name != "nobody") >= 2
            elif entry["kind"] == "unwitnessed_opening":
                in_vain = any(a.kind == "log_unwitnessed" for a in site.state.alarms.values())
                assert entry["at"] >= granted[1] + 3_000 or in_vain
        lets_in = [e for e in outcome.effects if isinstance(e, Release) and e.lock == "main" and not told]
        carried_out = {"log_witnessed", "unwitnessed_opening"} & {e["kind"] for e in outcome.entries}
        assert carried_out or not lets_in


@LAWFUL
@given(rooms.plans, h.histories)
def test_nobody_gets_in_without_two_entitled_people_or_two_inside(plan: SitePlan, history: h.History) -> None:
    site, _ = h.begun(plan)
    for event in h.timed(history):
        site.step(TimePassed(event.at))
        room = site.state.room("vault")
        for entry in site.step(event).entries:
            if entry["kind"] != "granted" or entry.get("direction") == "out":
                continue
            assert not {"old", "anna"} & set(entry["who"])
            assert entry["place"] != "main" or len(set(entry["who"])) >= 2 or len(room.inside) >= 2
            assert entry["place"] != "main" or not room.unknown
            assert entry.get("thing") != "compartment" or len(set(entry["who"])) >= 2
            assert site.state.lockdown is None


unknown = st.one_of(
    st.builds(BadgeRead, asked.LATER, st.sampled_from(["main.in", "outer.in", "c1"]), asked.texts),
    st.builds(PinTyped, asked.LATER, h.readers, asked.texts),
    h.levels.filter(lambda one: not one.point.endswith(".rex")),
    asked.strange_askings,
)


@LAWFUL
@given(rooms.plans, st.lists(st.tuples(h.PAUSES, unknown), max_size=40))
def test_unknown_or_damaged_input_never_unlocks(plan: SitePlan, history: h.History) -> None:
    _, outcomes = h.lived(plan, h.timed(history))
    assert not [e for o in outcomes for e in o.effects if isinstance(e, Release)]


@LAWFUL
@given(rooms.plans, h.histories)
def test_exactly_one_inside_is_timed_or_alarmed(plan: SitePlan, history: h.History) -> None:
    site, _ = h.begun(plan)
    for event in h.timed(history):
        site.step(event)
        room = site.state.room("vault")
        if room.inside and len({*room.inside} - {*room.unconfirmed}) < 2 and not room.unknown:
            assert room.lone_at is not None or room.lone_raised


@LAWFUL
@given(rooms.plans, h.histories)
def test_whoever_presses_the_button_is_let_out_or_waits_for_the_interlock(
    plan: SitePlan, history: h.History
) -> None:
    site, _ = h.lived(plan, h.timed(history))
    for name, door in plan.doors.items():
        free = site.egress_is_free(name)
        assert free or door.interlock, name
