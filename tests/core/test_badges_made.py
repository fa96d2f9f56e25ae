"""Badges that are made at a desk by two people, and badges that die: R1.2, R6.3."""

from __future__ import annotations

from typing import Any

import pytest

from controller.core.effects import Personalise, Release, Secure, Signal, Withdraw
from controller.core.events import BadgeMade, BadgeNotMade
from controller.core.words import Reason
from tests.core.cards import LI, UIDS, WANG, Proved, proving
from tests.core.plans import witnessed
from tests.core.room import Room

NEW, UID = "33" * 16, "04C1C2C3C4C5C6"


def _room() -> Proved:
    return Proved()


def _asked(room: Proved, **given: Any) -> Any:
    room.ask("issue_badge", "zhao", "wang", **({"person": "chen", "level": "desfire"} | given))
    return room.reason


def test_two_others_ask_and_the_next_card_is_made_a_badge_for_a_minute() -> None:
    room = _room()
    assert _asked(room) is None
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
    room = _room()
    room.ask("issue_badge", by, second, person="chen", level="desfire")
    assert room.reason is Reason.ONESELF


@pytest.mark.parametrize(("by", "second"), [("zhao", ""), ("zhao", "zhao"), ("zhao", "guest"), ("zhao", "x")])
def test_one_person_alone_has_no_badge_made(by: str, second: str) -> None:
    room = _room()
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
    room = _room()
    assert _asked(room, **odd) is Reason.NOT_UNDERSTOOD
    assert not any(isinstance(e, Personalise) for e in room.outcome.effects)


def test_a_site_without_a_desk_makes_no_badges() -> None:
    room = Room()
    room.ask("issue_badge", "zhao", "wang", person="chen", level="desfire")
    assert room.reason is Reason.NOT_UNDERSTOOD


def test_whose_rights_are_not_in_force_gets_no_badge_and_a_visitor_does() -> None:
    room = _room()
    room.ask("change_person", "zhao", "wang", person="chen", valid_until=1)
    assert _asked(room) is Reason.EXPIRED
    assert _asked(room, person="guest") is None


def test_one_badge_is_made_at_a_time() -> None:
    room = _room()
    _asked(room)
    assert _asked(room, person="li") is Reason.NOTHING_TO_DO
    room.step(BadgeNotMade(room.now, "desk", "no card came"))
    assert room.of("badge_not_issued")[-1]["why"] == "no card came"
    assert _asked(room, person="li") is None


def test_who_asked_for_a_badge_may_take_that_back_and_the_reader_says_how_it_ended() -> None:
    room = _room()
    room.ask("withdraw_issue", "zhao")
    assert room.reason is Reason.NOTHING_TO_DO
    _asked(room)
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
    room = _room()
    _asked(room)
    room.ask("withdraw_issue", "zhao")
    room.made(NEW, UID)
    assert room.state.badges[NEW].holder == "chen"


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


def test_a_badge_that_is_not_made_is_written_down_with_its_person_and_level() -> None:
    room = _room()
    _asked(room)
    room.made(NEW, "08AABBCC", "ntag424")
    end = room.of("badge_not_issued")[-1]
    assert (end["person"], end["level"], "uid" in end) == ("chen", "ntag424", False)
    assert not room.state.begun
    _asked(room)
    room.restart()
    end = room.of("badge_not_issued")[-1]
    assert (end["person"], end["level"]) == ("chen", "desfire")


def test_a_badge_reported_lost_is_written_down_with_its_holder() -> None:
    room = _room()
    room.ask("block_badge", "zhao", badge=LI)
    assert (room.of("badge_blocked")[-1]["badge"], room.of("badge_blocked")[-1]["person"]) == (LI, "li")


def test_a_card_that_comes_too_late_is_no_badge() -> None:
    room = _room()
    _asked(room)
    room.wait_ms(64_999)
    assert room.state.issues
    room.wait_ms(1)
    assert room.of("badge_not_issued")[-1] | {"reason": "timeout", "why": "timeout"} == room.entries[-1]
    room.made(NEW, UID)
    assert room.of("badge_not_issued")[-1]["why"] == "nobody asked for it"
    assert NEW not in room.state.badges
    room.step(BadgeNotMade(room.now, "desk", "late"))
    assert not room.outcome.entries


def test_a_restart_ends_every_asking_for_a_badge() -> None:
    room = _room()
    _asked(room)
    room.restart()
    assert room.of("badge_not_issued")[-1]["reason"] == "restart"
    room.made(NEW, UID)
    assert NEW not in room.state.badges
    room.show(NEW, uid=UID)
    assert room.reason is Reason.UNKNOWN_BADGE


def test_a_card_at_another_desk_or_of_another_level_is_not_the_one_asked_for() -> None:
    room = _room()
    _asked(room)
    room.step(BadgeMade(room.now, "main.in", "desfire", NEW, UID))
    assert room.state.issues
    room.made(NEW, UID, "ntag424")
    assert not room.state.issues
    assert NEW not in room.state.badges
    assert [e["why"] for e in room.of("badge_not_issued")] == [
        "nobody asked for it",
        "another level was asked for",
    ]


def test_who_ends_while_the_card_is_made_has_no_badge() -> None:
    room = _room()
    _asked(room)
    room.ask("end_person", "zhao", person="chen")
    room.made(NEW, UID)
    assert "in force" in room.of("badge_not_issued")[-1]["why"]
    assert NEW not in room.state.badges


@pytest.mark.parametrize(
    ("badge", "uid"),
    [
        (LI, UID),
        (NEW, UIDS[LI]),
        ("B2", UID),
        (NEW, "B2"),
        ("", UID),
        ("xyz", UID),
        (NEW, "\ud800"),
        ("A" * 999, UID),
    ],
)
def test_a_number_that_is_somebody_elses_or_no_number_is_no_badge(badge: str, uid: str) -> None:
    room = _room()
    before = dict(room.state.badges)
    _asked(room)
    room.made(badge, uid)
    assert room.kinds[0] == "badge_not_issued"
    assert room.state.badges == before
    assert not room.state.issues


def test_a_badge_reported_lost_is_never_made_good_again() -> None:
    room = _room()
    room.ask("block_badge", "zhao", badge=LI)
    room.make("li", LI, UIDS[LI])
    assert room.kinds[0] == "badge_not_issued"
    room.show(LI)
    assert room.reason is Reason.BADGE_BLOCKED


def test_a_card_made_anew_is_one_badge_and_the_one_before_is_dead() -> None:
    room = _room()
    room.make("li", NEW, UIDS[LI])
    room.show(LI)
    assert room.reason == Reason.BADGE_BLOCKED
    room.show(NEW, uid=UIDS[LI])
    assert room.reason is None


def test_a_change_of_the_person_leaves_the_badge_as_it_was_made() -> None:
    room = Proved(level="ntag424")
    room.show(LI, counter=5)
    room.ask("change_person", "zhao", "chen", person="li", badges=[LI], department="audit")
    badge = room.state.badges[LI]
    assert (badge.level, badge.uid, badge.counter) == ("ntag424", UIDS[LI], 5)


def test_the_number_of_somebodys_card_is_nobody_elses_badge() -> None:
    room = _room()
    room.ask("enrol", "zhao", "chen", person="mallory", badges=[UIDS[LI]])
    assert room.reason is Reason.NOT_UNDERSTOOD


def test_a_card_at_the_desk_opens_nothing_and_is_not_remembered() -> None:
    room = _room()
    for read in ({}, {"level": "uid"}, {"fault": "slow"}, {"counter": 3}):
        room.show(LI, "desk", **read)
        assert not room.outcome.entries
        assert not room.outcome.effects
        assert room.outcome.answer
    room.show(LI)
    assert room.reason is None


def test_a_lost_badge_is_taken_out_of_the_pair_at_once() -> None:
    room = _room()
    room.show(LI)
    room.ask("block_badge", "zhao", badge=LI)
    assert room.kinds == ["badge_blocked", "pending_cancelled"]
    assert room.signal() == "idle"
    room.show(WANG)
    assert room.kinds == ["pending"]


def test_another_badge_of_the_same_person_goes_on_waiting() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.ask("block_badge", "zhao", badge="B1b")
    room.tap("main.in", "B2")
    assert room.is_open()


@pytest.mark.parametrize(
    ("what", "given"), [("block_badge", {"badge": LI}), ("end_person", {"person": "li"})]
)
def test_what_a_dead_badge_has_just_released_is_locked_again(what: str, given: dict[str, str]) -> None:
    room = _room()
    room.show(LI)
    room.show(WANG)
    assert room.is_open()
    room.ask(what, "zhao", **given)
    assert Secure("main") in room.outcome.effects
    assert not room.is_open()


@pytest.mark.parametrize(
    ("what", "given"), [("block_badge", {"badge": "B2"}), ("end_person", {"person": "wang"})]
)
def test_a_compartment_that_a_dead_badge_has_just_released_is_locked_again(
    what: str, given: dict[str, str]
) -> None:
    room = Room()
    room.enter("B1", "B2")
    room.wait(5)
    room.ask("open_compartment", "li", compartment="c1.a")
    room.tap("c1", "B1")
    room.tap("c1", "B2")
    assert room.is_open("c1.a")
    room.ask(what, "zhao", **given)
    assert not room.is_open("c1.a")


@pytest.mark.parametrize(
    ("what", "given"), [("block_badge", {"badge": "B1"}), ("end_person", {"person": "li"})]
)
def test_a_grant_that_waits_for_its_log_witness_falls_at_once(what: str, given: dict[str, str]) -> None:
    room = Room(witnessed())
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    assert room.state.door("main").awaiting
    room.ask(what, "zhao", **given)
    assert room.state.door("main").awaiting is None
    assert room.of("no_entry")[0]["reason"] == "badge_blocked"
    assert not any(isinstance(e, Release) for e in room.outcome.effects)


def test_a_dead_badge_takes_no_way_out_back() -> None:
    room = _room()
    room.show(LI)
    room.show(WANG)
    room.through()
    room.wait(5)
    room.show(LI, "main.out")
    room.ask("block_badge", "zhao", badge=LI)
    assert room.is_open()


def test_badges_are_made_at_the_levels_of_the_plan_alone() -> None:
    room = Proved(proving(levels_issued=("desfire",)))
    assert _asked(room, level="ntag424") is Reason.NOT_UNDERSTOOD


def test_a_badge_that_its_readers_authenticate_is_enrolled_at_their_level() -> None:
    room = _room()
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
    room = _room()
    room.ask("enrol", "zhao", "wang", person="sun", badges=["5051"], badge_level=level)
    assert room.reason is Reason.NOT_UNDERSTOOD
