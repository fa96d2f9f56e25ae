"""Enrolling and changing people: what a form asks for, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from controller.ledger.custody_log import CustodyLog
from tests.web.conftest import Console
from tests.web.ordering import proposed
from tests.web.peer import Peer
from tests.web.personnel import Draft, fields, form, staffed

SECRET = "902157346812"


@pytest.fixture
def desk(peer: Peer, log: CustodyLog, draft: Draft) -> Peer:
    return staffed(peer, log, draft)


def test_a_change_asks_only_for_what_differs_and_says_from_and_to(console: Console, desk: Peer) -> None:
    answer = console.post("/people/wang/change", form(department="Archive", doors=["inner", "outer"]))
    assert answer.status_code == 200, answer.text
    assert desk.said("propose")[-1]["ask"] == "change_person"
    assert fields(desk) == {"person": "wang", "department": "Archive", "doors": ["inner", "outer"]}
    rows = dict(answer.json["rows"][:3])  # type: ignore[index]
    assert rows["Department"] == "Treasury → Archive"
    assert rows["Doors"] == "inner → inner, outer"


def test_an_end_is_the_whole_last_day_in_the_room_and_can_be_taken_away(console: Console, desk: Peer) -> None:
    console.post("/people/wang/change", form(valid_until="2026-03-31"))
    assert fields(desk) == {"person": "wang", "valid_until": 1_774_972_800_000}
    console.post("/people/wang/change", form(valid_until=""))
    assert fields(desk) == {"person": "wang", "valid_until": None}
    console.post("/people/wang/change", form(every_doors="1"))
    assert fields(desk) == {"person": "wang", "doors": None}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, ""),
        ({"name": ""}, "name"),
        ({"hours": "whenever"}, "hours"),
        ({"valid_until": "soon"}, "valid_until"),
        ({"valid_until": "9999-12-31"}, "valid_until"),
        ({"valid_from": "2026-03-20"}, "valid_until"),
        ({"doors": "cellar"}, "doors"),
        ({"roles": "king"}, "roles"),
        ({"badges": "04BB11"}, "badges"),
        ({"pin": "12", "pin_again": "12"}, "pin"),
        ({"pin": "1234", "pin_again": "1235"}, "pin"),
        ({"department": "x" * 201}, "department"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field_and_proposed_to_nobody(
    console: Console, desk: Peer, typed: dict[str, Any], field: str
) -> None:
    answer = console.post("/people/wang/change", form(**typed))
    assert answer.status_code == 409
    assert field in answer.json["fields"]  # type: ignore[index]
    assert not desk.said("propose")


def test_a_pin_goes_into_the_proposal_and_into_nothing_that_is_shown(console: Console, desk: Peer) -> None:
    desk.answers["propose"] = lambda said: proposed({**said, "fields": {**said["fields"], "pin": "tag"}})
    answer = console.post("/people/wang/change", form(pin=SECRET, pin_again=SECRET))
    assert fields(desk)["pin"] == SECRET
    assert SECRET not in answer.text
    assert ["PIN", "a new one; shown to nobody"] in answer.json["rows"]  # type: ignore[index]
    wrong = console.post("/people/wang/change", form(pin=SECRET, pin_again="1"))
    assert SECRET not in wrong.text
    page = console.get("/people/wang/change").text
    assert page.count('type="password"') == 2


def test_the_form_shows_no_personal_data_again(console: Console, desk: Peer) -> None:
    text = console.get("/people/wang/change").text
    assert "110101199001010021" not in text
    assert "555 0199" not in text
    assert text.count("data-private") == 2


def test_enrolling_says_every_limit_so_that_nothing_means_everything(console: Console, desk: Peer) -> None:
    told_of = {
        "person": "sun",
        "name": "孙丽",
        "doors": "outer",
        "pledged": "1",
        "trained": "1",
        "badges": "04cc11",
    }
    answer = console.post("/enrol", told_of)
    assert answer.status_code == 200, answer.text
    asked = fields(desk)
    assert asked["doors"] == ["outer"]
    assert asked["compartments"] == []
    assert asked["badges"] == ["04CC11"]
    assert asked["pledged"] is True
    assert answer.json["said"].startswith("Enrol 孙丽 (sun)\n")  # type: ignore[index]
    console.post("/enrol", {**told_of, "trained": ""})
    assert fields(desk)["trained"] is False


@pytest.mark.parametrize("number", ["", "wang", "v1", "gone", "os:root", "a b", "x" * 41])
def test_a_number_that_is_known_or_strange_is_given_to_nobody(
    console: Console, desk: Peer, number: str
) -> None:
    answer = console.post("/enrol", {"person": number, "name": "Somebody"})
    assert "person" in answer.json["fields"]  # type: ignore[index]
    assert not desk.said("propose")
