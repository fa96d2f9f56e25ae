"""Requesting a visit against a peer: what is asked of the controller, and what is said beside which field."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from controller.core.documents import DocumentKind
from controller.core.mrz import Zone
from controller.ledger.custody_log import CustodyLog
from tests.web.conftest import Console
from tests.web.peer import Peer
from tests.web.visiting_desk import HOUR, NOW, RESIDENT, Told, asked, desk_of, script, seen, told, visit
from web.visits.camera import kind_in


@pytest.fixture
def desk(peer: Peer, log: CustodyLog, draft: Callable[..., dict[str, object]]) -> Peer:
    return desk_of(peer, log, draft)


FORM = {
    "document": "110105 19491231 002x",
    "name": "Anna Berg",
    "host": "wjg",
    "purpose": "meeting",
    "areas": "main",
    "minutes": "60",
    "key": "k1",
}


def test_a_visit_is_requested_with_the_hosts_initials_and_the_rooms_own_time(
    console: Console, desk: Peer
) -> None:
    answer = console.post("/visitors", FORM)
    assert (answer.status_code, answer.location) == (303, "/visitors?visit=v2")
    assert asked(desk)["fields"] == {
        "document": RESIDENT,
        "document_kind": "resident_id",
        "name": "Anna Berg",
        "host": "wang",
        "purpose": "meeting",
        "areas": ["main"],
        "from": NOW,
        "until": NOW + HOUR,
    }
    assert asked(desk)["key"] == "k1"


def test_a_visit_from_now_on_that_is_sent_again_is_the_same_visit(console: Console, desk: Peer) -> None:
    console.post("/visitors", FORM)
    later = NOW + 40_000
    desk.answers["room"] = {"view": {**seen()["view"], "wall_ms": later}}
    console.post("/visitors", FORM)
    console.post("/visitors", {**FORM, "key": "k2"})
    sent = [(one["key"], one["fields"]["from"]) for one in desk.said("ask") if one["ask"] == "request_visit"]
    assert sent == [("k1", NOW), ("k1", NOW), ("k2", later)]


def test_another_of_the_group_has_host_time_and_purpose_already(console: Console, desk: Peer) -> None:
    answer = console.post("/visitors", {**FORM, "more": "1"})
    assert answer.location == "/visitors?like=v2"
    desk.answers["room"] = seen(v2=visit(group="berg", starts=NOW + HOUR, ends=NOW + 2 * HOUR))
    text = console.get("/visitors?like=v2").text
    for part in ('value="王建国"', 'value="berg"', 'value="2026-03-02T10:00"', 'value="2026-03-02T11:00"'):
        assert part in text
    assert 'value="Anna Berg"' not in text


@pytest.mark.parametrize(
    ("typed", "name", "words"),
    [
        ({"document": "110105194912310021"}, "document", "last digit does not fit"),
        ({"document": "1101051949123100"}, "document", "too short or too long"),
        ({"document": "!"}, "document", "too short or too long"),
        ({"name": " "}, "name", "as it stands in the document"),
        ({"host": "nobody"}, "host", "Choose one person"),
        ({"host": ""}, "host", "Choose one person"),
        ({"host": "gone"}, "host", "Choose one person"),
        ({"purpose": ""}, "purpose", "Choose a purpose"),
        ({"purpose": "other"}, "purpose", "Choose a purpose"),
        ({"areas": "roof"}, "areas", "at least one area"),
        ({"minutes": "", "until": "2026-03-02T08:00"}, "until", "comes after the beginning"),
        ({"minutes": "1500"}, "until", "within a day"),
        ({"from": "soon"}, "from", "Write day and time"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field_and_asks_nobody(
    console: Console, desk: Peer, typed: Told, name: str, words: str
) -> None:
    answer = script(console, "/visitors", FORM | typed)
    assert answer.status_code == 409
    assert words in told(answer)["wrong"][name]
    assert not desk.said("ask")
    page = console.post("/visitors", FORM | typed)
    assert (page.status_code, words in page.text) == (409, True)
    assert RESIDENT not in page.text


@pytest.mark.parametrize(
    ("refusal", "name", "words"),
    [
        ({"refused": "document_wrong", "check": "check_digit"}, "document", "last digit"),
        ({"refused": "visitor_blocked"}, "document", "block list"),
    ],
)
def test_what_the_controller_refuses_stands_beside_the_field_it_is_about(
    console: Console, desk: Peer, refusal: Told, name: str, words: str
) -> None:
    desk.answers["ask"] = {"need": "something", **refusal}
    assert words in told(script(console, "/visitors", FORM))["wrong"][name]


def test_a_document_is_judged_at_once_and_a_guest_is_known_again(console: Console, desk: Peer) -> None:
    desk.answers["visitor"] = {"visitor": "visitor-1", "blocked": False, "visits": 3, "open": []}
    judged = told(console.post("/visitors/look-up", json={"document": RESIDENT.lower(), "kind": ""}))
    assert desk.said("visitor")[0]["document"] == RESIDENT
    assert (judged["masked"], judged["kind"], judged["blocked"]) == (
        "110***********002X",
        "resident_id",
        False,
    )
    guest = judged["guest"]
    assert guest["shown"] == ["Anna Berg", "Berg AG", "an*************le"]
    assert (guest["host"], guest["areas"], guest["visits"]) == ("王建国", ["main"], 3)
    assert (guest["fields"]["host"], guest["fields"]["purpose"]) == ("wang", "audit")


def test_a_wrong_document_is_never_asked_after(console: Console, desk: Peer) -> None:
    answer = console.post("/visitors/look-up", json={"document": "110105194912310021", "kind": ""})
    assert (answer.status_code, "last digit" in told(answer)["error"]) == (409, True)
    for strange in ("[]", '{"document": {"a": 1}}', '{"document": null}'):
        answer = console.post("/visitors/look-up", data=strange, content_type="application/json")
        assert answer.status_code == 409
    assert not desk.said("visitor")


def test_no_page_shows_a_document_number(console: Console, desk: Peer) -> None:
    desk.answers["room"] = seen(v1=visit())
    for path in ("/visitors", "/visitors?visit=v1", "/visitors?like=v1", "/visitors/lists"):
        assert RESIDENT not in console.get(path).text
    assert "110***********002X" in console.get("/visitors?visit=v1").text


PASSAGE: dict[str, Any] = {
    "rooms": {"vault": {}, "store": {}},
    "doors": {
        "main": {"room": "vault", "interlock": ["inner"]},
        "inner": {"room": "", "interlock": ["main"]},
        "side": {"room": "store"},
        "back": {"room": "store"},
        "gate": {"room": ""},
    },
}


@pytest.fixture
def passage(desk: Peer) -> Peer:
    """A site whose vault lies behind a passage, and whose store has two doors."""
    view = seen()
    view["view"]["doors"] = {door: {} for door in PASSAGE["doors"]}
    view["view"]["people"]["li"]["doors"] = ["back"]
    told_of = desk.answers["site"]
    assert isinstance(told_of, dict)
    desk.answers |= {"room": view, "site": {**told_of, "plan": PASSAGE}}
    return desk


def test_areas_are_rooms_and_only_doors_into_none_stand_by_themselves(
    console: Console, passage: Peer
) -> None:
    text = console.get("/visitors").text
    assert re.findall(r'name="areas" value="(\w+)"', text) == ["vault", "store", "gate"]


@pytest.mark.parametrize(
    ("host", "chosen", "doors"),
    [
        ("wang", ["vault"], ["inner", "main"]),
        ("c1", ["store"], ["side", "back"]),
        ("li", ["store"], ["back"]),
        ("c1", ["gate", "vault"], ["inner", "main", "gate"]),
    ],
)
def test_a_room_stands_for_the_doors_into_it_that_the_host_may_pass(
    console: Console, passage: Peer, host: str, chosen: list[str], doors: list[str]
) -> None:
    answer = console.post("/visitors", {**FORM, "host": host, "areas": chosen})
    assert answer.status_code == 303, answer.text
    assert asked(passage)["fields"]["areas"] == doors


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("H12345678", "hk_macao_permit"),
        ("m1234567801", "hk_macao_permit"),
        ("12345678", "taiwan_permit"),
        ("810000199408230021", "resident_id"),
        ("911840198503020019", "resident_id"),
        ("110105 19491231 002x", "resident_id"),
        ("E12345678", "passport"),
    ],
)
def test_a_number_as_it_looks_is_taken_for_its_document(
    console: Console, desk: Peer, typed: str, kind: str
) -> None:
    assert console.post("/visitors", FORM | {"document": typed}).status_code == 303
    assert asked(desk)["fields"]["document_kind"] == kind


@pytest.mark.parametrize(
    ("code", "issuer", "number", "kind"),
    [
        ("P", "CHN", "E12345678", DocumentKind.PASSPORT),
        ("C", "CHN", "H12345678", DocumentKind.HK_MACAO_PERMIT),
        ("C", "CHN", "12345678", DocumentKind.TAIWAN_PERMIT),
        ("I", "D", "12345678", DocumentKind.OTHER),
    ],
)
def test_a_card_before_the_camera_is_a_permit_only_where_china_issued_it(
    code: str, issuer: str, number: str, kind: DocumentKind
) -> None:
    form = "TD3" if code == "P" else "TD1"
    zone = Zone(form, code, issuer, number, issuer, "WANG", "WEI", None, "", None)
    assert kind_in(zone) is kind
