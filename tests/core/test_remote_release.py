"""Two chiefs who are not there release a door: the guard is called, and nobody knows who came in."""

from __future__ import annotations

from typing import Any

import pytest

from controller.core.effects import Release, Snapshot
from controller.core.events import DeviceLost, Level
from controller.core.plan import LogWitnesses, SitePlan
from controller.core.words import Reason
from tests.core.desk import Desk
from tests.core.plans import OFFICE, example, passage, pictured

RELEASE: dict[str, Any] = {"door": "main", "seconds": 5, "reason": "ambulance"}


def release(room: Desk, **more: Any) -> None:
    room.ask("release_door", "zhou", "wu", **(RELEASE | more))


def test_two_chiefs_release_a_door_and_the_guard_is_called_with_pictures() -> None:
    room = Desk()
    release(room, seconds=7)
    assert room.why() is None
    (written,) = room.of("released_remotely")
    assert (written["who"], written["until"], written["note"]) == (
        ["zhou", "wu"],
        room.now + 7_000,
        "ambulance",
    )
    assert Release("main", room.now + 7_000) in room.outcome.effects
    assert room.is_open()
    assert room.raised == ["remote_release"]
    shots = [e.why for e in room.outcome.effects if isinstance(e, Snapshot)]
    assert "released_remotely" in shots


def test_every_release_calls_the_guard_and_is_pictured() -> None:
    room = Desk()
    for _ in range(2):
        release(room)
        assert room.why() is None
        assert room.raised == ["remote_release"]
        assert any(isinstance(e, Snapshot) for e in room.outcome.effects)
        room.wait(10)
    assert len(room.of("released_remotely")) == 2


def test_when_the_door_opens_nobody_knows_who_is_inside_until_two_people_counted() -> None:
    room = Desk()
    release(room)
    assert not room.state.room("vault").unknown
    room.wait(1)
    room.open()
    assert room.kinds[:2] == ["opened", "count_lost"]
    assert room.of("count_lost")[0]["reason"] == "unconfirmed_pair"
    assert room.state.room("vault").unknown
    room.shut()
    assert room.state.room("vault").unknown
    room.tap("main.in", "B1")
    assert room.why() == Reason.OCCUPANCY_UNKNOWN
    release(room)
    assert room.why() == Reason.OCCUPANCY_UNKNOWN
    room.ask("recount", "zhao", "chen", room="vault", inside=[])
    release(room)
    assert room.why() is None


def test_the_count_is_lost_also_while_people_are_inside_and_they_can_leave() -> None:
    room = Desk()
    room.enter("B1", "B2")
    release(room)
    room.through()
    assert room.state.room("vault").unknown
    assert room.inside == {"li", "wang"}
    assert room.site.egress_is_free("main")
    room.leave("B1", "B2")
    assert not room.inside


def test_a_remote_release_that_nobody_uses_ends_bolted_and_the_count_stays() -> None:
    room = Desk()
    release(room, seconds=30)
    room.wait_ms(29_999)
    assert room.is_open()
    room.wait_ms(1)
    assert not room.is_open()
    assert "no_entry" in room.kinds
    assert not room.state.room("vault").unknown
    assert not room.state.door("main").remote


def test_a_request_to_exit_does_not_lengthen_a_remote_release() -> None:
    room = Desk()
    release(room)
    until = room.state.door("main").until
    room.wait(4)
    room.rex()
    assert room.state.door("main").until == until


def test_b33c_the_chiefs_who_released_it_acknowledge_no_alarm_of_that_room() -> None:
    room = Desk()
    release(room)
    room.wait(10)
    for chief in ("zhou", "wu"):
        room.ask("acknowledge", chief, alarm="remote_release", reason="it was us")
        assert room.why() == Reason.OPENED_THE_ROOM
    room.says("acknowledge", "sun", alarm="remote_release", reason="ambulance came", outcome="true")
    assert room.why() is None


def test_who_opened_before_stays_an_opener_while_the_session_runs() -> None:
    room = Desk()
    room.enter("B1", "B2")
    release(room)
    assert set(room.state.room("vault").openers) == {"li", "wang", "zhou", "wu"}


def test_b33e_a_restart_ends_a_remote_release() -> None:
    room = Desk()
    release(room, seconds=30)
    room.restart(off=1_000)
    assert not room.is_open()
    assert not room.state.door("main").remote


@pytest.mark.parametrize(
    "wrong",
    [
        {"door": "gate"},
        {"door": ["main"]},
        {"seconds": 2},
        {"seconds": 31},
        {"seconds": True},
        {"seconds": "5"},
        {"reason": ""},
        {"reason": 7},
    ],
)
def test_what_is_not_a_door_a_time_and_a_reason_releases_nothing(wrong: dict[str, Any]) -> None:
    room = Desk()
    release(room, **wrong)
    assert room.why() == Reason.NOT_UNDERSTOOD
    assert not room.is_open()


@pytest.mark.parametrize(
    ("by", "second", "reason"),
    [
        ("zhou", "", Reason.NEEDS_SECOND),
        ("zhou", "zhou", Reason.NEEDS_SECOND),
        ("zhou", "guest", Reason.NEEDS_SECOND),
        ("nobody", "wu", Reason.NOT_ALLOWED),
    ],
)
def test_one_person_alone_releases_nothing(by: str, second: str, reason: Reason) -> None:
    room = Desk()
    room.ask("release_door", by, second, **RELEASE)
    assert room.why() == reason
    assert not room.is_open()


def test_whoever_is_only_signed_in_releases_nothing() -> None:
    room = Desk()
    room.says("release_door", "zhou", "wu", **RELEASE)
    assert room.why() == Reason.NEEDS_SIGNATURE
    assert not room.is_open()


def test_a_lockdown_beats_two_chiefs() -> None:
    room = Desk()
    room.ask("lockdown", "zhao", reason="shots")
    release(room)
    assert room.why() == Reason.LOCKDOWN
    assert not room.is_open()


def test_a_lockdown_takes_a_remote_release_back() -> None:
    room = Desk()
    release(room, seconds=30)
    room.ask("lockdown", "zhao", reason="shots")
    assert not room.is_open()


@pytest.mark.parametrize("level", [Level.CUT, Level.SHORT])
def test_a_door_that_cannot_be_believed_is_not_released_from_afar(level: Level) -> None:
    room = Desk()
    room.input("main.bolt", level)
    release(room)
    assert room.why() == Reason.DOOR_FAULT


def test_a_door_whose_contact_is_lost_is_not_released_from_afar() -> None:
    room = Desk()
    room.step(DeviceLost(room.now, "main.contact", "silent"))
    release(room)
    assert room.why() == Reason.DOOR_FAULT


def test_b28_beside_an_open_door_nothing_is_released_from_afar_and_what_was_is_taken_back() -> None:
    room = Desk(passage())
    room.tap("outer.in", "B1")
    room.open("outer")
    release(room)
    assert room.why() == Reason.INTERLOCK
    room.shut("outer")
    release(room)
    assert room.why() is None
    room.tap("outer.in", "B1")
    assert room.why() == Reason.INTERLOCK
    room.open("outer")  # by force
    assert not room.is_open()


def test_a_door_that_is_released_or_open_already_is_not_released_again() -> None:
    room = Desk()
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    release(room)
    assert room.why() == Reason.NOTHING_TO_DO
    room.open()
    release(room)
    assert room.why() == Reason.NOTHING_TO_DO


CLOSED = OFFICE.__class__("never", ())


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        (pictured(), Reason.NOT_PICTURED),
        (example(room={"witnessed": 1}, log_witnesses=LogWitnesses(("bank",))), Reason.NOT_WITNESSED),
        (example(door={"delay_ms": 60_000}), Reason.DELAY_RUNNING),
        (example(door={"time_lock": CLOSED}), Reason.TIME_LOCK),
        (example(room={"duty": CLOSED}), Reason.NEEDS_DUTY_OFFICER),
    ],
)
def test_b33d_two_chiefs_override_no_rule_of_the_room(plan: SitePlan, reason: Reason) -> None:
    room = Desk(plan)
    release(room)
    assert room.why() == reason
    assert not room.is_open()


def test_b33b_outside_duty_hours_the_approval_of_a_third_lets_them() -> None:
    room = Desk(example(room={"duty": CLOSED}))
    room.ask("approve_opening", "zhou", room="vault")
    release(room)
    assert room.why() == Reason.NEEDS_DUTY_OFFICER
    room.ask("approve_opening", "zhao", room="vault")
    release(room)
    assert room.why() is None


def test_an_outer_door_is_released_and_counts_nobody() -> None:
    room = Desk(passage())
    release(room, door="outer")
    assert room.why() is None
    room.through("outer")
    assert not room.state.room("vault").unknown


def test_a_pair_that_badges_meanwhile_enters_by_name_and_the_count_is_lost_all_the_same() -> None:
    room = Desk()
    release(room, seconds=30)
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    assert room.why() is None
    room.through()
    assert room.inside == {"li", "wang"}
    assert room.state.room("vault").unknown
