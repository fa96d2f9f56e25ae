"""PINs: right, wrong, under duress and alone: behaviour 35 and 36."""

from __future__ import annotations

import json
from typing import Any

import pytest

from controller.core.effects import Answer, Effect, Raise
from controller.core.words import Reason
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


@pytest.mark.parametrize("by", [-2, -1, 0, 1, 2])
def test_b35_a_pin_within_two_of_another_is_refused(by: int) -> None:
    for base in ("4821", "4820", "4829", "0000", "9999"):
        room = Room(odd={"badges": ["X"]})
        room.ask("change_person", "zhao", "chen", person="li", pin=base)
        assert room.reason is None
        near = [str((int(base) + by) % 10_000).zfill(4), base[:-1] + str((int(base[-1]) + by) % 10)]
        for pin in near:
            room.ask("change_person", "zhao", "chen", person="odd", pin=pin)
            assert room.reason is Reason.PIN_TOO_CLOSE, (base, pin)


@pytest.mark.parametrize("pin", ["4824", "4818", "5821", "48210", "0482"])
def test_b35_a_pin_further_away_is_taken(pin: str) -> None:
    room = Room()
    room.ask("change_person", "zhao", "wang", person="chen", pin=pin)
    assert room.reason is None


def test_b35_ones_own_new_pin_may_be_close_to_ones_old_one() -> None:
    room = Room()
    room.ask("change_person", "zhao", "chen", person="li", pin="4822")
    assert room.reason is None


@pytest.mark.parametrize(
    "pin", ["", "482", "1234567890123", "48a1", "\u0664\u0668\u0662\u0661", 4821, None, ["4821"]]
)
def test_b35_what_is_no_pin_is_not_understood(pin: object) -> None:
    room = Room()
    room.ask("change_person", "zhao", "wang", person="chen", pin=pin)
    assert room.reason is Reason.NOT_UNDERSTOOD


def test_b35_no_pin_stands_in_any_entry() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.pin("main.in", "4821")
    room.pin("main.in", "4822")
    room.pin("main.in", "9137")
    text = json.dumps([{k: v for k, v in e.items() if k != "person"} for e in room.entries])
    for digits in ("4821", "4822", "9137", "7305"):
        assert f'"{digits}"' not in text
    assert all(len(p.pin) in {0, 64} for p in room.state.people.values())


def test_b36_a_pin_alone_opens_nothing() -> None:
    room = Room()
    for reader in room.plan.readers:
        for digits in ("4821", "7305", "4822", ""):
            room.pin(reader, digits)
            assert room.reason is Reason.PIN_ALONE
    assert not any(room.is_open(lock) for lock in room.plan.locks)
    assert not room.of("duress")


def test_b36_two_right_pins_and_one_badge_are_one_person() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.pin("main.in", "4821")
    room.pin("main.in", "7305")
    assert not room.is_open()


def test_b36_a_pin_counts_to_ten_seconds_after_its_badge_and_not_longer() -> None:
    for late, reason in ((10_000, None), (10_001, Reason.PIN_ALONE)):
        room = Room()
        room.tap("main.in", "B1")
        room.wait_ms(late)
        room.pin("main.in", "4821")
        assert room.reason is reason


def test_b36_a_pin_belongs_to_the_last_badge_at_the_same_reader() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.pin("main.in2", "4821")
    assert room.reason == Reason.PIN_ALONE
    room.tap("main.in", "nobody")
    room.pin("main.in", "4821")
    assert room.reason == Reason.PIN_ALONE


def test_b36_a_wrong_pin_takes_its_person_out_of_the_pair() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.pin("main.in", "0000")
    assert room.reason == Reason.WRONG_PIN
    assert room.of("pending_cancelled")[0]["reason"] == Reason.WRONG_PIN
    room.tap("main.in", "B2")
    assert not room.is_open()


def test_b36_a_pin_is_right_or_wrong_for_its_own_holder_only() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.pin("main.in", "7305")
    assert room.reason is Reason.WRONG_PIN


def test_b36_digits_of_a_person_without_a_pin_change_nothing() -> None:
    room = Room()
    room.tap("main.in", "B3")
    room.pin("main.in", "1111")
    assert room.reason is None
    room.tap("main.in", "B2")
    assert room.is_open()


@pytest.mark.parametrize(
    "digits", ["", "*#", "48211", "482", "\uff14\uff18\uff12\uff11", "-821", "9" * 5_000]
)
def test_b36_strange_digits_are_a_wrong_pin(digits: str) -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.pin("main.in", digits)
    assert room.reason is Reason.WRONG_PIN
