"""Passes are issued at the desk, and only when everything is right: behaviour 56 and 57."""

from __future__ import annotations

from typing import Any

import pytest

from controller.core.remembered_visits import VisitStatus
from controller.core.words import Reason
from tests.core.plans import example, passage
from tests.core.room import Room
from tests.core.visiting import HOUR, PHONE, PHOTO, Desk


def approved(**differs: Any) -> Desk:
    desk = Desk()
    desk.request(**differs)
    desk.approve()
    return desk


def test_b57_a_visit_from_request_to_the_badge_in_the_box() -> None:
    desk = approved()
    assert desk.issue(devices=[PHONE]) is None
    assert desk.visit().status is VisitStatus.INSIDE
    desk.enter("P1", "B1", "B2")
    assert desk.state.room("vault").visitors == ("visitor-1",)
    desk.leave("P1", "B1", "B2")
    assert desk.check_out() is None
    assert desk.visit().status is VisitStatus.LEFT
    assert not desk.visit().open
    assert not desk.alarms
    desk.tap("main.in", "P1")
    assert desk.reason == Reason.BADGE_BLOCKED


def test_b56_a_pass_opens_nothing_by_itself_nor_with_one_host() -> None:
    desk = approved()
    desk.issue()
    desk.tap("main.in", "P1")
    assert not desk.is_open()
    desk.tap("main.in", "B1")
    assert not desk.is_open()
    desk.wait(60)
    desk.tap("c1", "P1")
    assert desk.reason == Reason.NOT_ENTITLED


def test_b57_nobody_gets_a_pass_without_an_approval() -> None:
    desk = Desk()
    desk.request()
    assert desk.issue() is Reason.NOT_APPROVED
    assert desk.issue("v9") is Reason.NOTHING_TO_DO
    desk.ask("decline_visit", "li", visit="v1", reason="no")
    assert desk.issue() is Reason.NOTHING_TO_DO
    assert not desk.of("pass_issued")


def test_an_approval_counts_as_long_as_whoever_gave_it_may_give_it() -> None:
    desk = approved()
    desk.ask("end_person", "zhao", person="li")
    assert desk.issue("v1", "P1", escort="wang") is Reason.NOT_APPROVED


def test_a_visitor_whose_rights_were_ended_gets_no_pass() -> None:
    desk = approved()
    desk.ask("end_person", "zhao", person="visitor-1")
    assert desk.issue() is Reason.EXPIRED
    desk.request()
    assert desk.visit("v2").visitor == "visitor-2"


def test_nobody_hands_out_the_pass_of_a_visit_they_approved() -> None:
    desk = Desk()
    desk.request()
    desk.approve("v1", "xu")
    assert desk.issue("v1", "P1", "xu") is Reason.ONESELF
    assert desk.issue() is None


@pytest.mark.parametrize(
    ("requested", "handed", "missing"),
    [
        ({}, {"identity_checked": False}, ["identity_checked"]),
        ({}, {"identity_checked": None}, ["identity_checked"]),
        ({"photo": None}, {}, ["photo"]),
        ({"instruction_given": None}, {}, ["instruction_given"]),
        ({"privacy_notice_given": False}, {}, ["privacy_notice_given"]),
    ],
)
def test_b57_identity_photograph_instruction_and_notice_are_all_needed(
    requested: dict[str, Any], handed: dict[str, Any], missing: list[str]
) -> None:
    desk = approved(**requested)
    assert desk.issue(**handed) is Reason.NOT_UNDERSTOOD
    assert desk.more == {"missing": missing}
    given = {"identity_checked": True, "photo": PHOTO, "instruction_given": True}
    assert desk.issue(**given, privacy_notice_given=True) is None


def test_b57_devices_are_listed_even_when_there_are_none() -> None:
    desk = approved()
    for devices in (None, "none", [{"what": "phone"}], [PHONE | {"what": "Anna's phone"}], [7]):
        assert desk.issue(devices=devices) is Reason.NOT_UNDERSTOOD
    assert desk.issue(devices=[]) is None


def test_without_a_camera_a_pass_needs_the_reason_why_there_is_no_photograph() -> None:
    desk = approved(photo=None)
    assert desk.issue(no_photo="the camera is broken") is None
    (entry,) = desk.of("pass_issued")
    assert (entry["photographed"], entry["no_photo"]) == (False, "the camera is broken")


def test_one_locker_holds_the_things_of_one_visit() -> None:
    desk = approved()
    desk.issue(devices=[PHONE])
    desk.request(document="E87654321")
    desk.approve("v2")
    assert desk.issue("v2", "P2", devices=[PHONE]) is Reason.NOT_UNDERSTOOD
    assert desk.more == {"lockers_in_use": ["12"]}
    desk.check_out()
    assert desk.issue("v2", "P2", devices=[PHONE]) is None


def test_a_pass_is_issued_within_the_approved_time_alone() -> None:
    desk = Desk()
    wall = desk.state.wall
    desk.request(**{"from": wall + HOUR, "until": wall + 2 * HOUR})
    desk.approve()
    desk.wait_ms(HOUR - 1)
    assert desk.issue() is Reason.NOT_YET_VALID
    desk.wait_ms(1)
    desk.wait_ms(HOUR)
    assert desk.issue() is Reason.EXPIRED


@pytest.mark.parametrize("badge", ["B1", "B4", "V1"])
def test_a_badge_that_somebody_holds_is_no_pass(badge: str) -> None:
    desk = approved()
    assert desk.issue("v1", badge) is Reason.BADGE_IN_USE


def test_a_badge_is_out_until_it_is_given_back() -> None:
    desk = approved()
    desk.issue()
    desk.request(document="E87654321")
    desk.approve("v2")
    assert desk.issue("v2") is Reason.BADGE_IN_USE
    desk.ask("block_visitor", "bao", visitor="visitor-1", reason="loud")
    assert desk.issue("v2") is Reason.BADGE_IN_USE
    desk.check_out()
    assert desk.issue("v2") is None
    assert desk.state.badges["P1"].holder == "visitor-2"


def test_an_old_badge_of_a_visitor_is_dead_beside_the_new_one() -> None:
    desk = Desk()
    desk.ask("check_out", "bao", visitor="guest")
    desk.request(returning="guest")
    desk.approve()
    assert desk.issue() is None
    desk.tap("main.in", "V1")
    assert desk.reason == Reason.BADGE_BLOCKED
    desk.wait(20)
    desk.enter("P1", "B1", "B2")
    assert desk.state.room("vault").visitors == ("guest",)


def test_a_badge_that_the_visited_doors_do_not_take_is_no_pass() -> None:
    desk = Desk(example(door={"levels": ("desfire",)}))
    desk.request()
    desk.approve()
    assert desk.issue() is Reason.LEVEL_TOO_LOW


def test_one_person_has_one_pass() -> None:
    desk = approved()
    desk.issue()
    desk.request()
    desk.approve("v2")
    assert desk.issue("v2", "P2") is Reason.ALREADY_INSIDE


def test_b56_the_escort_must_come_along_and_may_pass_where_the_visitor_goes() -> None:
    desk = Desk(shut={"badges": ["S1"], "doors": []})
    desk.request()
    desk.approve()
    assert desk.issue(escort="shut") is Reason.NOT_ENTITLED
    assert desk.issue(escort="guest") is Reason.NOT_UNDERSTOOD
    assert desk.issue(escort="wang") is None
    for badge in ("P1", "B1", "B3"):
        desk.tap("main.in", badge)
    assert desk.reason == Reason.HOSTS_MISSING
    desk.wait(60)
    desk.enter("P1", "B2", "B3")
    assert desk.state.room("vault").visitors == ("visitor-1",)
    desk.enter("B1")
    desk.leave("B2")
    assert "visitor_alone" in desk.alarms


def test_b56_an_escort_answers_for_three_visitors_at_a_time() -> None:
    desk = Desk()
    for n in range(1, 5):
        desk.request(document=f"E1234567{n}", group="delegation")
        desk.approve(f"v{n}")
    assert [desk.issue(f"v{n}", f"P{n}") for n in (1, 2, 3)] == [None] * 3
    assert desk.issue("v4", "P4") is Reason.HOSTS_MISSING
    assert desk.issue("v4", "P4", escort="wang") is None
    assert {v.group for v in desk.state.visit_book.values()} == {"delegation"}


def test_nobody_is_received_while_the_site_is_locked_down() -> None:
    desk = approved()
    desk.ask("lockdown", "bao", reason="noise")
    assert desk.issue() is Reason.LOCKDOWN


def test_b56_a_pass_goes_to_the_approved_doors_alone() -> None:
    desk = Desk(passage())
    desk.request(areas=["outer"])
    desk.approve()
    desk.issue()
    desk.tap("main.in", "P1")
    assert desk.reason == Reason.NOT_ENTITLED


def test_a_pass_printed_again_needs_a_reason_and_is_counted() -> None:
    desk = approved()
    desk.ask("reprint_pass", "bao", visit="v1", reason="torn")
    assert desk.reason == Reason.NOTHING_TO_DO
    desk.issue()
    desk.ask("reprint_pass", "bao", visit="v1")
    assert desk.reason == Reason.NOT_UNDERSTOOD
    for count in (1, 2):
        desk.ask("reprint_pass", "bao", visit="v1", reason="torn")
        assert desk.more["count"] == count == desk.visit().reprints


def test_b57_what_two_people_enrolled_as_a_visitor_still_comes_without_a_request() -> None:
    room = Room()
    room.enter("V1", "B1", "B2")
    assert room.state.room("vault").visitors == ("guest",)
