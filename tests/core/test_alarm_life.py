"""An alarm is raised, taken, acknowledged; called out again when it is late, and held by its cause."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from controller.core.console_roles import Via
from controller.core.effects import Raise, Silence
from controller.core.events import Asking, CameraSeen, ClockJumped, DeviceBack, DeviceLost, Level
from controller.core.words import Reason
from tests.core.desk import Desk
from tests.core.plans import example

SEEN = {"reason": "seen", "outcome": "true"}


def smashed(**people: dict[str, Any]) -> Desk:
    """A pane broke while the room was empty, and is whole again: the alarm stands, its cause does not."""
    room = Desk(**people)
    room.input("north.glass", Level.ACTIVE)
    room.input("north.glass", Level.NORMAL)
    return room


def test_an_alarm_is_one_guards_from_when_it_is_taken() -> None:
    room = smashed()
    room.says("take_alarm", "sun", alarm="intrusion")
    assert room.why() is None
    (alarm,) = room.state.alarms.values()
    assert (alarm.taken_by, alarm.taken_at) == ("sun", room.now)
    assert room.of("alarm_taken")[0]["who"] == ["sun"]
    room.says("take_alarm", "qian", alarm="intrusion")
    assert room.why() == Reason.TAKEN
    room.says("acknowledge", "qian", alarm="intrusion", **SEEN)
    assert room.why() == Reason.TAKEN
    room.says("take_alarm", "sun", alarm="intrusion")
    assert room.why() == Reason.NOTHING_TO_DO
    room.says("acknowledge", "sun", alarm="intrusion", **SEEN)
    assert room.why() is None
    assert not room.alarms


def test_b33c_who_opened_the_room_takes_no_alarm_of_it() -> None:
    room = Desk()
    room.enter("G1", "B2")
    room.input("north.glass", Level.ACTIVE)
    room.says("take_alarm", "sun", alarm="intrusion")
    assert room.why() == Reason.OPENED_THE_ROOM


@pytest.mark.parametrize("stranger", ["li", "zheng", "guest"])
def test_nobody_takes_an_alarm_at_the_console_without_a_guards_role(stranger: str) -> None:
    room = smashed()
    room.says("take_alarm", stranger, alarm="intrusion")
    assert room.why() == Reason.NOT_ALLOWED


@pytest.mark.parametrize("outcome", ["true", "false", "test", "drill"])
def test_at_the_console_it_is_said_what_an_alarm_was(outcome: str) -> None:
    room = smashed()
    for wrong in ({}, {"outcome": ""}, {"outcome": "nothing"}, {"outcome": ["true"]}):
        room.says("acknowledge", "sun", alarm="intrusion", reason="seen", **wrong)
        assert room.why() == Reason.NOT_UNDERSTOOD
    room.says("acknowledge", "sun", alarm="intrusion", reason="seen", outcome=outcome)
    (written,) = room.of("alarm_acknowledged")
    assert (written["outcome"], written["note"]) == (outcome, "seen")
    assert Silence("intrusion", "north") in room.outcome.effects


def test_at_the_box_an_alarm_is_acknowledged_without_saying_what_it_was() -> None:
    room = smashed()
    room.ask("acknowledge", "zhao", alarm="intrusion", reason="a bird")
    assert room.why() is None
    assert "outcome" not in room.of("alarm_acknowledged")[0]


def test_an_alarm_that_nobody_takes_within_a_minute_is_called_out_again_once() -> None:
    room = smashed()
    room.wait_ms(59_999)
    assert not room.of("alarm_escalated")
    room.wait_ms(1)
    assert Raise("intrusion", "north") in room.outcome.effects
    (written,) = room.of("alarm_escalated")
    assert (written["alarm"], written["count"], written["reason"]) == ("intrusion", 1, "timeout")
    room.wait(30 * 24 * 3600)
    assert len(room.of("alarm_escalated")) == 1


def test_an_alarm_that_is_taken_and_not_settled_in_half_an_hour_is_called_out_and_can_be_taken_over() -> None:
    room = smashed()
    room.says("take_alarm", "sun", alarm="intrusion")
    room.wait(30 * 60 - 1)
    assert not room.of("alarm_escalated")
    room.wait(1)
    assert room.of("alarm_escalated")[0]["who"] == ["sun"]
    room.says("take_alarm", "qian", alarm="intrusion")
    assert room.why() is None
    room.says("acknowledge", "sun", alarm="intrusion", **SEEN)
    assert room.why() == Reason.TAKEN
    room.wait(30 * 60)
    assert [e["count"] for e in room.of("alarm_escalated")] == [1, 2]
    assert [e["who"] for e in room.of("alarm_escalated")] == [["sun"], ["qian"]]


def test_the_site_says_when_an_alarm_is_late() -> None:
    room = Desk(replace(example(), alarm_take_ms=10_000, alarm_settle_ms=300_000))
    room.input("north.glass", Level.ACTIVE)
    room.wait(10)
    assert len(room.of("alarm_escalated")) == 1
    room.says("take_alarm", "sun", alarm="intrusion")
    room.wait(300)
    assert len(room.of("alarm_escalated")) == 2


def test_who_took_an_alarm_and_that_it_is_late_survive_a_restart() -> None:
    room = smashed()
    room.wait(60)
    room.says("take_alarm", "sun", alarm="intrusion")
    before = dict(room.state.alarms)
    room.restart(off=3_600_000)
    assert room.state.alarms == before
    room.wait(30 * 60)
    assert [e["count"] for e in room.of("alarm_escalated")] == [1, 2]


def test_b35_what_is_said_of_duress_is_sealed_and_silent_from_its_raising_to_its_end() -> None:
    room = Desk()
    room.tap("main.in", "B1")
    room.pin("main.in", "4822")
    room.wait(60)
    assert [e for e in room.outcome.effects if isinstance(e, Raise)] == [
        Raise("duress", "vault", silent=True)
    ]
    room.says("take_alarm", "sun", alarm="duress")
    room.wait(1800)
    room.says("acknowledge", "zhou", alarm="duress", **SEEN)
    assert room.why() is None
    kinds = ["alarm_raised", "alarm_escalated", "alarm_taken", "alarm_escalated", "alarm_acknowledged"]
    told = [e for e in room.entries if e.get("alarm") == "duress"]
    assert [e["kind"] for e in told] == kinds
    assert all(e["sealed"] is True for e in told)


@pytest.mark.parametrize("name", ["take_alarm", "acknowledge"])
def test_b35_whoever_opened_the_room_learns_nothing_of_duress_by_asking(name: str) -> None:
    answers = []
    for digits in ("4821", "4822"):
        room = Desk()
        room.tap("main.in", "B1")
        room.pin("main.in", digits)
        room.tap("main.in", "G1")
        room.through()
        answers.append(room.says(name, "sun", alarm="duress", **SEEN).answer)
    assert answers[0] == answers[1]
    assert room.why() == Reason.NOTHING_TO_DO


def _forced(room: Desk) -> None:
    room.open()


def _mended(room: Desk) -> None:
    room.shut()


def _window(room: Desk) -> None:
    room.open("north")


def _no_window(room: Desk) -> None:
    room.shut("north")


def _cut(room: Desk) -> None:
    room.input("fire", Level.CUT)


def _joined(room: Desk) -> None:
    room.input("fire", Level.NORMAL)


def _lost(room: Desk) -> None:
    room.step(DeviceLost(room.now, "mains", "silent"))


def _back(room: Desk) -> None:
    room.step(DeviceBack(room.now, "mains"))


def _covered(room: Desk) -> None:
    room.step(CameraSeen(room.now, "door", "covered"))


def _clear(room: Desk) -> None:
    room.step(CameraSeen(room.now, "door", "back"))


def _uncounted(room: Desk) -> None:
    room.enter("B1", "B2")
    room.rex()
    room.through()


def _counted(room: Desk) -> None:
    room.ask("recount", "zhao", "chen", room="vault", inside=[])


def _jumped(room: Desk) -> None:
    room.step(ClockJumped(room.now, 60_000))


def _accepted(room: Desk) -> None:
    room.ask("accept_clock", "zhao", "chen")


def _box(room: Desk) -> None:
    room.open("c1.a")


def _shut_box(room: Desk) -> None:
    room.shut("c1.a")


def _noisy(room: Desk) -> None:
    for n in range(60):
        room.wait_ms(20)
        room.input("mains", (Level.ACTIVE, Level.NORMAL)[n % 2], settled=False)


def _quiet(room: Desk) -> None:
    room.wait(11)


CAUSES = [
    ("forced", _forced, _mended),
    ("window_open", _window, _no_window),
    ("tamper", _cut, _joined),
    ("device_lost", _lost, _back),
    ("camera_fault", _covered, _clear),
    ("occupancy_unknown", _uncounted, _counted),
    ("clock", _jumped, _accepted),
    ("cabinet_forced", _box, _shut_box),
    ("input_fault", _noisy, _quiet),
]


@pytest.mark.parametrize(("alarm", "begin", "end"), CAUSES, ids=[cause[0] for cause in CAUSES])
def test_while_its_cause_stands_an_alarm_stays_at_the_console(alarm: str, begin: Any, end: Any) -> None:
    room = Desk()
    begin(room)
    assert alarm in room.alarms
    room.says("acknowledge", "sun", alarm=alarm, force=True, **SEEN)
    assert room.why() == Reason.CAUSE_STANDS
    room.says("acknowledge", "zhou", alarm=alarm, **SEEN)
    assert room.why() == Reason.CAUSE_STANDS
    end(room)
    room.says("acknowledge", "sun", alarm=alarm, **SEEN)
    assert room.why() is None
    assert alarm not in room.alarms
    assert "cause_stood" not in room.of("alarm_acknowledged")[0]


def test_a_chief_may_end_an_alarm_whose_cause_stands_and_the_log_says_so() -> None:
    room = Desk()
    room.open("north")
    room.says("acknowledge", "zhou", alarm="window_open", force=True, **SEEN)
    assert room.why() is None
    assert room.of("alarm_acknowledged")[0]["cause_stood"] is True


def test_at_the_box_an_alarm_can_be_ended_while_its_cause_stands_and_the_log_says_so() -> None:
    room = Desk()
    room.open("north")
    room.ask("acknowledge", "zhao", alarm="window_open", reason="the fitter is here")
    assert room.why() is None
    assert room.of("alarm_acknowledged")[0]["cause_stood"] is True


@pytest.mark.parametrize("asking", ["take_alarm", "acknowledge"])
def test_garbage_takes_and_ends_no_alarm(asking: str) -> None:
    room = smashed()
    for given in ({}, {"alarm": 7}, {"alarm": ["intrusion"]}, {"alarm": "intrusion", "place": 3}):
        outcome = room.step(Asking(room.now, asking, "sun", "", given | SEEN, via=Via.SESSION))
        assert outcome.answer
        assert not outcome.answer.accepted
    assert room.alarms == {"intrusion"}
