"""A grant that waits for a picture, and for a cosignature beside it, and what may happen in between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from controller.core.words import Reason
from tests.core.eyes import answer
from tests.core.pictured import OPENS, both, cosign, granted
from tests.core.plans import pictured
from tests.core.room import Room
from tests.core.taken_back import blocked, ended, lockdown


def test_both_cosignature_and_picture_are_waited_for_in_either_order() -> None:
    for first, second in ((cosign, answer), (answer, cosign)):
        room = granted(both())
        first(room)
        assert not room.is_open()
        second(room)
        assert room.is_open()
        assert room.of("log_witnessed")
        assert not room.alarms


def test_without_its_picture_a_cosigned_grant_is_refused() -> None:
    room = granted(both())
    cosign(room)
    room.wait(2)
    assert not room.is_open()
    assert room.of("no_entry")[-1]["reason"] == Reason.NOT_PICTURED


def test_a_pictured_grant_without_its_cosignature_opens_at_that_limit_with_that_alarm() -> None:
    room = granted(both())
    answer(room)
    room.wait_ms(2_999)
    assert not room.is_open()
    room.wait_ms(1)
    assert room.is_open()
    assert room.alarms == {"log_unwitnessed"}


def test_without_either_both_alarms_are_raised_at_the_later_limit() -> None:
    room = granted(both(**OPENS))
    room.wait(2)
    assert not room.is_open()
    room.wait(1)
    assert room.is_open()
    assert room.alarms == {"log_unwitnessed", "no_picture"}
    assert room.of("unpictured_opening")[-1]["unwitnessed"] is True


def _no_longer_entitled(room: Room) -> None:
    room.ask("change_person", "zhao", "chen", person="li", doors=[])


def _wrong_pin(room: Room) -> None:
    room.pin("main.in", "0000")


@pytest.mark.parametrize("more", [{}, OPENS])
@pytest.mark.parametrize("happens", [lockdown, blocked, ended, _no_longer_entitled, _wrong_pin])
def test_what_comes_in_between_takes_the_grant_back(
    happens: Callable[[Room], None], more: dict[str, Any]
) -> None:
    room = granted(Room(pictured(room=more)))
    shot = room.state.shots
    happens(room)
    answer(room, shot=shot)
    room.wait(3)
    assert not room.is_open()
    assert not room.of("grant_pictured")
    assert not room.of("unpictured_opening")
    assert room.of("no_entry")[-1]["who"] == ["li", "wang"]
