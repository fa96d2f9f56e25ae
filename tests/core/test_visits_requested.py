"""Visits are requested, changed, approved and declined: behaviour 57."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from controller.core.events import Asking
from controller.core.remembered_visits import Visit, VisitStatus
from controller.core.visit import TABLE, VisitDeed
from controller.core.visit_requests import MOST_OPEN
from controller.core.words import Reason
from tests.core.visiting import HOUR, PHOTO, RIGHT, Desk

_A_VISIT = Visit("visitor-0", "li", ("main",), 0, 0, "meeting", "bao")


def _said(desk: Desk) -> dict[str, Any]:
    return RIGHT | {"from": desk.state.wall, "until": desk.state.wall + HOUR}


def test_b57_a_request_says_who_comes_to_whom_where_when_and_why() -> None:
    desk = Desk()
    assert desk.request() == "v1"
    (entry,) = desk.of("visit_requested")
    assert (entry["visit"], entry["visitor"], entry["who"]) == ("v1", "visitor-1", ["bao"])
    assert (entry["host"], entry["areas"], entry["purpose"]) == ("li", ["main"], "meeting")
    assert entry["ends"] - entry["starts"] == HOUR
    assert entry["document_kind"] == "passport"
    assert desk.visit().status is VisitStatus.REQUESTED


def test_what_is_personal_of_a_visitor_stands_in_the_erasable_part_alone() -> None:
    desk = Desk()
    desk.request(purpose="to see his mother")
    (entry,) = desk.of("visit_requested")
    personal = entry.pop("personal")["visitor-1"]
    assert personal == {
        "name": "Anna Berg",
        "document": "E12345678",
        "company": "Berg AG",
        "contact": "anna@berg",
        "purpose": "to see his mother",
        "photo": PHOTO,
    }
    leaf = json.dumps(entry)
    assert not [value for value in personal.values() if value in leaf]
    assert entry["purpose"] == "other"
    assert "Berg" not in repr(desk.state)
    assert "12345678" not in repr(desk.state)


@pytest.mark.parametrize("missing", ["name", "host", "areas", "purpose"])
def test_b57_a_request_without_person_host_area_or_purpose_is_refused(missing: str) -> None:
    desk = Desk()
    assert not desk.request(**{missing: None})
    assert desk.reason == Reason.NOT_UNDERSTOOD


@pytest.mark.parametrize(
    "strange",
    [
        {"host": "nobody"},
        {"host": "guest"},
        {"areas": []},
        {"areas": ["main", "no door"]},
        {"areas": "main"},
        {"areas": [1]},
        {"name": "  "},
        {"name": "x" * 201},
        {"name": 7},
        {"group": "x" * 41},
        {"photo": "no digest"},
        {"instruction_given": "yes"},
        {"document_kind": None},
        {"until": 0},
        {"until": "soon"},
        {"shoe_size": "43"},
        {"returning": "li"},
        {"returning": "nobody"},
    ],
)
def test_a_request_with_a_strange_field_is_refused_and_writes_nothing_of_it(strange: dict[str, Any]) -> None:
    desk = Desk()
    assert not desk.request(**strange)
    assert desk.reason in {Reason.NOT_UNDERSTOOD, Reason.DOCUMENT_WRONG}
    assert not desk.state.visit_book
    assert "Anna" not in json.dumps(desk.entries)


@pytest.mark.parametrize(
    ("starts", "ends", "right"),
    [(0, HOUR, True), (-HOUR, 1, True), (-HOUR, 0, False), (HOUR, HOUR, False), (0, 24 * HOUR + 1, False)],
)
def test_b57_a_visit_ends_after_now_and_takes_a_day_at_most(starts: int, ends: int, right: bool) -> None:
    desk = Desk()
    wall = desk.state.wall
    assert bool(desk.request(**{"from": wall + starts, "until": wall + ends})) is right


def test_a_wrong_document_is_refused_and_the_failed_check_is_told() -> None:
    desk = Desk()
    assert not desk.request(document="110105194912310021", document_kind="resident_id")
    assert desk.reason == Reason.DOCUMENT_WRONG
    assert desk.more == {"check": "check_digit"}
    assert "110105" not in json.dumps(desk.entries)


def test_b57_only_the_host_or_a_chief_approves() -> None:
    desk = Desk()
    desk.request()
    assert desk.approve("v1", "wang") is Reason.NOT_ALLOWED
    assert desk.approve("v1", "bao") is Reason.NOT_ALLOWED
    assert desk.approve("v1", "xu") is None
    assert desk.visit().approved_by == "xu"
    assert desk.approve("v1", "li") is Reason.NOTHING_TO_DO


def test_what_was_approved_cannot_be_changed_behind_the_approval() -> None:
    for change in ({"name": "Bert"}, {"host": "wang"}, {"purpose": "audit"}, {"until": None}, {"group": "g"}):
        desk = Desk()
        desk.request()
        desk.approve()
        later = {"until": desk.state.wall + 2 * HOUR} if "until" in change else change
        desk.ask("change_visit", "bao", visit="v1", **later)
        assert desk.more == {"again": True}
        assert desk.issue() is Reason.NOT_APPROVED


def test_another_document_for_an_approved_visit_needs_the_approval_anew() -> None:
    desk = Desk()
    desk.request()
    desk.approve()
    desk.ask("change_visit", "bao", visit="v1", document="E87654321", document_kind="passport")
    assert desk.more == {"again": True}


def test_what_was_missing_is_added_at_the_desk_and_the_approval_stands() -> None:
    desk = Desk()
    desk.request("li", document=None, document_kind=None, photo=None, instruction_given=None)
    desk.approve()
    assert desk.issue() is Reason.DOCUMENT_WRONG
    given = {key: RIGHT[key] for key in ("document", "document_kind", "photo", "instruction_given")}
    desk.ask("change_visit", "bao", visit="v1", **given)
    assert desk.more == {"again": False}
    assert desk.issue() is None


def test_a_visit_that_is_declined_or_taken_back_is_over() -> None:
    for by, reason in (("li", None), ("xu", None), ("bao", None), ("wang", Reason.NOT_ALLOWED)):
        desk = Desk()
        desk.request()
        desk.ask("decline_visit", by, visit="v1", reason="not today")
        assert desk.reason is reason
        assert desk.approve() is (Reason.NOTHING_TO_DO if reason is None else None)
    desk.ask("decline_visit", "li", visit="v1")
    assert desk.reason == Reason.NOT_UNDERSTOOD


def test_who_comes_again_is_known_by_the_document_or_by_the_id() -> None:
    desk = Desk()
    desk.received()
    desk.check_out()
    assert desk.request(document="e1234-5678")
    assert desk.visit("v2").visitor == "visitor-1"
    assert desk.request(document="E87654321", returning="visitor-1")
    assert desk.visit("v3").visitor == "visitor-1"
    assert desk.request(document="E55555555")
    assert desk.visit("v4").visitor == "visitor-4"
    assert not desk.request(document="E12345678", returning="visitor-4")
    assert desk.reason == Reason.DOCUMENT_WRONG


def test_everything_that_can_be_done_with_a_visit_stands_in_its_table() -> None:
    reached = {move.to for move in TABLE.values()} | {VisitStatus.REQUESTED}
    assert reached == set(VisitStatus)
    assert {deed for _, deed in TABLE} == set(VisitDeed)
    into_the_house = {status for (status, deed), move in TABLE.items() if deed is VisitDeed.ISSUE}
    assert into_the_house == {VisitStatus.APPROVED}
    assert not [deed for status, deed in TABLE if status is VisitStatus.DECLINED]


def test_no_more_visits_are_awaited_than_a_desk_can_look_through() -> None:
    desk = Desk()
    for n in range(MOST_OPEN):
        visit = replace(_A_VISIT, visitor=f"visitor-{n}", ends=desk.state.wall + HOUR)
        desk.state.visit_book[f"v{n}"] = visit
    desk.site.step(Asking(desk.now, "request_visit", "bao", "", _said(desk)))
    assert desk.site.state.visit_count == 0
    desk.state.visit_book["v7"] = replace(_A_VISIT, status=VisitStatus.LEFT)
    desk.site.step(Asking(desk.now, "request_visit", "bao", "", _said(desk)))
    assert desk.site.state.visit_count == 1


def test_visits_are_remembered_over_a_restart() -> None:
    desk = Desk()
    desk.request()
    desk.approve()
    book = dict(desk.state.visit_book)
    desk.restart()
    assert desk.state.visit_book == book
    assert desk.issue() is None


def test_visits_of_the_day_before_yesterday_are_forgotten_and_open_ones_never() -> None:
    desk = Desk()
    desk.received("P1")
    desk.received("P2", document="E87654321")
    desk.request(document="E55555555")
    desk.check_out("v1")
    for _ in range(50):
        desk.wait(3600)
    desk.request(document="E99999999")
    assert set(desk.state.visit_book) == {"v2", "v4"}
