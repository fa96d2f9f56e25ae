"""Cards that prove themselves, cards that do not, and the level a badge is read at: R1.2, behaviour 15."""

from __future__ import annotations

import pytest

from controller.core.effects import Release
from controller.core.words import Reason
from tests.core.cards import INNER, LI, UIDS, WANG, Proved, pair_inside, proving
from tests.core.room import Room

FAULTS = ("wrong_key", "broken", "slow", "two_cards", "no_key")


def test_two_badges_that_prove_themselves_open_the_door() -> None:
    room = Proved()
    room.show(LI)
    room.show(WANG)
    assert room.is_open()
    assert [m["level"] for m in room.of("pending")[0]["members"]] == ["desfire"]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("reader", INNER)
def test_a_card_that_does_not_prove_itself_is_refused_at_every_reader(reader: str, fault: str) -> None:
    room = pair_inside()
    room.fault(UIDS[LI], fault, reader)
    assert room.reason is Reason.NOT_GENUINE
    refused = room.of("refused")[-1]
    assert (refused["fault"], refused["uid"], refused["who"]) == (fault, UIDS[LI], ["li"])
    assert not any(isinstance(e, Release) for e in room.outcome.effects)
    assert room.signal(reader) == "refused"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_card_that_does_not_prove_itself_lets_out_and_leaves_as_nobody(fault: str) -> None:
    room = pair_inside()
    room.fault(UIDS[LI], fault, "main.out")
    assert room.is_open()
    assert room.state.door("main").leaving == ()
    assert room.state.door("main").unknown_leaver
    room.through()
    assert room.state.room("vault").unknown
    assert room.of("refused")[-1]["who"] == ["li"]


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
    room = pair_inside()
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
