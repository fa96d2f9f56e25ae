"""Laws of alarms: each is raised, taken or acknowledged, never two of them, and none is late unheard.

Rule: what is so is made out of the Entries here, and compared with what the site knows.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from controller.core.effects import Body, Raise
from controller.core.events import Asking, InputLevel, Level, TimePassed
from controller.core.plan import SitePlan
from tests.core import histories as h
from tests.core import histories_askings as asked
from tests.core import histories_rooms as rooms

LAWFUL = settings(suppress_health_check=list(HealthCheck))

alarming = st.builds(
    InputLevel,
    asked.LATER,
    st.sampled_from(rooms.MOVING),
    st.sampled_from([Level.NORMAL, Level.ACTIVE]),
    st.just(True),
)
KINDS = ("forced", "not_bolted", "occupancy_unknown", "tamper", "held", "intrusion")
settling = st.builds(
    lambda ask, kind, by: Asking(0, ask, by, "", {"alarm": kind, "reason": "seen"}),
    st.sampled_from(["take_alarm", "take_alarm", "acknowledge"]),
    st.sampled_from(KINDS),
    st.sampled_from(["li", "wang", "zhao"]),
)
busy = st.lists(st.tuples(h.PAUSES, alarming | settling | h.anything), max_size=60)


@dataclass
class Told:
    """An alarm as its Entries tell it."""

    since: int
    by: str = ""
    taken_at: int | None = None
    late: bool = False
    calls: int = 0


def _follow(alarms: dict[str, Told], entry: Body) -> None:
    """Take one Entry in; one that does not fit the alarm's life is a fault."""
    key = f"{entry.get('alarm')}@{entry.get('place')}"
    match entry["kind"]:
        case "alarm_raised":
            assert key not in alarms, "raised while it stands"
            alarms[key] = Told(entry["at"])
        case "alarm_taken":
            now, (by,) = alarms[key], entry["who"]
            assert now.by != by or now.late, "taken twice by the same"
            assert now.by in {"", by} or now.late or "handed_over_by" in entry, "taken away from another"
            now.by, now.taken_at, now.late = by, entry["at"], False
        case "alarm_escalated":
            now = alarms[key]
            assert not now.late, "called out twice"
            waited = entry["at"] - (now.since if now.taken_at is None else now.taken_at)
            assert waited >= (60_000 if now.taken_at is None else 1_800_000)
            now.late, now.calls = True, now.calls + 1
        case "alarm_acknowledged":
            now = alarms.pop(key)
            assert now.late or now.by in {"", *entry["who"]}, "settled over another's head"


@LAWFUL
@given(rooms.plans, busy)
@seed(9)
def test_an_alarm_is_raised_then_taken_then_acknowledged_and_never_two_of_them(
    plan: SitePlan, history: h.History
) -> None:
    site, outcomes = h.begun(plan)
    alarms: dict[str, Told] = {}
    for entry in h.written(outcomes):
        _follow(alarms, entry)
    for event in h.timed(history):
        for entry in site.step(event).entries:
            _follow(alarms, entry)
        known = {
            k: Told(a.since, a.taken_by, a.taken_at, a.late, a.escalated)
            for k, a in site.state.alarms.items()
        }
        assert known == alarms


@LAWFUL
@given(rooms.plans, busy)
@seed(9)
def test_no_alarm_is_late_without_being_called_out_again(plan: SitePlan, history: h.History) -> None:
    site, _ = h.begun(plan)
    for event in h.timed(history):
        site.step(event)
    waiting = [a for a in site.state.alarms.values() if not a.late and not a.taken_by]
    outcome = site.step(TimePassed(site.state.at + 60_000))
    called = {(e.alarm, e.place) for e in outcome.effects if isinstance(e, Raise)}
    assert {(a.kind, a.place) for a in waiting} <= called
    site.step(TimePassed(site.state.at + 1_800_000))
    assert all(a.late for a in site.state.alarms.values() if a.since < site.state.at - 60_000)
