"""What takes a grant back while log witnesses have not cosigned it yet (requirement R8.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from controller.core.events import DeviceLost, Level
from controller.core.state import DoorPhase
from controller.core.words import Reason
from tests.core.plans import OFFICE, START, witnessed
from tests.core.room import Room
from tests.core.taken_back import blocked, ended, lockdown
from tests.core.waiting import cosign, granted


def _penalised(room: Room) -> None:
    room.tap("main.in2", "B1")
    for _ in range(5):
        room.pin("main.in2", "0000")


def _no_longer_entitled(room: Room) -> None:
    room.ask("change_person", "zhao", "chen", person="li", doors=[])


def _doubtful(room: Room) -> None:
    room.input("main.contact", Level.CUT)


def _wrong_pin(room: Room) -> None:
    room.pin("main.in", "0000")


MEANWHILE: list[Callable[[Room], Any]] = [
    lockdown,
    blocked,
    ended,
    _penalised,
    _no_longer_entitled,
    _doubtful,
    _wrong_pin,
]


@pytest.mark.parametrize("cosigned", [True, False])
@pytest.mark.parametrize("happens", MEANWHILE)
def test_what_comes_in_between_takes_the_grant_back(happens: Callable[[Room], Any], cosigned: bool) -> None:
    room = granted()
    happens(room)
    if cosigned:
        cosign(room)
    else:
        room.wait(3)
    assert not room.is_open()
    assert not room.of("log_witnessed")
    assert not room.of("unwitnessed_opening")
    assert room.of("no_entry")[-1]["who"] == ["li", "wang"]
    assert room.of("no_entry")[-1]["reason"]
    assert room.state.door("main").phase is DoorPhase.LOCKED
    assert not room.state.door("main").entering


def test_a_grant_that_is_taken_back_looks_like_every_other_no() -> None:
    room = granted()
    blocked(room)
    cosign(room)
    assert room.signal() == "refused"
    room.wait(2)
    assert room.signal() == "idle"


def test_one_who_joins_two_is_not_let_in_when_one_of_the_two_has_left() -> None:
    plan = witnessed()
    room = granted(Room(plan))
    cosign(room)
    room.through()
    room.wait(10)
    granted(room, "B3")
    room.step(DeviceLost(room.now, "main.contact"))  # the count is lost before the cosignature comes
    cosign(room)
    assert not room.is_open()
    assert room.of("no_entry")[-1]["who"] == ["chen"]


def test_hours_that_end_while_it_waits_take_the_grant_back() -> None:
    room = Room(witnessed(room={"witness_ms": 30_000, "duty": OFFICE}))
    room.wait_ms(START + 9 * 3_600_000 - 10_000 - START - room.now)  # ten seconds before 18:00
    granted(room)
    room.wait(10)
    cosign(room)
    assert room.of("no_entry")[-1]["reason"] == Reason.NEEDS_DUTY_OFFICER
    assert not room.is_open()


def test_the_grant_itself_does_not_speak_against_its_people() -> None:
    room = granted(Room(witnessed(room={"max_occupancy": 2}, together={"pair_per_week": 1})))
    cosign(room)
    assert room.is_open()
