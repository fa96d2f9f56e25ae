"""Laws over whole histories: the log alone makes the room, and a late loop changes nothing.

Rule: histories are random, garbage is part of them, and every law looks at the real Site.
"""

from __future__ import annotations

import json
from collections import Counter

from hypothesis import HealthCheck, example, given, seed, settings
from hypothesis import strategies as st

from controller.core.events import (
    Asking,
    BadgeRead,
    InputLevel,
    TimePassed,
)
from controller.core.fold import replay
from controller.core.freeze import from_json, to_json
from controller.core.plan import SitePlan
from controller.ledger.batch import compose
from controller.ledger.tree import Frontier
from tests.core import histories as h
from tests.core import histories_chapters as told
from tests.core import histories_rooms as rooms

LAWFUL = settings(suppress_health_check=list(HealthCheck))


@LAWFUL
@given(rooms.plans, h.histories)
def test_replay_of_the_log_gives_the_same_room(plan: SitePlan, history: h.History) -> None:
    site, outcomes = h.lived(plan, h.timed(history))
    as_stored = json.loads(json.dumps(h.written(outcomes)))
    assert h.durable(replay(as_stored)) == h.durable(site.state)


@LAWFUL
@given(rooms.plans, h.histories, st.integers(0, 200))
def test_replay_of_the_tail_on_a_saved_state_gives_the_same_room(
    plan: SitePlan, history: h.History, cut: int
) -> None:
    happened = h.timed(history)
    early, _ = h.lived(plan, happened[:cut])
    saved = from_json(json.loads(json.dumps(to_json(early.state))))
    assert saved == early.state
    late, outcomes = h.lived(plan, happened)
    tail = h.written(outcomes)[len(h.written(h.lived(plan, happened[:cut])[1])) :]
    assert h.durable(replay(json.loads(json.dumps(tail)), saved)) == h.durable(late.state)


@LAWFUL
@given(rooms.plans, h.histories, st.lists(st.integers(0, 2_000_000), max_size=12))
@example(
    rooms.PLANS[0],
    [(0, BadgeRead(0, "main.in", "B1")), (31_000, BadgeRead(0, "main.in", "B2"))],
    [15_999, 16_000, 16_001],
)
def test_a_late_loop_changes_nothing(plan: SitePlan, history: h.History, looks: list[int]) -> None:
    happened = h.timed(history)
    _, once = h.lived(plan, happened)
    _, often = h.lived(plan, h.looked(happened, looks))
    assert h.written(often) == h.written(once)


@LAWFUL
@given(rooms.plans, h.histories)
def test_a_loop_that_wakes_at_every_deadline_changes_nothing(plan: SitePlan, history: h.History) -> None:
    happened = h.timed(history)
    late, outcomes = h.lived(plan, happened)
    site, first = h.begun(plan)
    entries = h.written(first)
    for event in happened:
        while (due := site.deadline) is not None and due < event.at:
            entries += site.step(TimePassed(due)).entries
        entries += site.step(event).entries
    assert entries == h.written(outcomes)
    assert h.durable(site.state) == h.durable(late.state)


@LAWFUL
@given(rooms.plans, h.histories)
def test_every_entry_is_lawful_for_the_log_whatever_came_in(plan: SitePlan, history: h.History) -> None:
    _, outcomes = h.lived(plan, h.timed(history))
    entries = h.written(outcomes)
    assert len(compose(entries, Frontier(), 0).rows) == len(entries)


@LAWFUL
@given(rooms.plans, h.histories)
def test_a_refused_asking_changes_nothing_but_says_so(plan: SitePlan, history: h.History) -> None:
    site, _ = h.begun(plan)
    for event in h.timed(history):
        site.step(TimePassed(event.at))
        before = h.durable(site.state)
        outcome = site.step(event)
        if isinstance(event, Asking) and outcome.answer and not outcome.answer.accepted:
            refused, *more = outcome.entries
            assert refused["kind"] == "refused"
            # It may be the one too many that no log witness has cosigned: the guard is called, cameras look.
            assert {e.get("alarm") or e.get("why") for e in more} <= {"log_unwitnessed"}
            before.size += 1
            assert h.durable(site.state) == h.durable(replay(more, before))


@LAWFUL
@given(rooms.plans, h.histories)
def test_every_asking_and_every_badge_is_answered(plan: SitePlan, history: h.History) -> None:
    site, _ = h.begun(plan)
    for event in h.timed(history):
        outcome = site.step(event)
        assert outcome.answer is not None or not isinstance(event, Asking | BadgeRead)


@LAWFUL
@given(rooms.plans, h.histories)
def test_time_never_runs_backwards_in_the_log(plan: SitePlan, history: h.History) -> None:
    _, outcomes = h.lived(plan, h.timed(history))
    times = [entry["at"] for entry in h.written(outcomes)]
    assert times == sorted(times)


@LAWFUL
@given(rooms.plans, h.histories)
def test_who_was_erased_is_nobody_ever_again_and_had_ended_and_was_not_held(
    plan: SitePlan, history: h.History
) -> None:
    site, _ = h.begun(plan)
    gone: set[str] = set()
    for event in h.timed(history):
        held = {hold.person for hold in site.state.holds.values()}
        for entry in site.step(event).entries:
            assert not gone & {*entry.get("personal", {}), *site.state.room("vault").inside}
            if entry["kind"] == "erased":
                assert not {"", entry["person"]} & held
                assert len(set(entry["who"]) - {entry["person"]}) == 2
                gone.add(entry["person"])
        assert all(site.state.people[person].erased for person in gone)
        assert all(badge.blocked for badge in site.state.badges.values() if badge.holder in gone)


def test_the_histories_reach_what_the_laws_are_about() -> None:
    """Guards the strategies: laws over histories in which nothing happens would hold for any core."""
    seen: Counter[str] = Counter()

    @settings(max_examples=50, database=None)
    @given(rooms.plans, h.histories)
    def gather(plan: SitePlan, history: h.History) -> None:
        _, outcomes = h.lived(plan, h.timed(history))
        seen.update({entry["kind"] for entry in h.written(outcomes)})

    wanted = {
        "entered",
        "left",
        "lone",
        "compartment_opened",
        "cabinet_closed",
        "pending_lost",
        "interrupted",
    }
    wanted |= {"erased", "hold_set", "evidence_read", "pruned", "disk_low", "key_rotation_asked"}
    wanted |= {"clock_changed", "lockdown", "forced", "penalty", "delay_started", "visit_started", "duress"}
    wanted |= {"log_witnessed", "unwitnessed_opening", "grant_pictured", "unpictured_opening"}
    wanted |= {"pictures_taken", "no_picture", "people_differ", "camera_learned", "camera_not_learned"}
    wanted |= {"closing_missing", "day_closed"}
    wanted |= {"badge_issued", "badge_not_issued", "badge_counted", "reader_paired", "loop_learned"}
    for number in range(60):
        seed(number)(gather)()
        if not (rare := {kind for kind in wanted if seen[kind] < 3}):
            break
    assert not rare, seen


def test_a_press_is_a_fact_that_the_histories_have() -> None:
    assert any(isinstance(e, InputLevel) and e.point == "main.rex" for part in told.CHAPTERS for _, e in part)
