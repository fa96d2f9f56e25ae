"""Laws over whole histories: whatever happens, in whatever order, these hold.

Rule: histories are random, garbage is part of them, and every law looks at the real Site.
"""

from __future__ import annotations

import json
from collections import Counter

from hypothesis import HealthCheck, example, given, seed, settings
from hypothesis import strategies as st

from controller.core.effects import Raise, Release, Secure
from controller.core.events import (
    Asking,
    BadgeRead,
    Event,
    InputLevel,
    LogNews,
    PicturesTaken,
    PinTyped,
    RoomSeen,
    Started,
    TimePassed,
    Witnessed,
)
from controller.core.fold import replay
from controller.core.freeze import from_json, to_json
from controller.core.plan import SitePlan
from controller.ledger.batch import compose
from controller.ledger.tree import Frontier
from tests.core import histories as h

OPENING = frozenset(
    {"granted", "log_witnessed", "unwitnessed_opening", "grant_pictured", "unpictured_opening"}
)
LAWFUL = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


@LAWFUL
@given(h.plans, h.histories)
def test_replay_of_the_log_gives_the_same_room(plan: SitePlan, history: h.History) -> None:
    site, outcomes = h.lived(plan, h.timed(history))
    as_stored = json.loads(json.dumps(h.written(outcomes)))
    assert h.durable(replay(as_stored)) == h.durable(site.state)


@LAWFUL
@given(h.plans, h.histories, st.integers(0, 200))
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
@given(h.plans, h.histories, st.lists(st.integers(0, 2_000_000), max_size=12))
@example(
    h.PLANS[0],
    [(0, BadgeRead(0, "main.in", "B1")), (31_000, BadgeRead(0, "main.in", "B2"))],
    [15_999, 16_000, 16_001],
)
def test_a_late_loop_changes_nothing(plan: SitePlan, history: h.History, looks: list[int]) -> None:
    happened = h.timed(history)
    _, once = h.lived(plan, happened)
    _, often = h.lived(plan, h.looked(happened, looks))
    assert h.written(often) == h.written(once)


@LAWFUL
@given(h.plans, h.histories)
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
@given(h.plans, h.histories)
def test_every_entry_is_lawful_for_the_log_whatever_came_in(plan: SitePlan, history: h.History) -> None:
    _, outcomes = h.lived(plan, h.timed(history))
    entries = h.written(outcomes)
    assert len(compose(entries, Frontier(), 0).rows) == len(entries)


@LAWFUL
@given(h.plans, h.histories)
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
    site, outcomes = h.begun(h.WITNESSED)
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
@given(st.sampled_from([h.PICTURED, h.UNPICTURED]), h.histories)
def test_where_grants_are_pictured_nothing_lets_in_without_a_picture_or_an_alarm(
    plan: SitePlan, history: h.History
) -> None:
    site, _ = h.begun(plan)
    shots, granted = set[int](), 0
    for event in h.timed(history):
        outcome, told = site.step(event), False
        for entry in outcome.entries:
            told = told or (entry["kind"] == "granted" and entry.get("direction") == "out")
            granted = entry.get("awaits_shot", granted)
            if entry["kind"] == "pictures_taken" and any(p["moment"] <= 0 for p in entry["pictures"]):
                shots |= {entry["shot"]} if any(not p["thumbnail"] for p in entry["pictures"]) else set()
            if entry["kind"] == "grant_pictured" or (entry["kind"] == "log_witnessed" and entry["shot"]):
                assert entry["shot"] == granted
                assert granted in shots
            if entry["kind"] == "unpictured_opening":
                assert plan is h.UNPICTURED
                assert Raise("no_picture", "main") in outcome.effects
        lets_in = [e for e in outcome.effects if isinstance(e, Release) and e.lock == "main" and not told]
        carried_out = OPENING - {"granted"} & {e["kind"] for e in outcome.entries}
        assert carried_out or not lets_in


@LAWFUL
@given(h.plans, h.histories)
def test_every_part_of_every_snapshot_is_answered_exactly_once(plan: SitePlan, history: h.History) -> None:
    happened = h.timed(history)
    last = happened[-1].at if happened else 0
    site, outcomes = h.lived(plan, [*happened, TimePassed(last + 60_000)])
    asked, answered = list[tuple[int, str]](), list[tuple[int, str]]()
    for entry in h.written(outcomes):
        if entry["kind"] == "snapshot":
            parts = {"after" if one["moment"] > 0 else "now" for one in entry["wanted"]}
            asked += [(entry["shot"], part) for part in parts]
        elif entry["kind"] in {"pictures_taken", "no_picture"}:
            answered.append((entry["shot"], entry["part"]))
    late = {(int(number), part) for number, shot in site.state.open_shots.items() for part in shot.waits}
    assert sorted(asked) == sorted([*answered, *late])
    shots = site.state.open_shots.values()
    assert all(shot.due(part) > site.state.at for shot in shots for part in shot.waits)


@LAWFUL
@given(st.sampled_from([h.PLANS[0], h.STRICT, h.LOOKING]), h.histories)
def test_what_cameras_see_of_a_room_changes_no_lock_and_no_answer(plan: SitePlan, history: h.History) -> None:
    """With each RoomSeen as nothing but time the same history moves the same bolts and answers the same.

    Numbers of Snapshots and Entries are left out of it: a look has its own.
    """
    counts = (PicturesTaken, Witnessed, LogNews)
    acknowledges = {"acknowledge"}
    happened: list[Event] = [
        e
        for e in h.timed(history)
        if not isinstance(e, counts) and not (isinstance(e, Asking) and e.name in acknowledges)
    ]
    blind: list[Event] = [TimePassed(e.at) if isinstance(e, RoomSeen) else e for e in happened]
    assert _moved(plan, happened) == _moved(plan, blind)


def _moved(plan: SitePlan, happened: list[Event]) -> list[object]:
    """What each event did to bolts, and how it was answered."""
    return [
        (
            [e for e in outcome.effects if isinstance(e, Release | Secure)],
            outcome.answer and outcome.answer.reason,
        )
        for outcome in h.lived(plan, happened)[1]
    ]


@LAWFUL
@given(h.plans, h.histories)
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
    st.builds(BadgeRead, h.LATER, st.sampled_from(["main.in", "outer.in", "c1"]), h.texts),
    st.builds(PinTyped, h.LATER, h.readers, h.texts),
    h.levels.filter(lambda one: not one.point.endswith(".rex")),
    h.strange_askings,
)


@LAWFUL
@given(h.plans, st.lists(st.tuples(h.PAUSES, unknown), max_size=40))
def test_unknown_or_damaged_input_never_unlocks(plan: SitePlan, history: h.History) -> None:
    _, outcomes = h.lived(plan, h.timed(history))
    assert not [e for o in outcomes for e in o.effects if isinstance(e, Release)]


@LAWFUL
@given(h.plans, h.histories)
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
@given(h.plans, h.histories)
def test_every_asking_and_every_badge_is_answered(plan: SitePlan, history: h.History) -> None:
    site, _ = h.begun(plan)
    for event in h.timed(history):
        outcome = site.step(event)
        assert outcome.answer is not None or not isinstance(event, Asking | BadgeRead)


@LAWFUL
@given(h.plans, h.histories)
def test_time_never_runs_backwards_in_the_log(plan: SitePlan, history: h.History) -> None:
    _, outcomes = h.lived(plan, h.timed(history))
    times = [entry["at"] for entry in h.written(outcomes)]
    assert times == sorted(times)


@LAWFUL
@given(h.plans, h.histories)
def test_exactly_one_inside_is_timed_or_alarmed(plan: SitePlan, history: h.History) -> None:
    site, _ = h.begun(plan)
    for event in h.timed(history):
        site.step(event)
        room = site.state.room("vault")
        if room.inside and len({*room.inside} - {*room.unconfirmed}) < 2 and not room.unknown:
            assert room.lone_at is not None or room.lone_raised


@LAWFUL
@given(h.plans, h.histories)
def test_whoever_presses_the_button_is_let_out_or_waits_for_the_interlock(
    plan: SitePlan, history: h.History
) -> None:
    site, _ = h.lived(plan, h.timed(history))
    for name, door in plan.doors.items():
        free = site.egress_is_free(name)
        assert free or door.interlock, name


@LAWFUL
@given(h.plans, h.histories)
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

    @settings(max_examples=250, deadline=None, database=None)
    @given(h.plans, h.histories)
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
    wanted |= {"badge_issued", "badge_not_issued", "badge_counted", "reader_paired", "loop_learned"}
    for number in range(12):
        seed(number)(gather)()
        if not (rare := {kind for kind in wanted if seen[kind] < 3}):
            break
    assert not rare, seen


def test_a_press_is_a_fact_that_the_histories_have() -> None:
    assert any(isinstance(e, InputLevel) and e.point == "main.rex" for part in h.CHAPTERS for _, e in part)
