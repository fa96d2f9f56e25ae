"""The page of people: who is there, what they may do, badges and leaving."""

from __future__ import annotations

import pytest

from controller.ledger.custody_log import CustodyLog
from tests.web.conftest import Console
from tests.web.ordering import NOW, a_chief
from tests.web.peer import Peer
from tests.web.personnel import PEOPLE, WANG, Draft, fields, now, staffed

SECRET = "902157346812"


@pytest.fixture
def desk(peer: Peer, log: CustodyLog, draft: Draft) -> Peer:
    return staffed(peer, log, draft)


def test_the_list_shows_staff_with_their_state_in_words_and_no_visitor(console: Console, desk: Peer) -> None:
    text = console.get("/people").text
    assert "3 people" in text
    for said in ("王建国", "Treasury", "ends soon", "may not enter", "in force"):
        assert said in text
    assert "Visitor" not in text.split('id="list"')[1].split("</section>")[0]
    assert "Gone" not in text
    assert "Gone" in console.get("/people?standing=ended").text


@pytest.mark.parametrize(
    ("query", "there", "missing"),
    [
        ("words=wjg", "王建国", "曾国藩"),
        ("words=zeng", "曾国藩", "王建国"),
        ("words=ceng", "曾国藩", "王建国"),
        ("department=Treasury", "王建国", "曾国藩"),
        ("role=chief", "Chief One", "王建国"),
        ("post=custodian", "王建国", '<td><a href="/people/c1"'),
        ("standing=held", "曾国藩", "王建国"),
    ],
)
def test_the_list_is_narrowed_by_name_pinyin_and_what_people_are(
    console: Console, desk: Peer, query: str, there: str, missing: str
) -> None:
    shown = console.get(f"/people?{query}").text.split('id="list"')[1]
    assert there in shown
    assert missing not in shown


def test_a_long_list_has_pages_and_a_page_that_is_not_there_is_the_last(console: Console, desk: Peer) -> None:
    now(desk, people={f"p{n:03}": WANG for n in range(95)})
    assert "Page 1 of 3" in console.get("/people").text
    last = console.get("/people?page=99&department=Treasury").text
    assert "Page 3 of 3" in last
    assert "department=Treasury" in last
    assert console.get("/people?page=-4&words=%00%ff").status_code == 200


def test_nobody_fitting_says_what_to_do(console: Console, desk: Peer) -> None:
    assert "Take away a filter" in console.get("/people?words=xyzzy").text


def test_one_person_is_told_in_words(console: Console, desk: Peer) -> None:
    text = console.get("/people/wang").text
    for said in (
        "inner",
        "every compartment",
        "Monday to Friday from 08:00 to 18:00",
        "Custodian",
        "2026-03-11",
    ):
        assert said in text
    assert "Rights end on" in text
    assert "number only: can be copied" in text
    assert "110101199001010021" not in text
    assert "555 0199" not in text
    assert console.get("/people/v1").status_code == 404
    assert console.get("/people/nobody").status_code == 404


def test_personal_data_is_shown_after_the_look_is_written_and_a_document_never_whole(
    console: Console, desk: Peer
) -> None:
    text = console.get("/people/wang/book").text
    assert desk.said("look")[-1]["filter"] == "person=wang"
    assert "110***********0021" in text
    assert "555 0199" in text
    assert "110101199001010021" not in text
    assert "曾国藩" not in text


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("guard", "/people", 200),
        ("guard", "/people/wang", 200),
        ("guard", "/people/wang/book", 403),
        ("guard", "/people/wang/change", 403),
        ("guard", "/enrol", 403),
        ("custodian", "/people", 403),
        ("installer", "/people/wang", 403),
        ("auditor", "/people/wang/book", 200),
        ("auditor", "/people/wang/change", 403),
        ("auditor", "/people/wang/leave", 403),
        ("auditor", "/people/gone/back", 200),
        ("chief", "/enrol", 200),
        ("chief", "/people/gone/change", 404),
        ("chief", "/people/c1/change", 403),
    ],
)
def test_each_role_opens_what_is_theirs(
    console: Console, desk: Peer, role: str, path: str, status: int
) -> None:
    desk.answers["who"] = a_chief(role)
    assert console.get(path).status_code == status


def test_a_badge_is_blocked_at_once_with_its_reason_and_only_of_its_holder(
    console: Console, desk: Peer
) -> None:
    desk.answers["who"] = a_chief("guard")
    asked = {"badge": "04AA22", "reason": "lost in a taxi", "key": "k"}
    assert console.post("/people/wang/block", asked).status_code == 303
    assert desk.said("ask")[-1]["fields"] == {"badge": "04AA22", "reason": "lost in a taxi"}
    for wrong in ({"badge": "04BB11"}, {"reason": " "}):
        console.post("/people/wang/block", {**asked, **wrong})
    assert len(desk.said("ask")) == 1


def test_a_badge_that_is_made_is_told_live_and_so_is_its_end(console: Console, desk: Peer) -> None:
    asked = console.post("/people/wang/badge", {"level": "desfire", "reader": "desk"})
    assert asked.status_code == 200
    assert fields(desk) == {"person": "wang", "level": "desfire", "reader": "desk"}
    now(desk, issues={"desk": {"person": "wang", "level": "desfire", "until": 540_000}})
    assert "Hold the new card at reader desk now" in console.get("/people/wang/badges").text
    assert "Hold the new card" not in console.get("/people/zeng/badges").text
    end = {"kind": "badge_issued", "at": 499_000, "badge": "04DD44", "person": "wang"}
    now(desk, issues={}, became={"desk": end})
    assert "The card is a badge now: 04DD44" in console.get("/people/wang/badges").text
    failed = {
        "kind": "badge_not_issued",
        "at": 499_000,
        "person": "wang",
        "reason": "timeout",
        "why": "timeout",
    }
    now(desk, became={"desk": failed})
    assert "No badge was made" in console.get("/people/wang/badges").text


def test_leaving_shows_before_what_ends_and_afterwards_what_must_come_back(
    console: Console, desk: Peer
) -> None:
    book = {"s9": {"visitor": "v1", "host": "wang", "escort": "wang", "open": True}}
    carriers = {
        "K1": {"state": "OUT", "at": "", "holder": "wang"},
        "K2": {"state": "IN", "at": "", "holder": "wang"},
    }
    now(desk, carriers=carriers, visits={"book": book})
    before = console.get("/people/wang/leave").text
    for said in ("04AA11, 04AA22", "K1", "Visitor", "cannot be undone"):
        assert said in before
    assert "K2" not in before
    answer = console.post("/people/wang/leave", {})
    assert (desk.said("propose")[-1]["ask"], fields(desk)) == ("end_person", {"person": "wang"})
    assert answer.json["next"] == "/people/wang/back"  # type: ignore[index]
    now(desk, people={**PEOPLE, "wang": {**WANG, "ended": True}})
    after = console.get("/people/wang/back").text
    for said in ("All rights have ended", "K1", "04AA33", "data-print"):
        assert said in after


def test_somebody_without_a_passkey_is_invited_by_signature(console: Console, desk: Peer) -> None:
    assert "/people/wang/invite" in console.get("/people/wang").text
    answer = console.post("/people/wang/invite", {})
    assert answer.json["said"].count("王建国")  # type: ignore[index]
    assert (desk.said("propose")[-1]["ask"], fields(desk)) == ("invite", {"person": "wang"})
    now(desk, people={**PEOPLE, "wang": {**WANG, "roles": []}})
    assert "/people/wang/invite" not in console.get("/people/wang").text


def test_a_session_of_somebody_is_ended_by_a_chief_alone(console: Console, desk: Peer) -> None:
    one = {
        "id": "s1",
        "person": "wang",
        "since": NOW,
        "seen": NOW,
        "how": "passkey",
        "seat": "desk",
        "own": False,
    }
    desk.answers["sessions"] = {"sessions": [one]}
    assert 'value="s1"' in console.get("/people/wang").text
    assert console.post("/people/wang/sign-out", {"session": "s1"}).status_code == 303
    assert desk.said("end_session")[-1]["id"] == "s1"
    desk.answers["who"] = a_chief("guard")
    assert console.post("/people/wang/sign-out", {"session": "s1"}).status_code == 403


def test_markup_in_what_is_told_of_people_stays_text(console: Console, desk: Peer) -> None:
    odd = "<img src=x onerror=alert(1)>"
    now(desk, people={"wang": {**WANG, "department": odd, "posts": [odd], "hours": odd}})
    for path in ("/people", "/people/wang", "/people/wang/change"):
        assert "<img src=x" not in console.get(path).text
