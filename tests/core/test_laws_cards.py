"""Laws over whole histories of cards: whatever is presented, in whatever order, these hold.

Rule: as in test_laws.py; every law looks at the real Site.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controller.core.effects import Outcome, Release, Show, Signal
from controller.core.events import BadgeRead, Event, PinTyped, TimePassed
from controller.core.plan import SitePlan
from controller.core.site import Site
from controller.core.state import State
from controller.core.words import Reason
from tests.core import histories as h
from tests.core import histories_cards as cards
from tests.core import histories_chapters as told
from tests.core import histories_rooms as rooms

LAWFUL = settings(suppress_health_check=list(HealthCheck))
PLAN = cards.proved()
histories = st.lists(
    st.sampled_from(told.CHAPTERS)
    | st.tuples(h.PAUSES, cards.events | h.anything).map(lambda one: [one])
    | st.tuples(h.PAUSES, cards.faulty).map(lambda one: [one]),
    min_size=5,
    max_size=30,
).map(lambda parts: [one for part in parts for one in part])


def _steps(history: h.History) -> Sequence[tuple[State, Event, Outcome, Site]]:
    """Each event with the state before it, in which everything due was settled, and what came of it."""
    site, _ = h.begun(PLAN)
    steps = []
    for event in h.timed(history):
        site.step(TimePassed(event.at))
        before = site.state.copy()
        steps.append((before, event, site.step(event), site))
    return steps


@LAWFUL
@given(histories)
def test_no_card_with_a_fault_ever_lets_anybody_in(history: h.History) -> None:
    for before, event, outcome, _ in _steps(history):
        if not isinstance(event, BadgeRead) or not event.fault:
            continue
        reader = PLAN.readers[event.reader]
        for entry in outcome.entries:
            assert entry["kind"] not in {"pending", "confirmed", "badge_counted"}
            assert entry["kind"] != "granted" or entry.get("direction") == "out"
            nobody_new = {*entry.get("who", ())} <= {*before.door(entry.get("place", "")).going(event.at)}
            assert entry["kind"] != "granted" or nobody_new
        released = [e for e in outcome.effects if isinstance(e, Release)]
        assert not released or reader.side == "out"
        assert outcome.answer


@LAWFUL
@given(histories)
def test_a_badge_at_another_level_than_it_was_issued_at_never_counts(history: h.History) -> None:
    for before, event, outcome, _ in _steps(history):
        if not isinstance(event, BadgeRead) or event.reader == "desk":
            continue
        badge = before.badges.get(event.badge)
        if badge is None or badge.level == event.level:
            continue
        assert not {"pending", "confirmed", "badge_counted"} & {e["kind"] for e in outcome.entries}
        assert not any(e["kind"] == "granted" and e.get("direction") != "out" for e in outcome.entries)


@LAWFUL
@given(histories)
def test_every_no_is_shown_as_long_after_its_card_or_pin(history: h.History) -> None:
    for _, event, outcome, site in _steps(history):
        shows = [e for e in outcome.effects if isinstance(e, Show) and e.signal is Signal.REFUSED]
        if not isinstance(event, BadgeRead | PinTyped):
            continue
        sensed = event.at - max(0, event.took_ms) if isinstance(event, BadgeRead) else event.at
        mine = [e for e in shows if e.reader == event.reader]
        beats = max(1, -(-(event.at - sensed) // PLAN.refusal_ms))
        assert all(e.at == sensed + beats * PLAN.refusal_ms for e in mine)
        side = PLAN.readers[event.reader].side if event.reader in PLAN.readers else "desk"
        says_no = outcome.answer is not None and outcome.answer.reason is not None
        if says_no and side not in {"out", "enrolment", "desk"} and not _waits(site, event.reader):
            assert len(mine) == 1


def _waits(site: Site, reader: str) -> bool:
    flash = site.moment.flashes.get(reader)
    return flash is not None and flash.signal is Signal.WAIT


@LAWFUL
@given(histories)
def test_no_count_ever_goes_back(history: h.History) -> None:
    for before, _, _, site in _steps(history):
        for name, badge in before.badges.items():
            later = site.state.badges[name]
            assert badge.counter is None or (later.counter is not None and later.counter >= badge.counter)


@LAWFUL
@given(histories)
def test_no_badge_is_made_that_two_others_did_not_ask_for(history: h.History) -> None:
    for before, _, outcome, _ in _steps(history):
        for entry in outcome.entries:
            if entry["kind"] == "badge_issued":
                issue = before.issues[entry["place"]]
                assert (issue.person, issue.level) == (entry["person"], entry["level"])
                assert len({*entry["who"], entry["person"]}) == 3


@LAWFUL
@given(histories)
def test_a_dead_badge_stays_in_no_pair_and_no_grant_that_waits(history: h.History) -> None:
    for _, event, outcome, site in _steps(history):
        for entry in outcome.entries:
            if entry["kind"] == "badge_blocked":
                at_doors = [door.pending for door in site.state.doors.values()]
                at_cabinets = [box.pending for box in site.state.cabinets.values()]
                members = [m.badge for p in (*at_doors, *at_cabinets) if p for m in p.members]
                assert entry["badge"] not in members
                assert event.at == entry["at"]


pretending = (
    cards.faulty
    | st.builds(
        BadgeRead,
        st.just(0),
        st.sampled_from(cards.READERS),
        st.sampled_from(cards.CARDS[:2]),
        st.just("uid"),
    )
    | st.builds(
        BadgeRead,
        st.just(0),
        st.sampled_from(cards.READERS),
        st.sampled_from(cards.NUMBERS[:2]),
        st.sampled_from(cards.LEVELS),
        st.sampled_from(["04DD", "B1", *cards.CARDS[:2]]),
        st.integers(-1, 8),
    )
)
MADE = [one for chapter in cards.CHAPTERS[:2] for one in chapter if not isinstance(one[1], BadgeRead)]
GENUINE = [
    (2_000, BadgeRead(0, "outer.in", cards.NUMBERS[0], "ntag424", cards.CARDS[0], counter=2**20)),
    (2_000, BadgeRead(0, "outer.in", cards.NUMBERS[1], "desfire", cards.CARDS[1])),
    (2_000, BadgeRead(0, "outer.in", "B1", "uid")),
]
COUNTED = (2_000, BadgeRead(0, "outer.in", cards.NUMBERS[0], "ntag424", cards.CARDS[0], counter=8))


@LAWFUL
@given(st.lists(st.tuples(h.PAUSES, pretending), min_size=5, max_size=40))
def test_nothing_that_is_read_of_others_keeps_a_genuine_badge_out(history: h.History) -> None:
    steps = _steps([*MADE, COUNTED, *history, *GENUINE])
    for _, _, _, site in steps[len(MADE) :]:
        assert not site.state.penalties.keys() & site.state.badges.keys()
    for _, _, outcome, _ in steps[-len(GENUINE) :]:
        assert outcome.answer is None or outcome.answer.reason is not Reason.PENALTY


def test_a_plan_of_cards_is_among_those_of_all_laws() -> None:
    assert any(isinstance(plan, SitePlan) and "desk" in plan.readers for plan in rooms.PLANS)


def test_the_histories_reach_what_these_laws_are_about() -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=300, deadline=None, database=None, derandomize=True)
    @given(histories)
    def gather(history: h.History) -> None:
        for _, event, outcome, _ in _steps(history):
            seen.update(str(e.get("reason", e["kind"])) for e in outcome.entries)
            seen["let in"] += any(
                e["kind"] == "granted" and e.get("direction") != "out" for e in outcome.entries
            )
            seen["faulty"] += isinstance(event, BadgeRead) and bool(event.fault)

    gather()
    wanted = {
        "not_genuine",
        "copied",
        "counter_old",
        "level_too_low",
        "badge_counted",
        "badge_issued",
        "let in",
    }
    assert not {what for what in wanted | {"faulty"} if seen[what] < 10}, seen
