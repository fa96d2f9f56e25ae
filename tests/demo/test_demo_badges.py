"""What the people of the demo carry, on the demo's own wires."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event
from typing import Any

import pytest

from controller.demo_room import DemoRoom
from controller.demo_words import Translator
from tests.forked import ForkedChild
from tests.wires.wired import LONG


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoRoom]:
    """One room for all: each story is about people of its own."""
    room = DemoRoom(tmp_path_factory.mktemp("demo"), Translator({}), kind=ForkedChild)
    try:
        room.open()
        yield room
    finally:
        room.close()


@dataclass
class Story:
    """What happens in the room from now on."""

    room: DemoRoom
    since: int

    def told(self, kind: str) -> list[dict[str, Any]]:
        entries = [dict(entry) for entry in self.room.scene.entries if entry["kind"] == kind]
        return [entry for entry in entries if entry["n"] > self.since]


@pytest.fixture
def story(opened: DemoRoom) -> Story:
    opened.follow()
    until(opened, lambda: not opened.bench.lock("outer"))
    return Story(opened, max((entry["n"] for entry in opened.scene.entries), default=-1))


def until(room: DemoRoom, true: Callable[[], bool]) -> None:
    """Let the demo go on until something is so."""
    end = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < end, list(room.scene.entries)[-9:]
        room.follow()
        Event().wait(0.02)


def levels(room: DemoRoom, person: str) -> set[str]:
    badges = room.scene.view.get("badges", {}).values()
    return {badge["level"] for badge in badges if badge["holder"] == person and not badge["blocked"]}


def test_a_badge_shown_while_it_is_being_made_opens_when_it_is_and_its_copy_calls_the_guard(
    story: Story,
) -> None:
    room = story.room
    room.scene.chosen = "li"
    room.badge("outer.in")
    until(room, lambda: bool(story.told("granted")))
    assert story.told("granted")[0]["level"] == "desfire"
    assert levels(room, "li") == {"desfire"}
    until(room, lambda: not room.bench.lock("outer"))
    room.copied()
    until(room, lambda: "badge_copied" in {one["alarm"] for one in story.told("alarm_raised")})
    refused = story.told("refused")[-1]
    assert (refused["reason"], refused["level"], refused["who"]) == ("copied", "uid", ["li"])
    assert len(story.told("granted")) == 1
    assert not room.bench.lock("outer")


def test_a_copied_legacy_card_opens_until_its_holder_has_a_badge_that_proves_itself(story: Story) -> None:
    room = story.room
    room.scene.chosen = "zhang"
    until(room, lambda: room.badges.proves("wang"))
    assert levels(room, "zhang") == {"uid"}
    room.copied()
    until(room, lambda: bool(story.told("granted")))
    assert story.told("granted")[-1]["who"] == ["zhang"]
    until(room, lambda: not room.bench.lock("outer"))
    room.badges.make("zhang")
    until(room, lambda: levels(room, "zhang") == {"desfire"})
    assert story.told("badge_issued")[-1]["person"] == "zhang"
    room.copied()
    until(room, lambda: bool(story.told("refused")))
    assert story.told("refused")[-1]["reason"] == "copied"
    assert len(story.told("granted")) == 1


def test_who_may_not_have_a_badge_gets_none_and_holds_nobody_up(story: Story) -> None:
    room = story.room
    room.badges.make("sun")
    room.badges.make("chen")
    until(room, lambda: room.badges.proves("chen"))
    assert levels(room, "sun") == {"uid"}
