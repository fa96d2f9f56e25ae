"""Two people at a door: behaviour 1 to 13."""

from __future__ import annotations

from tests.core.room import Room


def test_b01_the_second_badge_opens_and_every_transition_is_an_entry() -> None:
    room = Room()
    room.tap("main.in", "B1")
    assert room.kinds == ["pending"]
    room.tap("main.in", "B2")
    assert room.kinds[0] == "granted"
    assert room.is_open()
    room.wait(1)
    room.open()
    room.shut()
    assert "entered" in room.kinds
    assert room.inside == {"li", "wang"}
