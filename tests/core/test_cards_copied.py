"""What pretends to be a badge is called a copy, and the badge stays good: behaviour 8 and 34."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controller.core.effects import Raise
from controller.core.words import Reason
from tests.core.cards import INNER, LI, SIDES, UIDS, WANG, Proved, pair_inside, proving
from tests.core.plans import example


@pytest.mark.parametrize(
    ("fault", "alarm"),
    [("wrong_key", True), ("slow", True), ("broken", False), ("two_cards", False), ("no_key", False)],
)
@pytest.mark.parametrize("reader", SIDES)
def test_only_what_pretends_to_be_a_badge_is_called_a_copy(reader: str, fault: str, alarm: bool) -> None:
    room = pair_inside()
    room.fault(UIDS[LI], fault, reader)
    assert ("badge_copied" in room.raised) is alarm
    room = pair_inside()
    room.fault("04FFFFFFFFFFFF", fault, reader)
    assert "badge_copied" not in room.alarms


def test_what_pretends_to_be_a_badge_is_written_down_as_its_number_and_as_a_copy_of_that_badge() -> None:
    room = Proved()
    room.fault(UIDS[LI], "wrong_key")
    refused = room.of("refused")[0]
    assert (refused["badge"], refused["uid"], refused["copy_of"]) == (UIDS[LI], UIDS[LI], LI)


@pytest.mark.parametrize("reader", INNER)
def test_a_cloned_number_is_a_copy_wherever_cards_are_asked_and_the_badge_stays_good(reader: str) -> None:
    room = pair_inside()
    for _ in range(6):
        room.wait(2)
        room.show(UIDS[LI], reader, level="uid")
    assert "badge_copied" in room.alarms
    refused = next(e for e in room.of("refused") if e["reason"] == "copied")
    assert refused["who"] == ["li"]
    assert refused["copy_of"] == LI
    assert not any(entry["badges"] == [LI] for entry in room.of("penalty"))
    room.wait(2)
    room.show(LI, "main.out")
    assert room.state.door("main").leaving == ("li",)


def test_a_cloned_number_lets_out_and_nobody_leaves_in_its_name() -> None:
    room = pair_inside()
    room.show(UIDS[LI], "main.out", level="uid")
    assert room.is_open()
    assert room.state.door("main").leaving == ()
    assert "badge_copied" in room.raised


def test_where_cards_are_not_asked_the_number_of_a_badge_is_a_number_nobody_knows() -> None:
    asking = proving()
    room = Proved(replace(asking, readers={**asking.readers, "main.in": example().readers["main.in"]}))
    room.show(UIDS[LI], level="uid")
    assert room.reason is Reason.UNKNOWN_BADGE
    assert not room.alarms


def test_the_proof_of_a_badge_on_a_card_of_another_number_is_a_copy() -> None:
    room = Proved()
    room.show(LI, uid="04CCCCCCCCCCCC")
    assert room.reason is Reason.COPIED
    assert room.alarms == {"badge_copied"}


def test_a_number_that_a_card_draws_anew_each_time_is_no_copy() -> None:
    room = Proved()
    room.show(LI, uid="08112233")
    assert room.reason is None


def test_b33f_a_copy_does_not_put_a_badge_in_two_places() -> None:
    room = Proved()
    room.show(LI)
    room.fault(UIDS[LI], "slow", "main.in2")
    room.show(UIDS[LI], "c1", level="uid")
    room.wait(1)
    room.show(WANG)
    assert room.is_open()
    assert "impossible_travel" not in room.alarms


def test_b08_a_copy_is_told_to_the_guard_and_sounds_nowhere() -> None:
    room = Proved()
    room.show(UIDS[LI], level="uid")
    raised = [e for e in room.outcome.effects if isinstance(e, Raise)]
    assert raised == [Raise("badge_copied", "main.in", silent=True)]
    assert "sealed" not in room.of("alarm_raised")[-1]
