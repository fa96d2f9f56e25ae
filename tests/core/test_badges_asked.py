"""A badge is asked for by two others: who may, for whom, of which level, and how it is taken back: R1.2."""

from __future__ import annotations

from typing import Any

import pytest

from controller.core.effects import Personalise, Signal, Withdraw
from controller.core.events import BadgeNotMade
from controller.core.words import Reason
from tests.core.cards import NEW, UID, Proved, ask_for_badge, proving
from tests.core.room import Room


def test_two_others_ask_and_the_next_card_is_made_a_badge_for_a_minute() -> None:
    room = Proved()
    assert ask_for_badge(room) is None
    until = room.now + 60_000
    order = room.outcome.effects[0]
    assert isinstance(order, Personalise)
    assert (order.reader, order.level, order.until) == ("desk", "desfire", until)
    assert room.signal("desk") == Signal.WAIT
    asked = room.of("badge_issue_asked")[-1]
    assert (asked["who"], asked["person"], asked["until"]) == (["zhao", "wang"], "chen", until)
    room.wait(30)
    room.made(NEW, UID)
    issued = room.of("badge_issued")[-1]
    assert (issued["badge"], issued["uid"], issued["level"]) == (NEW, UID, "desfire")
    assert (issued["person"], issued["who"]) == ("chen", ["zhao", "wang"])
    assert room.signal("desk") == Signal.IDLE
    room.show(NEW, uid=UID)
    assert room.kinds == ["pending"]


@pytest.mark.parametrize(("by", "second"), [("chen", "wang"), ("wang", "chen")])
def test_nobody_has_a_badge_made_for_themselves(by: str, second: str) -> None:
    room = Proved()
    room.ask("issue_badge", by, second, person="chen", level="desfire")
    assert room.reason is Reason.ONESELF


@pytest.mark.parametrize(("by", "second"), [("zhao", ""), ("zhao", "zhao"), ("zhao", "guest"), ("zhao", "x")])
def test_one_person_alone_has_no_badge_made(by: str, second: str) -> None:
    room = Proved()
    room.ask("issue_badge", by, second, person="chen", level="desfire")
    assert room.reason is Reason.NEEDS_SECOND


@pytest.mark.parametrize(
    "odd",
    [
        {"person": "nobody"},
        {"person": ["chen"]},
        {"level": "uid"},
        {"level": "paper"},
        {"level": None},
        {"reader": "main.in"},
        {"reader": "nowhere"},
    ],
)
def test_a_strange_asking_for_a_badge_is_refused(odd: dict[str, Any]) -> None:
    room = Proved()
    assert ask_for_badge(room, **odd) is Reason.NOT_UNDERSTOOD
    assert not any(isinstance(e, Personalise) for e in room.outcome.effects)


def test_a_site_without_a_desk_makes_no_badges() -> None:
    room = Room()
    room.ask("issue_badge", "zhao", "wang", person="chen", level="desfire")
    assert room.reason is Reason.NOT_UNDERSTOOD


def test_badges_are_made_at_the_levels_of_the_plan_alone() -> None:
    room = Proved(proving(levels_issued=("desfire",)))
    assert ask_for_badge(room, level="ntag424") is Reason.NOT_UNDERSTOOD


@pytest.mark.parametrize("level", ["desfire", "ntag424"])
def test_no_badge_with_a_key_is_asked_for_before_there_is_a_site_key(level: str) -> None:
    room = Room(proving())
    room.ask("issue_badge", "zhao", "wang", person="chen", level=level)
    assert room.reason is Reason.NO_SITE_KEY
    assert room.outcome.answer
    assert "ironroom badge key enter" in room.outcome.answer.need
    assert not any(isinstance(e, Personalise) for e in room.outcome.effects)
    room.ask("issue_badge", "zhao", "wang", person="chen", level="piv")
    assert room.reason is None


def test_whose_rights_are_not_in_force_gets_no_badge_and_a_visitor_does() -> None:
    room = Proved()
    room.ask("change_person", "zhao", "wang", person="chen", valid_until=1)
    assert ask_for_badge(room) is Reason.EXPIRED
    assert ask_for_badge(room, person="guest") is None


def test_one_badge_is_made_at_a_time() -> None:
    room = Proved()
    ask_for_badge(room)
    assert ask_for_badge(room, person="li") is Reason.NOTHING_TO_DO
    room.step(BadgeNotMade(room.now, "desk", "no card came"))
    assert room.of("badge_not_issued")[-1]["why"] == "no card came"
    assert ask_for_badge(room, person="li") is None


def test_who_asked_for_a_badge_may_take_that_back_and_the_reader_says_how_it_ended() -> None:
    room = Proved()
    room.ask("withdraw_issue", "zhao")
    assert room.reason is Reason.NOTHING_TO_DO
    ask_for_badge(room)
    for by, reader, why in (("li", "desk", Reason.NOT_ALLOWED), ("zhao", "main.in", Reason.NOT_UNDERSTOOD)):
        room.ask("withdraw_issue", by, reader=reader)
        assert (room.reason, room.state.issues != {}) == (why, True)
    room.ask("withdraw_issue", "wang")
    assert room.outcome.effects == (Withdraw("desk"),)
    room.step(BadgeNotMade(room.now, "desk", "taken back"))
    end = room.of("badge_not_issued")[-1]
    assert (end["why"], end["person"], end["level"]) == ("taken back", "chen", "desfire")
    assert not room.state.issues


def test_a_card_that_was_being_made_when_it_was_taken_back_is_a_badge() -> None:
    room = Proved()
    ask_for_badge(room)
    room.ask("withdraw_issue", "zhao")
    room.made(NEW, UID)
    assert room.state.badges[NEW].holder == "chen"


def test_a_badge_that_its_readers_authenticate_is_enrolled_at_their_level() -> None:
    room = Proved()
    room.ask("enrol", "zhao", "wang", person="sun", badges=["5051"], badge_level="desfire")
    assert room.of("enrolled")[-1]["badge_level"] == "desfire"
    room.show("5051", level="uid")
    assert room.reason == Reason.LEVEL_TOO_LOW
    room.show("5051")
    assert room.reason is None
    room.restart()
    assert room.state.badges["5051"].level == "desfire"


@pytest.mark.parametrize("level", ["paper", "", None, 1, "x" * 201])
def test_no_badge_is_enrolled_at_a_level_the_site_does_not_have(level: object) -> None:
    room = Proved()
    room.ask("enrol", "zhao", "wang", person="sun", badges=["5051"], badge_level=level)
    assert room.reason is Reason.NOT_UNDERSTOOD
