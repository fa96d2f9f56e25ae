"""The sample room has a second box, and what it cosigned is shown."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from controller.demo_room import DemoRoom
from controller.demo_words import Translator
from controller.ledger.formats.note import SignedNote
from tests.forked import ForkedChild
from tests.wires.wired import LONG


@pytest.fixture
def room(tmp_path: Path) -> Iterator[DemoRoom]:
    room = DemoRoom(tmp_path, Translator({}), kind=ForkedChild)
    room.open()
    yield room
    room.close()


def test_what_happens_in_the_sample_room_is_cosigned_at_once(room: DemoRoom) -> None:
    room.window()
    end = time.monotonic() + LONG
    while (log := room.child.look()["log"])["size"] <= 10 or log["witnesses"].get("branch") != log["size"]:
        assert time.monotonic() < end, log
        Event().wait(0.05)
    file = room.bench.data / "checkpoint.cosigned"  # the news come before the files beside the log
    while not file.exists():
        assert time.monotonic() < end
        Event().wait(0.05)
    cosigned = SignedNote.parse(file.read_bytes())
    assert [one.name for one in cosigned.signatures] == ["passage", "branch.example/log-witness"]
