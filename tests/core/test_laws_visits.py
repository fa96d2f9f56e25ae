"""Laws of visits over whole histories: no pass without its visit, no visit that the log alone does not make.

Rule: histories are of the desk alone, so that they come far; garbage and pauses are part of them.
"""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from controller.core.events import Asking, BadgeRead, Event
from controller.core.fold import replay
from controller.core.freeze import from_json, to_json
from controller.core.remembered_visits import VisitStatus
from controller.core.site import Site
from controller.ledger.batch import compose
from controller.ledger.tree import Frontier
from tests.core import histories as h
from tests.core import histories_askings as asked
from tests.core import histories_visits as v
from tests.core.plans import example
from tests.core.test_laws import LAWFUL

PAUSES = st.sampled_from([0, 1, 1_000, 60_000, 60_000, v.HOUR])
SHORT = st.sampled_from([0, 1, 1_000, 60_000])
askings = st.builds(
    lambda ask, by, second: Asking(0, ask[0], by, second, ask[1]),
    st.sampled_from(v.FIELDS),
    st.sampled_from(["li", "wang", "zhao"]),
    st.sampled_from(["wang", "zhao", ""]),
)
strange = st.builds(
    lambda ask, key, value: Asking(0, ask[0], "li", "wang", ask[1] | {key: value}),
    st.sampled_from(v.FIELDS),
    st.sampled_from(["visit", "visitor", "document", "devices", "areas", "from", "found", "reason", "badge"]),
    asked.garbage,
)
taps = st.builds(
    BadgeRead, st.just(0), st.sampled_from(["main.in", "main.out"]), st.sampled_from(["P1", "B1", "B2"])
)
anything = st.tuples(PAUSES, st.one_of(askings, askings, strange, taps))


@st.composite
def _told(draw: st.DrawFn) -> h.History:
    """A day at the desk, of which any step may be left out, with anything between its steps."""
    history: list[tuple[int, Event]] = []
    for by, place in v.DAY:
        if draw(st.integers(0, 9)):
            history.append((draw(SHORT), Asking(0, v.FIELDS[place][0], by, "wang", v.FIELDS[place][1])))
        history += draw(st.lists(anything, max_size=2))
    return history


histories = st.one_of(st.lists(anything, max_size=60), _told(), _told())
PLAN = example()


def _lived(history: h.History) -> tuple[Site, list[dict[str, Any]]]:
    site, outcomes = h.lived(PLAN, h.timed(history))
    return site, json.loads(json.dumps(h.written(outcomes)))


@LAWFUL
@given(histories)
def test_the_log_without_its_disclosures_gives_the_same_visits(history: h.History) -> None:
    site, entries = _lived(history)
    bare = [{key: value for key, value in entry.items() if key != "personal"} for entry in entries]
    assert h.durable(replay(bare)) == h.durable(site.state)
    assert from_json(json.loads(json.dumps(to_json(site.state)))) == site.state


@LAWFUL
@given(histories)
def test_every_entry_of_a_visit_can_be_written(history: h.History) -> None:
    _, outcomes = h.lived(PLAN, h.timed(history))
    compose(h.written(outcomes), Frontier(), 0)


@LAWFUL
@given(histories)
def test_no_pass_is_out_without_an_approval_of_somebody_else(history: h.History) -> None:
    _, entries = _lived(history)
    approved: dict[str, str] = {}
    for entry in entries:
        if entry["kind"] == "visit_approved":
            approved[entry["visit"]] = entry["who"][0]
        elif entry["kind"] == "visit_changed" and entry["again"]:
            approved.pop(entry["visit"], None)
        elif entry["kind"] == "pass_issued":
            assert approved[entry["visit"]] != entry["who"][0]
            assert entry["instructed"]
            assert entry["informed"]


@LAWFUL
@given(histories)
def test_a_visitor_has_one_living_badge_at_most_and_only_with_a_pass_that_is_out(history: h.History) -> None:
    state = _lived(history)[0].state
    for visitor in {visit.visitor for visit in state.visit_book.values()} - {"anna"}:
        mine = [b for b in state.badges.values() if b.holder == visitor and not b.blocked]
        out = [visit for visit in state.visit_book.values() if visit.visitor == visitor]
        assert len(mine) <= sum(visit.status is VisitStatus.INSIDE for visit in out) <= 1


@LAWFUL
@given(histories)
def test_every_pass_that_is_out_has_its_end_awaited_or_has_overstayed(history: h.History) -> None:
    state = _lived(history)[0].state
    for name, visit in state.visit_book.items():
        out = visit.status is VisitStatus.INSIDE
        assert (name in state.passes) == (out and not visit.overstayed)
        assert not out or visit.overstayed or visit.ends > state.wall


@LAWFUL
@given(histories)
def test_nobody_who_is_blocked_is_handed_a_pass(history: h.History) -> None:
    _, entries = _lived(history)
    blocked: set[str] = set()
    for entry in entries:
        if entry["kind"] == "visitor_blocked":
            blocked |= {*entry["blocks"]}
        elif entry["kind"] == "visitor_unblocked":
            blocked -= {*entry["blocks"]}
        elif entry["kind"] == "pass_issued":
            assert f"visitor:{entry['visitor']}" not in blocked
