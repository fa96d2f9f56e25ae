"""Under duress everything visible is the same: behaviour 35."""

from __future__ import annotations

import json
from typing import Any

import pytest

from controller.core.effects import Answer, Effect, Raise
from tests.core.room import Room

Seen = list[tuple[int, Effect | Answer | None]]


def _visible(room: Room) -> Seen:
    effects: Seen = [(room.now, e) for e in room.outcome.effects if not (isinstance(e, Raise) and e.silent)]
    return [*effects, (room.now, room.outcome.answer)]


def _story(digits: str, reader: str) -> tuple[Room, Seen]:
    """A whole session, with li's digits typed after the badge at one of the readers."""
    room, seen = Room(), []
    step = room.step

    def watched(event: Any) -> Any:
        outcome = step(event)
        seen.extend(_visible(room))
        return outcome

    room.step = watched  # type: ignore[method-assign]

    def tap(at: str, badge: str) -> None:
        room.wait(2)
        room.tap(at, badge)
        if (at, badge) == (reader, "B1"):
            room.wait_ms(700)
            room.pin(at, digits)

    tap("main.in", "B1")
    tap("main.in", "B2")
    room.through()
    tap("c1", "B2")
    tap("c1", "B1")
    room.ask("open_compartment", "li", compartment="c1.a")
    room.open("c1.a")
    room.wait(3)
    room.shut("c1.a")
    tap("main.out", "B1")
    tap("main.out", "B2")
    room.through()
    room.tap("main.in", "nobody")
    room.wait(700)
    return room, seen


@pytest.mark.parametrize("reader", ["main.in", "c1", "main.out"])
def test_b35_everything_visible_under_duress_is_byte_for_byte_and_tick_for_tick_the_same(reader: str) -> None:
    normal, seen = _story("4821", reader)
    duress, seen_under_duress = _story("4822", reader)
    assert seen == seen_under_duress
    assert repr(seen).encode() == repr(seen_under_duress).encode()
    open_entries = [e for e in duress.entries if not e.get("sealed")]
    assert json.dumps(open_entries).encode() == json.dumps(normal.entries).encode()
    assert duress.of("duress")
    assert not normal.of("duress")


def test_b35_the_guard_knows_in_the_same_step() -> None:
    room = Room()
    room.tap("main.in", "B1")
    outcome = room.pin("main.in", "4822")
    assert Raise("duress", "vault", silent=True) in outcome.effects
    assert room.alarms == {"duress"}


def test_b35_the_mark_is_sealed_wherever_it_is_written() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.pin("main.in", "4822")
    room.ask("acknowledge", "zhao", alarm="duress", reason="police called")
    assert room.reason is None
    telling = [e for e in room.entries if "duress" in json.dumps(e)]
    assert [e["kind"] for e in telling] == ["duress", "alarm_raised", "alarm_acknowledged"]
    assert all(e["sealed"] is True for e in telling)


@pytest.mark.parametrize("when", ["first", "second", "inside", "leaving"])
def test_b35_the_session_is_marked_whenever_the_pin_is_typed(when: str) -> None:
    room = Room()
    room.tap("main.in", "B1")
    if when == "first":
        room.pin("main.in", "4822")
    room.tap("main.in", "B2")
    if when == "second":
        room.pin("main.in", "7306")
    room.through()
    session = room.state.room("vault").session
    assert session
    assert session.duress is (when in {"first", "second"})
    if when == "inside":
        room.tap("c1", "B1")
        room.pin("c1", "4822")
    if when == "leaving":
        room.tap("main.out", "B1")
        room.pin("main.out", "4822")
    session = room.state.room("vault").session
    assert session
    assert session.duress


def test_b35_the_mark_survives_a_restart_and_ends_with_the_session() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.pin("main.in", "4822")
    room.tap("main.in", "B2")
    room.through()
    room.restart()
    assert (session := room.state.room("vault").session)
    assert session.duress
    room.leave("B1", "B2")
    room.enter("B1", "B2")
    assert (later := room.state.room("vault").session)
    assert not later.duress


@pytest.mark.parametrize(("pin", "duress"), [("6037", "6038"), ("6039", "6030"), ("123456", "123457")])
def test_b35_duress_is_the_last_digit_and_one_modulo_ten(pin: str, duress: str) -> None:
    for digits, alarms in ((pin, set()), (duress, {"duress"})):
        room = Room(odd={"badges": ["X"], "pin": pin})
        room.tap("main.in", "X")
        room.pin("main.in", digits)
        assert room.reason is None
        assert room.alarms == alarms
