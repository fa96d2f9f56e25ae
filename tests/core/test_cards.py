"""Cards that prove themselves, and cards that do not: R1.2, behaviour 8, 15 and 34."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controller.core.effects import Raise, Release
from controller.core.words import Reason
from tests.core.cards import LI, SIDES, UIDS, WANG, Proved, proving
from tests.core.plans import example
from tests.core.room import Room

FAULTS = ("wrong_key", "broken", "slow", "two_cards", "no_key")
INNER = tuple(side for side in SIDES if side != "main.out")


def _inside() -> Proved:
    room = Proved()
    room.show(LI)
    room.show(WANG)
    room.through()
    assert room.inside == {"li", "wang"}
    room.wait(60)
    return room


def test_two_badges_that_prove_themselves_open_the_door() -> None:
    room = Proved()
    room.show(LI)
    room.show(WANG)
    assert room.is_open()
    assert [m["level"] for m in room.of("pending")[0]["members"]] == ["desfire"]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("reader", INNER)
def test_a_card_that_does_not_prove_itself_is_refused_at_every_reader(reader: str, fault: str) -> None:
    room = _inside()
    room.fault(UIDS[LI], fault, reader)
    assert room.reason is Reason.NOT_GENUINE
    refused = room.of("refused")[-1]
    assert (refused["fault"], refused["uid"], refused["who"]) == (fault, UIDS[LI], ["li"])
    assert not any(isinstance(e, Release) for e in room.outcome.effects)
    assert room.signal(reader) == "refused"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_card_that_does_not_prove_itself_lets_out_and_leaves_as_nobody(fault: str) -> None:
    room = _inside()
    room.fault(UIDS[LI], fault, "main.out")
    assert room.is_open()
    assert room.state.door("main").leaving == ()
    assert room.state.door("main").unknown_leaver
    room.through()
    assert room.state.room("vault").unknown
    assert room.of("refused")[-1]["who"] == ["li"]


@pytest.mark.parametrize(
    ("fault", "alarm"),
    [("wrong_key", True), ("slow", True), ("broken", False), ("two_cards", False), ("no_key", False)],
)
@pytest.mark.parametrize("reader", SIDES)
def test_only_what_pretends_to_be_a_badge_is_called_a_copy(reader: str, fault: str, alarm: bool) -> None:
    room = _inside()
    room.fault(UIDS[LI], fault, reader)
    assert ("badge_copied" in room.raised) is alarm
    room = _inside()
    room.fault("04FFFFFFFFFFFF", fault, reader)
    assert "badge_copied" not in room.alarms


@pytest.mark.parametrize("fault", ["wrong_key", "slow"])
@pytest.mark.parametrize("reader", SIDES)
def test_b34_five_cards_that_prove_nothing_call_the_guard_and_keep_no_badge_out(
    reader: str, fault: str
) -> None:
    room = _inside()
    for _ in range(5):
        room.wait(2)
        room.fault(UIDS[LI], fault, reader)
    assert "wrong_attempts" in room.alarms
    assert room.of("penalty")[0]["badges"] == [UIDS[LI]]
    room.wait(2)
    room.show(LI, "main.inside")
    assert room.reason is None


def test_what_pretends_to_be_a_badge_is_written_down_as_its_number_and_as_a_copy_of_that_badge() -> None:
    room = Proved()
    room.fault(UIDS[LI], "wrong_key")
    refused = room.of("refused")[0]
    assert (refused["badge"], refused["uid"], refused["copy_of"]) == (UIDS[LI], UIDS[LI], LI)


@pytest.mark.parametrize("fault", ["two_cards", "no_key", "broken"])
@pytest.mark.parametrize("reader", SIDES)
def test_b34_what_happens_to_honest_people_is_no_wrong_attempt(reader: str, fault: str) -> None:
    room = _inside()
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


@pytest.mark.parametrize("reader", INNER)
def test_a_cloned_number_is_a_copy_wherever_cards_are_asked_and_the_badge_stays_good(reader: str) -> None:
    room = _inside()
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
    room = _inside()
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


@pytest.mark.parametrize("level", ["uid", "ntag424", "piv", ""])
def test_a_badge_read_at_another_level_than_its_own_never_counts(level: str) -> None:
    room = Proved()
    room.show(LI, level=level)
    assert room.reason is Reason.LEVEL_TOO_LOW
    room.show(WANG)
    assert not room.is_open()


def test_a_badge_known_by_its_number_stays_outside_where_more_is_asked() -> None:
    room = Proved()
    room.tap("main.in", "B3")
    assert room.reason is Reason.LEVEL_TOO_LOW


def test_a_badge_read_at_another_level_leaves_as_nobody() -> None:
    room = _inside()
    room.show(LI, "main.out", level="uid")
    assert room.is_open()
    assert room.state.door("main").leaving == ()


def test_each_of_a_pair_is_judged_again_at_the_level_it_was_read_at() -> None:
    room = Proved(proving(door={"levels": ("desfire", "uid")}))
    room.tap("main.in", "B3")
    room.show(LI)
    assert room.of("granted")[0]["who"] == ["chen", "li"]


def test_a_pair_at_a_cabinet_is_judged_again_at_the_levels_it_was_read_at() -> None:
    levels = {"levels": ("desfire", "uid")}
    room = Proved(proving(door=levels, cabinet=levels))
    room.tap("main.in", "B3")
    room.show(LI)
    room.through()
    room.wait(5)
    room.tap("c1", "B3")
    room.show(LI, "c1")
    room.ask("open_compartment", "li", compartment="c1.a")
    assert room.is_open("c1.a")


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


@pytest.mark.parametrize("what", ["fault", "copy", "level", "counter"])
def test_b36_after_a_card_that_is_not_believed_a_pin_belongs_to_nobody(what: str) -> None:
    room = Proved(level="ntag424")
    room.show(LI, counter=5)
    room.wait(2)
    if what == "fault":
        room.fault(UIDS[LI], "broken")
    elif what == "copy":
        room.show(UIDS[LI], level="uid")
    else:
        room.show(LI, **({"level": "desfire"} if what == "level" else {"counter": 5}))
    room.wait(1)
    room.pin("main.in", "4821")
    assert room.reason is Reason.PIN_ALONE
    room.pin("main.in", "4822")
    assert not room.of("duress")


def test_b33f_a_copy_does_not_put_a_badge_in_two_places() -> None:
    room = Proved()
    room.show(LI)
    room.fault(UIDS[LI], "slow", "main.in2")
    room.show(UIDS[LI], "c1", level="uid")
    room.wait(1)
    room.show(WANG)
    assert room.is_open()
    assert "impossible_travel" not in room.alarms


def test_what_a_reader_says_can_stand_in_the_log_whatever_it_is() -> None:
    room = Proved()
    for text in ("\ud800", "x" * 5_000, ""):
        room.fault(text, text or "broken")
        room.show(text, uid=text)
        assert room.reason is not None


def test_a_room_without_proof_goes_on_as_before() -> None:
    room = Room()
    room.enter("B1", "B2")
    assert not room.of("badge_counted")
    assert room.inside == {"li", "wang"}


def test_b08_a_copy_is_told_to_the_guard_and_sounds_nowhere() -> None:
    room = Proved()
    room.show(UIDS[LI], level="uid")
    raised = [e for e in room.outcome.effects if isinstance(e, Raise)]
    assert raised == [Raise("badge_copied", "main.in", silent=True)]
    assert "sealed" not in room.of("alarm_raised")[-1]
