"""What the people of the demo carry, on the demo's own wires."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from controller.demo_room import DemoRoom
from controller.demo_words import Translator
from tests.wires.wired import LONG


@pytest.fixture
def room(tmp_path: Path) -> Iterator[DemoRoom]:
    room = DemoRoom(tmp_path, Translator({}))
    room.open()
    yield room
    room.close()


def until(room: DemoRoom, true: Callable[[], bool]) -> None:
    """Let the demo go on until something is so."""
    end = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < end, list(room.scene.entries)[-9:]
        room.follow()
        Event().wait(0.02)


def told(room: DemoRoom, kind: str) -> list[dict[str, Any]]:
    return [dict(entry) for entry in room.scene.entries if entry["kind"] == kind]


def levels(room: DemoRoom, person: str) -> set[str]:
    badges = room.scene.view.get("badges", {}).values()
    return {badge["level"] for badge in badges if badge["holder"] == person and not badge["blocked"]}


def test_a_badge_shown_while_it_is_being_made_opens_when_it_is_and_its_copy_calls_the_guard(
    room: DemoRoom,
) -> None:
    room.scene.chosen = "li"
    room.badge("outer.in")
    until(room, lambda: bool(told(room, "granted")))
    assert told(room, "granted")[0]["level"] == "desfire"
    assert levels(room, "li") == {"desfire"}
    until(room, lambda: not room.bench.lock("outer"))
    room.copied()
    until(room, lambda: bool(told(room, "alarm_raised")))
    assert told(room, "alarm_raised")[-1]["alarm"] == "badge_copied"
    refused = told(room, "refused")[-1]
    assert (refused["reason"], refused["level"], refused["who"]) == ("copied", "uid", ["li"])
    assert len(told(room, "granted")) == 1
    assert not room.bench.lock("outer")


def test_a_copied_legacy_card_opens_until_its_holder_has_a_badge_that_proves_itself(room: DemoRoom) -> None:
    room.scene.chosen = "zhang"
    until(room, lambda: room.badges.proves("wang"))
    assert levels(room, "zhang") == {"uid"}
    room.copied()
    until(room, lambda: bool(told(room, "granted")))
    assert told(room, "granted")[-1]["who"] == ["zhang"]
    until(room, lambda: not room.bench.lock("outer"))
    room.badges.make("zhang")
    until(room, lambda: levels(room, "zhang") == {"desfire"})
    assert told(room, "badge_issued")[-1]["person"] == "zhang"
    room.copied()
    until(room, lambda: bool(told(room, "refused")))
    assert told(room, "refused")[-1]["reason"] == "copied"
    assert len(told(room, "granted")) == 1


def test_who_may_not_have_a_badge_gets_none_and_holds_nobody_up(room: DemoRoom) -> None:
    room.badges.make("sun")
    room.badges.make("chen")
    until(room, lambda: room.badges.proves("chen"))
    assert levels(room, "sun") == {"uid"}
