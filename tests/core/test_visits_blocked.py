"""Who may not visit, and the roll call (R7.3)."""

from __future__ import annotations

import json

import pytest

from controller.core.visit_known import Known, known_visitor
from controller.core.words import Reason
from controller.visit_view import visits
from tests.core.visiting import Desk

NUMBER = "E12345678"


def known(desk: Desk, number: str = NUMBER) -> Known:
    return known_visitor(desk.state, desk.site.pepper, number)


def gone() -> Desk:
    desk = Desk()
    desk.received()
    desk.check_out()
    return desk


def block(desk: Desk, **whom: str) -> object:
    desk.ask("block_visitor", "bao", **({"reason": "threatened a clerk"} | whom))
    return desk.reason


def test_the_desk_knows_a_document_again_however_it_is_typed() -> None:
    desk = gone()
    assert known(desk) == Known("visitor-1", blocked=False, visits=1, open=())
    assert known(desk, " e1234-5678 ") == known(desk)
    assert known(desk, "E87654321") == Known("", blocked=False, visits=0, open=())
    desk.request()
    assert known(desk).open == ("v2",)


def test_a_blocked_visitor_is_refused_at_every_word_of_a_visit() -> None:
    desk = gone()
    for name in ("v2", "v3"):
        desk.request()
        assert desk.visit(name)
    desk.approve("v2")
    assert block(desk, visitor="visitor-1") is None
    assert not desk.request()
    assert desk.reason == Reason.VISITOR_BLOCKED
    assert desk.approve("v3") is Reason.VISITOR_BLOCKED
    assert desk.issue("v2") is Reason.VISITOR_BLOCKED
    assert known(desk).blocked
    assert visits(desk.state)["blocked"] == ["visitor-1"]


def test_a_block_is_found_by_another_document_of_the_same_visitor_too() -> None:
    desk = gone()
    desk.request(document="E87654321", returning="visitor-1")
    assert block(desk, document="E8765 4321") is None
    assert known(desk).blocked
    assert not desk.request(document="E55555555", returning="visitor-1")
    assert desk.reason == Reason.VISITOR_BLOCKED


def test_somebody_who_never_came_is_blocked_by_the_document() -> None:
    desk = Desk()
    assert block(desk, document="E99999999") is None
    assert not desk.request(document="E99999999")
    assert desk.reason == Reason.VISITOR_BLOCKED
    assert "99999999" not in json.dumps(desk.entries)


def test_a_document_shown_late_is_not_a_way_around_a_block() -> None:
    desk = Desk()
    block(desk, document=NUMBER)
    desk.request(document=None, document_kind=None)
    desk.approve()
    desk.ask("change_visit", "bao", visit="v1", document=NUMBER, document_kind="passport")
    assert desk.reason == Reason.VISITOR_BLOCKED
    desk.ask("change_visit", "bao", visit="v1", document=NUMBER, document_kind="other")
    assert desk.reason == Reason.VISITOR_BLOCKED


def test_blocking_somebody_who_is_inside_ends_the_pass_and_calls_the_guard() -> None:
    desk = Desk()
    desk.received()
    desk.enter("P1", "B1", "B2")
    assert block(desk, visitor="visitor-1") is None
    assert desk.alarms == {"visitor_alone"}
    assert desk.of("visit_ended")[-1]["visitors"] == ["visitor-1"]
    assert desk.check_out() is None


def test_b60_a_block_survives_the_erasing_of_the_visitor_by_the_document_alone() -> None:
    desk = gone()
    block(desk, visitor="visitor-1")
    desk.ask("erase_person", "zhao", "chen", person="visitor-1", reason="asked")
    assert desk.of("erased")
    assert known(desk) == Known("", blocked=True, visits=0, open=())
    assert not desk.request()
    assert "visitor-1" not in str(visits(desk.state))
    desk.ask("unblock_visitor", "xu", document=NUMBER, reason="long ago")
    assert desk.request()


def test_why_somebody_is_blocked_is_personal() -> None:
    desk = gone()
    block(desk, visitor="visitor-1")
    (entry,) = desk.of("visitor_blocked")
    assert entry.pop("personal") == {"visitor-1": {"blocked_for": "threatened a clerk"}}
    assert "threatened" not in json.dumps(entry)


def test_a_block_is_lifted_by_somebody_else_than_who_set_it_with_a_reason() -> None:
    desk = gone()
    desk.ask("block_visitor", "xu", visitor="visitor-1", reason="loud")
    desk.ask("unblock_visitor", "xu", visitor="visitor-1", reason="quiet now")
    assert desk.reason == Reason.SAME_PERSON_LIFTS
    desk.ask("unblock_visitor", "zhao", visitor="visitor-1")
    assert desk.reason == Reason.NOT_UNDERSTOOD
    desk.ask("unblock_visitor", "zhao", visitor="visitor-1", reason="quiet now")
    assert desk.reason is None
    assert not desk.state.blocks
    assert desk.request()


@pytest.mark.parametrize(
    ("whom", "reason"),
    [
        ({}, Reason.NOT_UNDERSTOOD),
        ({"visitor": "visitor-1", "document": NUMBER}, Reason.NOT_UNDERSTOOD),
        ({"visitor": "visitor-1", "reason": " "}, Reason.NOT_UNDERSTOOD),
        ({"document": "  "}, Reason.NOT_UNDERSTOOD),
        ({"visitor": "li"}, Reason.NOTHING_TO_DO),
        ({"visitor": "nobody"}, Reason.NOTHING_TO_DO),
    ],
)
def test_only_a_visitor_or_a_document_is_blocked_and_with_a_reason(
    whom: dict[str, str], reason: Reason
) -> None:
    desk = gone()
    assert block(desk, **whom) is reason
    assert not desk.state.blocks


def test_nobody_is_blocked_twice() -> None:
    desk = gone()
    block(desk, visitor="visitor-1")
    assert block(desk, document=NUMBER) is Reason.NOTHING_TO_DO


def test_a_roll_call_says_who_was_found_who_was_missing_and_who_was_not_called() -> None:
    desk = Desk()
    desk.received()
    desk.received("P2", document="E87654321")
    desk.enter("P1", "B1", "B2")
    desk.ask("roll_call", "bao", found=["li", "bao"], missing=["visitor-1"])
    assert desk.more == {"not_called": ["visitor-2", "wang"]}
    (entry,) = desk.of("roll_called")
    assert (entry["found"], entry["missing"]) == (["li", "bao"], ["visitor-1"])
    assert entry["not_called"] == ["visitor-2", "wang"]


def test_a_roll_call_of_a_great_house_is_written_in_entries_that_fit() -> None:
    crowd = {f"{'x' * 190}{n}": {"visitor": True} for n in range(300)}
    desk = Desk(None, **crowd)
    desk.ask("roll_call", "bao", found=[*crowd], missing=["li"])
    entries = desk.of("roll_called")
    assert len(entries) > 1
    assert [name for e in entries for name in e["found"]] == [*crowd]
    assert [name for e in entries for name in e["missing"]] == ["li"]
    assert all(len(json.dumps(e)) < 65_535 for e in entries)


def test_a_document_of_somebody_whose_rights_were_ended_is_blocked_all_the_same() -> None:
    desk = gone()
    desk.ask("end_person", "zhao", person="visitor-1")
    assert block(desk, document=NUMBER) is None
    assert known(desk).blocked


@pytest.mark.parametrize(
    ("found", "missing"),
    [(["li"], ["li"]), (["nobody"], []), (["li", "li"], []), ("li", []), (["li"], None), ([7], [])],
)
def test_a_roll_call_names_known_people_once(found: object, missing: object) -> None:
    desk = Desk()
    desk.ask("roll_call", "bao", found=found, missing=missing)
    assert desk.reason == Reason.NOT_UNDERSTOOD
    assert not desk.of("roll_called")
