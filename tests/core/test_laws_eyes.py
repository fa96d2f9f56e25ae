"""Laws of Snapshots over whole histories: who is let in is pictured, and who repeats himself is not.

Rule: as in test_laws.py.
"""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from controller.core.effects import Body
from controller.core.events import CameraSeen, DeviceBack, DeviceLost, Event
from controller.core.eye_events import RECORDER
from controller.core.plan import SitePlan
from controller.core.shots import BURST_MS, again_ms
from controller.core.words import AlarmKind
from tests.core import histories as h
from tests.core import histories_rooms as rooms
from tests.core.test_laws import LAWFUL

_NOW = st.just(0)
_flips: st.SearchStrategy[Event] = st.one_of(
    st.builds(
        CameraSeen, _NOW, st.sampled_from(["door", "room"]), st.sampled_from(["moved", "lost", "back"])
    ),
    st.builds(DeviceLost, _NOW, st.just(RECORDER)),
    st.builds(DeviceBack, _NOW, st.just(RECORDER)),
)
lying = st.lists(st.tuples(st.integers(0, 40_000), _flips), min_size=10, max_size=60)


def standing(entries: list[Body]) -> list[tuple[Body, list[int]]]:
    """Each alarm as it was raised, and when it was photographed until it was acknowledged."""
    stands, every = dict[str, tuple[Body, list[int]]](), list[tuple[Body, list[int]]]()
    for entry in entries:
        key = f"{entry.get('alarm') or entry.get('why')}@{entry.get('place')}"
        if entry["kind"] == "alarm_raised" and not entry.get("sealed"):
            stands[key] = (entry, [])
            every.append(stands[key])
        elif entry["kind"] == "alarm_acknowledged":
            stands.pop(key, None)
        elif entry["kind"] == "snapshot" and key in stands:
            stands[key][1].append(entry["at"])
    return every


def bounded(entries: list[Body]) -> None:
    """However often an alarm repeats, its Snapshots are no more than 1 + minutes, of iron 1 + ten seconds."""
    until = entries[-1]["at"]
    for raised, taken in standing(entries):
        again = again_ms(AlarmKind(raised["alarm"]))
        assert len(taken) <= 1 + (until - raised["at"]) // again
        assert all(b - a >= again for a, b in pairwise(taken))


@LAWFUL
@given(rooms.plans, h.histories)
def test_however_often_an_alarm_repeats_its_snapshots_are_bounded_by_one_and_its_minutes(
    plan: SitePlan, history: h.History
) -> None:
    bounded(h.written(h.lived(plan, h.timed(history))[1]))


@LAWFUL
@given(lying)
def test_a_lying_recorder_makes_no_more_snapshots_than_one_and_one_a_minute_of_each_alarm(
    history: h.History,
) -> None:
    bounded(h.written(h.lived(rooms.PICTURED, h.timed(history))[1]))


@LAWFUL
@given(rooms.plans, h.histories)
def test_the_first_picture_of_an_alarm_always_comes(plan: SitePlan, history: h.History) -> None:
    entries = h.written(h.lived(plan, h.timed(history))[1])
    asked = {(e["why"], e["place"], e["at"]) for e in entries if e["kind"] == "snapshot"}
    for raised, taken in standing(entries):
        what, at = (raised["alarm"], raised["place"]), raised["at"]
        just_before = any(asked & {(*what, then)} for then in range(at - BURST_MS + 1, at))
        assert taken[:1] == [at] or just_before


@LAWFUL
@given(rooms.plans, h.histories)
def test_everybody_who_is_let_in_is_sealed_for_in_a_picture_of_that_second(
    plan: SitePlan, history: h.History
) -> None:
    entries = h.written(h.lived(plan, h.timed(history))[1])
    shots = [e for e in entries if e["kind"] == "snapshot" and e["why"] == "granted"]
    for grant in entries:
        if grant["kind"] != "granted" or grant.get("direction") == "out":
            continue
        place = grant.get("cabinet", grant["place"])
        people = {*grant["who"], *grant.get("visitors", ()), *grant.get("witness", ())}
        near = [e for e in shots if e["place"] == place and 0 <= grant["at"] - e["at"] < BURST_MS]
        assert any(people <= {*shot["seals"]} for shot in near)
