"""News of a log witness travel from its thread through the inbox into the room."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from controller.clock import RoomClock
from controller.core.events import DeviceBack, DeviceLost, Witnessed
from controller.core.state import DoorPhase
from controller.gate_lines import BadLineError, parsed
from controller.inbox import Inbox, Report
from controller.view import view
from controller.witness_news import WitnessNews
from tests.core.plans import witnessed
from tests.core.room import Room


def told() -> tuple[WitnessNews, list[Report]]:
    news: list[Report] = []
    return WitnessNews("bank", news.append), news


def test_what_is_new_is_told_once_and_what_is_old_never() -> None:
    bank, news = told()
    for size in (5, 5, 3, 9):
        bank.cosigned(size)
    assert news == [DeviceBack(0, "bank"), Witnessed(0, "bank", 5), Witnessed(0, "bank", 9)]


def test_a_log_witness_that_falls_silent_and_comes_back_is_told_so_once_each() -> None:
    bank, news = told()
    bank.silent("no route")
    bank.silent("no route")
    bank.cosigned(7)
    bank.cosigned(7)
    assert news == [DeviceLost(0, "bank", "no route"), DeviceBack(0, "bank"), Witnessed(0, "bank", 7)]


def test_the_first_cosignature_after_a_start_ends_a_loss_from_before_it() -> None:
    bank, news = told()
    bank.cosigned(7)
    assert news == [DeviceBack(0, "bank"), Witnessed(0, "bank", 7)]


def test_one_that_is_back_with_old_news_is_back() -> None:
    bank, news = told()
    bank.cosigned(7)
    bank.silent("no route")
    bank.cosigned(7)
    assert news[2:] == [DeviceLost(0, "bank", "no route"), DeviceBack(0, "bank")]


def test_news_go_through_the_inbox_into_the_room_and_open_the_door() -> None:
    room, inbox = Room(witnessed()), Inbox(RoomClock())
    bank = WitnessNews("bank", inbox.put)

    def arrive() -> None:
        for item in inbox.take(0.0):
            assert isinstance(item.content, Witnessed | DeviceLost | DeviceBack)
            room.step(replace(item.content, at=room.now))

    for badge in ("B1", "B2"):
        room.tap("main.in", badge)
    bank.silent("no route")
    arrive()
    assert room.state.door("main").phase is DoorPhase.AWAITING
    assert view(room.site)["lost"] == ["bank"]
    bank.cosigned(room.state.size)
    arrive()
    assert room.is_open()


def test_whoever_looks_sees_how_much_is_not_witnessed_and_by_whom_what_is() -> None:
    room = Room(witnessed("bank", "branch"))
    size = room.state.size
    room.step(Witnessed(room.now, "branch", size - 3))
    shown: dict[str, Any] = view(room.site)["log"]
    assert (shown["size"], shown["unwitnessed"]) == (size, 3)
    assert shown["witnesses"] == {"bank": 0, "branch": size - 3}


@pytest.mark.parametrize(
    "line",
    [
        b'{"report": {"witnessed": "bank", "size": "9"}}',
        b'{"report": {"log_witness": "bank", "size": 9}}',
        b'{"report": {"device_lost": "bank"}}',
    ],
)
def test_nobody_at_the_gate_can_say_that_a_log_witness_has_cosigned(line: bytes) -> None:
    with pytest.raises(BadLineError):
        parsed(line)
