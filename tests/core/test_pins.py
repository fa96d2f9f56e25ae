"""PINs: right, wrong, under duress and alone: behaviour 35 and 36."""

from __future__ import annotations

import json

import pytest

from controller.core import people
from controller.core.effects import Answer
from controller.core.words import Reason
from tests.core.room import Room


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
            assert room.kinds == ["refused"]
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


def test_b36_digits_of_a_person_without_a_pin_look_like_any_wrong_pin() -> None:
    seen = []
    for badge in ("B1", "B3"):
        room = Room()
        room.tap("main.in", badge)
        room.wait(2)
        outcome = room.pin("main.in", "1111")
        seen.append((outcome.answer, outcome.effects, room.kinds))
        assert room.state.door("main").pending is None
    assert seen[0] == seen[1]


def test_b36_a_pin_is_whose_it_is_though_somebody_without_one_badged_after() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.tap("main.in", "B3")
    outcome = room.pin("main.in", "4821")
    assert outcome.answer == Answer()
    room.pin("main.in", "1111")
    assert room.of("wrong_pin")[-1]["who"] == ["li"]


@pytest.mark.parametrize(
    "digits", ["", "*#", "48211", "482", "\uff14\uff18\uff12\uff11", "-821", "9" * 5_000]
)
def test_b36_strange_digits_are_a_wrong_pin(digits: str) -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.pin("main.in", digits)
    assert room.reason is Reason.WRONG_PIN


@pytest.mark.parametrize("badges", [(), ("nobody",), ("B1",), ("B3",), ("B3", "B1"), ("dead",)])
@pytest.mark.parametrize("digits", ["4821", "4822", "0000", "", "*#", "9" * 5_000])
def test_b35_as_much_is_computed_for_nobody_as_for_a_right_pin(
    badges: tuple[str, ...], digits: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lengths: list[int] = []
    real = people.pin_tag

    def counted(pepper: bytes, holder: str, typed: str) -> str:
        lengths.append(len(typed))
        return real(pepper, holder, typed)

    room = Room(dead={"badges": ["dead"], "pin": "9137"})
    room.ask("block_badge", "zhao", badge="dead")
    for badge in badges:
        room.tap("main.in", badge)
    monkeypatch.setattr(people, "pin_tag", counted)
    room.pin("main.in", digits)
    assert len(lengths) == 10
    assert max(lengths) <= 12
