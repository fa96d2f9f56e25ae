"""Counts: a card's own, which only grows, and wrong attempts that call the guard: behaviour 8 and 34."""

from __future__ import annotations

import pytest

from controller.core.words import Reason
from tests.core.cards import LI, SIDES, UIDS, Proved, pair_inside, proving


@pytest.mark.parametrize("fault", ["wrong_key", "slow"])
@pytest.mark.parametrize("reader", SIDES)
def test_b34_five_cards_that_prove_nothing_call_the_guard_and_keep_no_badge_out(
    reader: str, fault: str
) -> None:
    room = pair_inside()
    for _ in range(5):
        room.wait(2)
        room.fault(UIDS[LI], fault, reader)
    assert "wrong_attempts" in room.alarms
    assert room.of("penalty")[0]["badges"] == [UIDS[LI]]
    room.wait(2)
    room.show(LI, "main.inside")
    assert room.reason is None


@pytest.mark.parametrize("fault", ["two_cards", "no_key", "broken"])
@pytest.mark.parametrize("reader", SIDES)
def test_b34_what_happens_to_honest_people_is_no_wrong_attempt(reader: str, fault: str) -> None:
    room = pair_inside()
    for _ in range(12):
        room.wait(2)
        room.fault(UIDS[LI], fault, reader)
    assert not room.of("penalty")
    assert not any("wrong" in entry or "copy_of" in entry for entry in room.of("refused"))
    assert not {"wrong_attempts", "badge_copied"} & room.alarms


def test_b34_an_old_count_five_times_calls_the_guard_and_does_not_keep_the_badge_out() -> None:
    room = Proved(level="ntag424")
    room.show(LI, counter=9)
    for _ in range(5):
        room.wait(20)
        room.show(LI, counter=9)
    assert {"wrong_attempts", "badge_copied"} <= room.alarms
    refused = room.of("refused")[-1]
    assert (refused["badge"], refused["uid"], refused["copy_of"]) == (UIDS[LI], UIDS[LI], LI)
    room.wait(20)
    room.show(LI, counter=10)
    assert room.reason is None


@pytest.mark.parametrize("fault", ["wrong_key", "slow"])
def test_b34_a_badge_known_by_its_number_is_not_kept_out_by_cards_that_show_it_and_fail(fault: str) -> None:
    room = Proved(proving(door={"levels": ("uid", "desfire")}))
    for _ in range(6):
        room.wait(2)
        room.fault("B1", fault)
    assert "wrong_attempts" in room.alarms
    assert room.of("refused")[-1]["copy_of"] == "B1"
    room.wait(2)
    room.tap("main.in", "B1")
    assert room.reason is None


@pytest.mark.parametrize("counter", [None, 0, 6, 7, -1, 2**24, 2**70])
@pytest.mark.parametrize("reader", SIDES)
def test_a_count_that_does_not_grow_is_refused_and_alarmed(reader: str, counter: int | None) -> None:
    room = Proved(level="ntag424")
    room.show(LI, counter=7)
    assert room.of("badge_counted")[0]["counter"] == 7
    room.wait(60)
    room.show(LI, reader, counter=counter)
    assert room.of("refused")[-1]["reason"] == "counter_old"
    assert "badge_copied" in room.raised
    assert room.state.badges[LI].counter == 7
    assert room.is_open() is (reader == "main.out")


def test_a_count_that_grows_is_remembered_over_a_restart() -> None:
    room = Proved(level="ntag424")
    for counter in (0, 1, 500):
        room.wait(60)
        room.show(LI, counter=counter)
        assert room.kinds[0] == "badge_counted"
    room.restart()
    room.wait(60)
    room.show(LI, counter=500)
    assert room.reason is Reason.COUNTER_OLD


def test_a_count_is_remembered_before_anything_is_judged_by_it() -> None:
    room = Proved(level="ntag424")
    room.ask("lockdown", "zhao")
    room.show(LI, counter=9)
    assert room.kinds[:2] == ["badge_counted", "refused"]
    assert room.state.badges[LI].counter == 9


def test_a_card_that_is_not_believed_and_one_that_nobody_has_are_not_counted() -> None:
    room = Proved(level="ntag424")
    room.show("99" * 16, counter=5)
    room.fault(UIDS[LI], "broken", counter=5)
    room.show(LI, level="desfire", counter=5)
    assert not room.of("badge_counted")
