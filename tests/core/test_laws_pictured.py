"""Laws of pictures over whole histories: what waits for one, what is answered, what is only looked at.

Rule: as in test_laws.py; every law looks at the real Site.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from controller.core.effects import Raise, Release, Secure
from controller.core.events import (
    Asking,
    Event,
    LogNews,
    PicturesTaken,
    RoomSeen,
    TimePassed,
    Witnessed,
)
from controller.core.plan import SitePlan
from tests.core import histories as h
from tests.core import histories_rooms as rooms
from tests.core.room import OPENING
from tests.core.test_laws import LAWFUL


@LAWFUL
@given(st.sampled_from([rooms.PICTURED, rooms.UNPICTURED]), h.histories)
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
                assert plan is rooms.UNPICTURED
                assert Raise("no_picture", "main") in outcome.effects
        lets_in = [e for e in outcome.effects if isinstance(e, Release) and e.lock == "main" and not told]
        carried_out = OPENING - {"granted"} & {e["kind"] for e in outcome.entries}
        assert carried_out or not lets_in


@LAWFUL
@given(rooms.plans, h.histories)
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
@given(st.sampled_from([rooms.PLANS[0], rooms.STRICT, rooms.LOOKING]), h.histories)
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
