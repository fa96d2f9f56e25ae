"""Reading what is somebody else's: by ids that can be guessed, by numbers in a row, by the wrong role."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.console.house import House

DOCUMENT, NAME, CONTACT = "E12345678", "Anna Berg", "anna@berg.example"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("reads")) as house:
        house.founded("zhao", "chen", "li", "wang", "gao")
        wall = house.child.look()["wall_ms"]
        who = {"name": NAME, "document": DOCUMENT, "document_kind": "passport", "contact": CONTACT}
        when = {"from": wall, "until": wall + 3_600_000, "host": "wang", "areas": ["main"]}
        told = house.as_(
            "li", "ask", ask="request_visit", fields={**who, **when, "purpose": "meeting"}, key=""
        )
        assert "accepted" in told, told
        yield house


def test_nobody_is_told_a_document_number_by_the_room(house: House) -> None:
    for person in ("zhao", "li", "wang", "gao"):
        for more in ({}, {"whole": True}):
            view = json.dumps(house.as_(person, "room", **more))
            assert DOCUMENT not in view
            assert CONTACT not in view


def test_a_custodian_and_an_auditor_find_nobody_by_their_document(house: House) -> None:
    for person in ("wang", "gao"):
        assert house.as_(person, "visitor", document=DOCUMENT)["refused"] == "not_allowed"
        assert house.as_(person, "pass_code", visit="v1")["refused"] == "not_allowed"
        for n in range(3):
            assert house.as_(person, "pass_of", code=f"{n:08}")["refused"] == "not_allowed"


def test_pictures_are_not_read_by_counting(house: House) -> None:
    for n in (-1, 0, 1, 2, house.newest, 2**53, -(2**60)):
        for camera, size in (("door", "picture"), ("../custody.db", "thumbnail"), ("", "x")):
            asked = {"shot_n": n, "camera": camera, "moment": 0, "size": size}
            assert "jpeg" not in house.as_("li", "picture", **asked)
            assert house.as_("wang", "picture", **asked)["refused"] in {"not_allowed", "not_understood"}
    for digest in ("0" * 64, "", "../log.key", "%"):
        assert "jpeg" not in house.as_("li", "photo", digest=digest)
        assert house.as_("wang", "photo", digest=digest)["refused"] == "not_allowed"


def test_a_guard_ends_and_sees_no_session_but_their_own(house: House) -> None:
    shown = house.as_("zhao", "sessions")["sessions"]
    assert {one["person"] for one in shown} >= {"zhao", "chen", "li", "wang"}
    assert {one["person"] for one in house.as_("li", "sessions")["sessions"]} == {"li"}
    for one in shown:
        if one["person"] != "li":
            assert house.as_("li", "end_session", id=one["id"])["refused"] == "nothing_to_do"
    assert house.as_("chen", "who")["person"] == "chen"
    assert all(token not in json.dumps(shown) for token in house.tokens.values())


def test_a_handle_of_one_person_is_worth_nothing_to_another(house: House) -> None:
    """Offering a passkey, an authenticator app, a signature: each handle belongs to whom it was given."""
    house.sign_in("zhao")
    house.sign_in("li")
    begun = house.as_("zhao", "passkey_begin")
    made = house.keys["li"].create(begun["options"])
    told = house.as_("li", "passkey_finish", handle=begun["handle"], credential=made, label="x")
    assert told["refused"] == "expired"
    asked = house.propose("zhao", "recount", room="vault", inside=[])
    credential = house.keys["chen"].get(asked["options"])
    said = {"command": asked["command"], "handle": asked["handle"], "credential": credential}
    assert "refused" in house.as_("chen", "sign", **said)
    house.as_("zhao", "totp_begin")
    assert house.as_("li", "totp_finish", code="000000")["refused"] == "expired"
    assert house.as_("li", "offered")["offered"] == []


def test_nobody_looks_under_a_name_that_is_no_place_of_evidence(house: House) -> None:
    before = house.newest
    for what in ("", "sealed", "console.sqlite", "review; drop", "x" * 200):
        assert house.as_("li", "look", what=what, filter="", words="")["refused"] == "not_understood", what
    assert house.entries("evidence_read", after=before) == []
