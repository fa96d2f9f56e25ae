"""One iron door between two rests: behaviour 24 and 25."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controller.core.effects import Release, Secure, Snapshot
from controller.core.events import Level, TimePassed
from controller.core.state import DoorPhase
from controller.core.words import Reason
from tests.core.plans import example, passage
from tests.core.room import Room


def _granted(room: Room | None = None) -> Room:
    """A pair has just been granted; the clock stands at the grant."""
    room = room or Room()
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    assert room.is_open()
    return room


def _open(room: Room | None = None) -> Room:
    """The pair has just opened the door."""
    room = _granted(room)
    room.open()
    return room


@pytest.mark.parametrize("unlock", [3_000, 5_000, 30_000])
def test_b24_the_bolt_is_free_for_its_time_and_not_a_millisecond_longer(unlock: int) -> None:
    room = _granted(Room(example(door={"unlock_ms": unlock})))
    assert Release("main", room.now + unlock) in room.outcome.effects
    room.wait_ms(unlock - 1)
    assert room.is_open()
    room.wait_ms(1)
    assert not room.is_open()
    assert Secure("main") in room.outcome.effects
    assert room.kinds[0] == "no_entry"


def test_b24_a_release_nobody_used_says_in_which_direction_it_was() -> None:
    room = _granted()
    room.wait(5)
    assert room.kinds[0] == "no_entry"
    room.enter("B1", "B2")
    room.tap("main.out", "B1")
    room.wait(5)
    assert room.kinds[0] == "no_exit"


def test_b24_the_bolt_falls_when_the_door_opens() -> None:
    room = _granted()
    room.open()
    assert Secure("main") in room.outcome.effects
    assert not room.is_open()
    room.shut()
    assert not room.is_open()
    assert room.state.door("main").phase is DoorPhase.LOCKED


def test_b24_a_door_shut_again_takes_a_new_pair() -> None:
    room = _open()
    room.shut()
    room.open()
    assert room.alarms == {"forced"}


@pytest.mark.parametrize(("held", "before"), [(30_000, 5_000), (10_000, 5_000), (60_000, 1_000)])
def test_b24_open_too_long_is_an_alarm_with_a_warning_before(held: int, before: int) -> None:
    room = _open(Room(example(door={"held_ms": held, "prealarm_ms": before})))
    room.wait_ms(held - before - 1)
    assert not room.kinds
    room.wait_ms(1)
    assert room.kinds == ["held_soon"]
    assert not room.alarms
    room.wait_ms(before - 1)
    assert not room.alarms
    room.wait_ms(1)
    assert room.raised == ["held"]
    assert len(room.of("held_soon")) == len(room.of("held")) == 1


def test_b24_shut_one_millisecond_before_is_not_too_long() -> None:
    room = _open()
    room.wait_ms(29_999)
    room.shut()
    room.wait(60)
    assert not room.alarms


def test_b24_a_late_loop_writes_the_moment_at_which_it_fell_due() -> None:
    room = _open()
    opened = room.now
    room.step(TimePassed(room.now + 3_600_000))
    assert room.of("held_soon")[0]["at"] == opened + 25_000
    assert room.of("held")[0]["at"] == opened + 30_000


def test_b24_every_door_has_times_of_its_own() -> None:
    plan = passage()
    outer = replace(plan.doors["outer"], unlock_ms=20_000, held_ms=120_000)
    room = Room(replace(plan, doors={**plan.doors, "outer": outer}))
    room.tap("outer.in", "B1")
    room.wait(19)
    assert room.is_open("outer")
    room.open("outer")
    room.wait(119)
    assert not room.alarms
    room.wait(1)
    assert room.alarms == {"held"}


@pytest.mark.parametrize("waited", [0, 26, 40])
def test_b24_after_a_restart_an_open_door_is_watched_afresh_and_nothing_is_unlocked(waited: int) -> None:
    room = _open()
    room.wait(waited)
    room.restart()
    assert not room.is_open()
    room.wait_ms(29_999)
    before = len(room.of("held"))
    room.wait_ms(1)
    assert len(room.of("held")) == before + 1
    assert "held" in room.alarms


def test_b24_a_held_door_that_shuts_stays_an_alarm_until_somebody_takes_note() -> None:
    room = _open()
    room.wait(30)
    room.shut()
    assert room.alarms == {"held"}
    room.ask("acknowledge", "chen", alarm="held", place="main", reason="a trolley in the door")
    assert not room.alarms


@pytest.mark.parametrize("inside", [(), ("B1", "B2")])
def test_b25_open_without_a_grant_is_forced_and_calls_the_guard_with_a_picture(
    inside: tuple[str, ...],
) -> None:
    room = Room()
    if inside:
        room.enter(*inside)
    room.open()
    assert room.raised == ["forced"]
    assert Secure("main") in room.outcome.effects
    assert any(isinstance(e, Snapshot) and e.place == "main" for e in room.outcome.effects)
    assert room.kinds[0] == "forced"


def test_b25_the_guard_is_called_within_a_second_also_through_the_chatter_filter() -> None:
    room = Room()
    room.input("main.contact", Level.ACTIVE, settled=False)
    opened = room.now
    room.wait_ms(1_000)
    assert "forced" in room.raised
    assert room.of("forced")[0]["at"] - opened <= 1_000


def test_b25_a_door_opened_one_millisecond_after_its_release_is_forced() -> None:
    for late, kind in ((4_999, "opened"), (5_000, "forced")):
        room = _granted()
        room.wait_ms(late)
        room.open()
        assert room.kinds[0] == kind


def test_b25_a_forced_alarm_latches_until_acknowledged_also_over_a_restart() -> None:
    room = Room()
    room.open()
    room.shut()
    room.wait(86_400)
    assert "forced" in room.alarms
    room.restart(off=3_600_000)
    assert "forced" in room.alarms
    room.ask("acknowledge", "zhao", alarm="forced", place="main", reason="")
    assert "forced" in room.alarms
    room.ask("acknowledge", "zhao", alarm="forced", place="main", reason="seen, a child with a key")
    assert "forced" not in room.alarms


def test_b25_through_a_forced_door_nobody_enters_and_nobody_knows_who_is_inside() -> None:
    room = Room()
    room.open()
    assert _refused(room) is Reason.DOOR_FAULT
    room.shut()
    assert room.state.room("vault").unknown
    assert _refused(room) is Reason.OCCUPANCY_UNKNOWN


def _refused(room: Room) -> Reason | None:
    room.tap("main.in", "B1")
    return room.outcome.answer.reason if room.outcome.answer else None


def test_b25_a_forced_door_stays_forced_over_a_restart_until_it_shuts() -> None:
    room = Room()
    room.open()
    room.restart()
    assert room.state.door("main").phase is DoorPhase.FORCED
    room.shut()
    assert room.state.door("main").phase is DoorPhase.LOCKED
