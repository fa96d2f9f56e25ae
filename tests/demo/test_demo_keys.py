"""Every key of the demo says what it did, or why nothing happened."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from threading import Event

import pytest

from controller.demo_command import Demo, demo
from controller.demo_room import DemoRoom
from controller.demo_view import KEYS
from controller.demo_words import translator
from tests.forked import ForkedChild
from tests.wires.wired import LONG


@pytest.fixture(scope="module", params=["en", pytest.param("zh", marks=pytest.mark.long)])
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    say = translator(request.param)
    room: DemoRoom = DemoRoom(tmp_path_factory.mktemp("demo"), say, kind=ForkedChild)
    try:
        room.open()
        yield Demo(room, say)
    finally:
        room.close()


def said(played: Demo, key: str) -> str:
    """What stands on top after a key; the sentence before is taken away."""
    played.room.scene.said = ""
    played.key(key)
    return played.room.scene.said


def until_said(played: Demo, words: str) -> None:
    end = time.monotonic() + LONG
    while played.room.scene.said != words:
        assert time.monotonic() < end, played.room.scene.said
        played.tick()
        Event().wait(0.02)


def test_a_key_says_what_it_did_or_why_nothing_happened(played: Demo) -> None:
    end = time.monotonic() + LONG
    while not played.room.badges.proves("wang"):
        assert time.monotonic() < end
        played.tick()
        Event().wait(0.02)
    say, names = played.say, played.room.scene.names
    keys = "".join(key.replace(" ", "") for key, _ in KEYS if key not in {"1-7", "t", "q"})
    for key in f"1234567{keys}?":
        told = said(played, key)
        assert told, key
        if say("end") != "end":
            assert not re.search("[a-z]{3,}", re.sub(r"[a-z]+\.[a-z]+", "", told)), told
    for key in "hwkue":  # each the other way round
        played.key(key)
    played.key("1")
    assert said(played, "b") == say("{name} has a badge that proves itself; no other is made.").format(
        name=names["li"]
    )
    played.key("3")
    assert names["zhang"] in said(played, "y")
    begun = say("The desk makes a badge for {name}; it counts once it has proved itself.")
    assert said(played, "b") == begun.format(name=names["zhang"])
    until_said(played, say("{name} has a new badge that proves itself.").format(name=names["zhang"]))


def test_the_help_says_how_long_the_tour_takes() -> None:
    text = demo.get_help(demo.make_context("demo", []))
    assert "about 65 seconds" in text
    assert "--seconds 20 shows" in text
