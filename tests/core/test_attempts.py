"""Wrong attempts in a row at one reader (behaviour 34; GB 50396, 5.1.5)."""

from __future__ import annotations

import pytest

from controller.core.words import Reason
from tests.core.plans import example
from tests.core.room import Room

PENALTY_MS = 600_000


def _strangers(room: Room, times: int, reader: str = "main.in") -> None:
    for n in range(times):
        room.wait(1)
        room.tap(reader, f"nobody{n}")


@pytest.mark.parametrize("reader", ["main.in", "main.out", "c1", "main.inside"])
def test_b34_five_wrong_attempts_in_a_row_at_one_reader_call_the_guard(reader: str) -> None:
    room = Room()
    room.enter("B1", "B2")
    _strangers(room, 4, reader)
    assert "wrong_attempts" not in room.alarms
    _strangers(room, 1, reader)
    assert "wrong_attempts" in room.raised
    assert room.of("penalty")[0]["place"] == reader


def test_b34_unknown_withdrawn_expired_badges_and_wrong_pins_count_alike() -> None:
    room = Room(odd={"badges": ["X"], "valid_until": 1}, gone={"badges": ["Y"]})
    room.ask("block_badge", "zhao", badge="Y")
    room.tap("main.in", "nobody")
    room.tap("main.in", "X")
    room.tap("main.in", "Y")
    room.tap("main.in", "nobody")
    room.ask("lockdown", "zhao")
    room.tap("main.in", "B1")
    assert not room.alarms
    room.pin("main.in", "0000")
    assert room.alarms == {"wrong_attempts"}
    assert room.of("penalty")[0]["badges"] == ["nobody", "X", "Y", "B1"]


def test_b34_a_refusal_for_a_reason_of_the_room_is_no_wrong_attempt() -> None:
    room = Room(
        odd={"badges": ["X"], "hours": "office", "doors": []}, new={"badges": ["N"], "trained": False}
    )
    room.ask("lockdown", "zhao")
    for badge in ("X", "N", "B1", "B2", "B3", "V1") * 3:
        room.wait(2)
        room.tap("main.in", badge)
        assert room.reason is not None
    assert not room.of("penalty")


def test_b34_attempts_at_two_readers_are_not_in_a_row() -> None:
    room = Room()
    _strangers(room, 4, "main.in")
    _strangers(room, 4, "main.in2")
    assert not room.alarms


def test_b34_an_accepted_badge_ends_the_row() -> None:
    room = Room()
    _strangers(room, 4)
    room.tap("main.in", "B1")
    _strangers(room, 2)
    assert "wrong_attempts" not in room.alarms


def test_b34_the_room_forgets_nothing_of_a_row_at_a_restart() -> None:
    room = Room()
    _strangers(room, 4)
    room.restart()
    _strangers(room, 1)
    assert "wrong_attempts" in room.alarms


def test_b34_tapping_the_badge_between_wrong_pins_does_not_end_the_row() -> None:
    room = Room()
    for _ in range(5):
        room.wait(2)
        room.tap("main.in", "B1")
        room.pin("main.in", "0000")
    assert "wrong_attempts" in room.alarms
    room.tap("main.in", "B1")
    assert room.reason is Reason.PENALTY


def _penalised() -> Room:
    """Five wrong PINs to the badge B1, just now."""
    room = Room()
    room.tap("main.in", "B1")
    for _ in range(5):
        room.pin("main.in", "0000")
    return room


def test_b34_the_penalty_lasts_ten_minutes_to_the_millisecond() -> None:
    room = _penalised()
    began = room.of("penalty")[0]["at"]
    room.wait_ms(began + PENALTY_MS - 1 - room.now)
    room.tap("main.in", "B1")
    assert room.reason == Reason.PENALTY
    room.wait_ms(1)
    room.tap("main.in", "B1")
    assert room.reason is None


def test_b34_the_penalty_survives_a_restart() -> None:
    room = _penalised()
    room.restart(off=60_000)
    room.tap("main.in", "B1")
    assert room.reason is Reason.PENALTY


def test_b34_the_penalty_is_on_the_badge_at_every_reader() -> None:
    room = _penalised()
    room.wait(5)
    for reader in ("main.in2", "c1", "main.inside"):
        room.wait(2)
        room.tap(reader, "B1")
        assert room.reason is Reason.PENALTY


def test_b34_the_penalty_does_not_lock_out_other_people() -> None:
    room = _penalised()
    room.tap("main.in", "B2")
    room.tap("main.in", "B3")
    assert room.is_open()


def test_b34_the_penalty_stops_a_pair_that_was_being_made() -> None:
    room = Room()
    room.tap("c1", "B1")
    room.pin("c1", "0000")
    room.wait(5)
    room.tap("main.in", "B1")
    assert room.kinds == ["pending"]
    _strangers(room, 4, "c1")
    room.tap("main.in", "B2")
    assert room.reason is Reason.FIRST_NO_LONGER_VALID
    assert not room.is_open()


def test_b34_who_waits_out_a_penalty_still_gets_out() -> None:
    room = Room()
    room.enter("B1", "B2")
    room.tap("main.out", "B1")
    for _ in range(5):
        room.pin("main.out", "0000")
    room.wait(10)
    room.tap("main.out", "B1")
    assert room.is_open()
    room.through()
    assert room.inside == {"wang"}


def test_b34_a_penalised_badge_does_not_tell_whether_a_pin_is_right() -> None:
    answers = []
    for digits in ("0000", "4821", "4822"):
        room = _penalised()
        room.wait(2)
        room.tap("main.in", "B1")
        room.wait(2)
        outcome = room.pin("main.in", digits)
        answers.append((outcome.answer, [e for e in outcome.effects if not getattr(e, "silent", False)]))
    assert answers[0] == answers[1] == answers[2]


def test_b34_a_withdrawn_badge_does_not_tell_whether_a_pin_is_right() -> None:
    answers = []
    for digits in ("0000", "4821"):
        room = Room()
        room.ask("block_badge", "zhao", badge="B1")
        room.tap("main.in", "B1")
        room.wait(2)
        answers.append(room.pin("main.in", digits).answer)
    assert answers[0] == answers[1]


def test_b34_number_and_length_are_settings() -> None:
    room = Room(example(attempts=3, penalty_ms=1_000))
    room.tap("main.in", "B1")
    for _ in range(3):
        room.pin("main.in", "0000")
    assert room.alarms == {"wrong_attempts"}
    room.wait_ms(1_000)
    room.tap("main.in", "B1")
    assert room.reason is None


def test_b34_after_the_alarm_the_next_row_begins_at_one() -> None:
    room = Room()
    _strangers(room, 9)
    assert len(room.of("penalty")) == 1
    _strangers(room, 1)
    assert len(room.of("penalty")) == 2
