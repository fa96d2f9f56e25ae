"""Nobody of the pair that opened the room silences its alarms, not by a detour either (behaviour 33c)."""

from __future__ import annotations

from controller.core.words import Reason
from tests.core.room import Room


def test_b33c_openers_cannot_silence_an_alarm_by_recounting_others_into_the_room() -> None:
    room = Room()
    room.enter("B1", "B2")
    room.open("north")
    assert "window_open" in room.alarms
    room.ask("acknowledge", "li", alarm="window_open", reason="it is me")
    assert room.reason is Reason.OPENED_THE_ROOM
    room.ask("recount", "li", "wang", room="vault", inside=[])
    room.ask("recount", "li", "wang", room="vault", inside=["chen", "zhao"])
    room.ask("acknowledge", "li", alarm="window_open", reason="it is me")
    assert room.reason is Reason.OPENED_THE_ROOM
    assert "window_open" in room.alarms


def test_b33c_who_recounts_is_an_opener_of_the_session_that_begins_by_it() -> None:
    room = Room()
    room.ask("recount", "li", "wang", room="vault", inside=["chen", "zhao"])
    room.open("north")
    for person in ("li", "wang", "chen", "zhao"):
        room.ask("acknowledge", person, alarm="window_open", reason="it is me")
        assert room.reason is Reason.OPENED_THE_ROOM, person
