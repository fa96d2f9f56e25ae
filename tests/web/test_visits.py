"""What is done with a visit against a peer: approved, a pass handed out and taken back, and papers."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from controller.ledger.custody_log import CustodyLog
from tests.web.conftest import Console
from tests.web.peer import Peer, person
from tests.web.visiting_desk import NOW, RESIDENT, Told, asked, desk_of, script, seen, told, visit
from web.command_words import spelled


@pytest.fixture
def desk(peer: Peer, log: CustodyLog, draft: Callable[..., dict[str, object]]) -> Peer:
    return desk_of(peer, log, draft)


ISSUE = {
    "badge": "P1",
    "escort": "wang",
    "identity_checked": "1",
    "instruction_given": "1",
    "privacy_notice_given": "1",
    "no_photo": "camera broken",
    "what0": "phone",
    "locker0": " 12 ",
    "what1": "watch",
    "locker1": "",
    "key": "k2",
}


def test_a_pass_is_issued_with_badge_escort_devices_and_everything_that_was_checked(
    console: Console, desk: Peer
) -> None:
    desk.answers["room"] = seen(v1=visit(status="approved", approved_by="wang"))
    answer = console.post("/visitors/v1/issue", ISSUE)
    assert (answer.status_code, answer.location) == (303, "/visitors?issued=v1")
    assert asked(desk)["fields"] == {
        "visit": "v1",
        "badge": "P1",
        "escort": "wang",
        "devices": [{"what": "phone", "locker": "12"}],
        "identity_checked": True,
        "instruction_given": True,
        "privacy_notice_given": True,
        "no_photo": "camera broken",
    }


@pytest.mark.parametrize(
    ("refusal", "name", "words"),
    [
        ({"refused": "not_understood", "missing": ["identity_checked"]}, "identity_checked", "the face"),
        ({"refused": "not_understood", "missing": ["photo"]}, "photo", "Take a photograph"),
        ({"refused": "not_understood", "lockers_in_use": ["12"]}, "devices", "12"),
        ({"refused": "badge_in_use"}, "badge", "This needs"),
        ({"refused": "hosts_missing"}, "escort", "This needs"),
    ],
)
def test_what_is_missing_at_the_pass_is_said_beside_its_field(
    console: Console, desk: Peer, refusal: Told, name: str, words: str
) -> None:
    desk.answers |= {"room": seen(v1=visit(status="approved")), "ask": {"need": "x", **refusal}}
    assert words in told(script(console, "/visitors/v1/issue", ISSUE))["wrong"][name]
    page = console.post("/visitors/v1/issue", ISSUE)
    assert (page.status_code, 'value="P1"' in page.text, words in page.text) == (409, True, True)


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("identity_checked", "the face"),
        ("no_photo", "Take a photograph"),
        ("instruction_given", "Give the instruction"),
        ("privacy_notice_given", "Hand over the privacy notice"),
    ],
)
def test_a_form_that_nobody_has_finished_is_not_asked_and_stands_in_no_log(
    console: Console, desk: Peer, field: str, words: str
) -> None:
    desk.answers["room"] = seen(v1=visit(status="approved"))
    unfinished = {name: value for name, value in ISSUE.items() if name != field}
    wrong = told(script(console, "/visitors/v1/issue", unfinished))["wrong"]
    assert [words in text for text in wrong.values()] == [True]
    assert not desk.said("ask")


def test_a_guard_is_pointed_to_no_file_of_the_program_where_fields_do_not_fit(
    console: Console, desk: Peer
) -> None:
    desk.answers |= {"room": seen(v1=visit(status="approved")), "ask": {"refused": "not_understood"}}
    told_at_the_form = told(script(console, "/visitors/v1/issue", ISSUE))["error"]
    assert "docs/" not in told_at_the_form
    assert "Check every field" in told_at_the_form


def test_only_free_badges_are_offered_and_lockers_in_use_are_told(console: Console, desk: Peer) -> None:
    other = visit(visitor="visitor-2", status="inside", badge="P9", devices=[{"what": "bag", "locker": "7"}])
    desk.answers["room"] = seen(v1=visit(status="approved"), v2=other)
    text = console.get("/visitors?visit=v1").text
    assert '<option value="P1">' in text
    assert '<option value="P2">' not in text
    assert '<option value="B1">' not in text
    assert "In use: 7" in text


def test_a_visitor_is_signed_out_by_badge_with_the_devices_of_the_lockers(
    console: Console, desk: Peer
) -> None:
    inside = visit(status="inside", badge="P1", escort="wang", devices=[{"what": "phone", "locker": "12"}])
    desk.answers["room"] = seen(v1=inside)
    found = script(console, "/visitors/find", {"text": "P1"})
    assert told(found) == {"next": "/visitors?visit=v1"}
    form = {"badge_returned": "yes", "lockers": ["12"], "device0": "yes", "key": "k3"}
    assert console.post("/visitors/v1/check-out", form).status_code == 303
    assert asked(desk)["fields"] == {"visit": "v1", "badge_returned": True, "devices_returned": ["12"]}


TWO = [{"what": "phone", "locker": "12"}, {"what": "bag", "locker": "13"}]


def test_nothing_is_taken_for_given_back_badge_and_each_device_are_said(console: Console, desk: Peer) -> None:
    desk.answers["room"] = seen(v1=visit(status="inside", badge="P1", devices=TWO))
    text = console.get("/visitors?visit=v1").text
    form = text[text.index('id="check-out"') : text.index("Sign the visitor out")]
    assert form.count('type="radio"') == 6
    assert "checked" not in form
    answer = told(script(console, "/visitors/v1/check-out", {"lockers": ["12", "13"], "device1": "yes"}))
    assert sorted(answer["wrong"]) == ["badge_returned", "device0"]
    assert desk.said("ask") == []


@pytest.mark.parametrize("gone", [{"badge_returned": "no"}, {"device0": "no"}, {"device1": "no"}])
def test_what_is_missing_is_asked_about_and_written_down(console: Console, desk: Peer, gone: Told) -> None:
    desk.answers["room"] = seen(v1=visit(status="inside", badge="P1", devices=TWO))
    form = {"badge_returned": "yes", "device0": "yes", "device1": "yes", "lockers": ["12", "13"], **gone}
    assert list(told(script(console, "/visitors/v1/check-out", form))["wrong"]) == ["reason"]
    assert desk.said("ask") == []
    said = told(script(console, "/visitors/v1/check-out", form | {"reason": "left in the car"}))
    assert said["next"] == "/visitors?visit=v1"  # it stays on the screen
    fields = asked(desk)["fields"]
    assert fields["reason"] == "left in the car"
    assert fields["badge_returned"] is (gone.get("badge_returned") != "no")
    back = [locker for n, locker in enumerate(["12", "13"]) if f"device{n}" not in gone]
    assert fields["devices_returned"] == back


def test_what_was_said_of_a_missing_badge_stands_at_the_visit_until_it_is_back(
    console: Console, desk: Peer, log: CustodyLog, draft: Callable[..., dict[str, object]]
) -> None:
    told_of = {"visit": "v1", "visitor": "visitor-1", "note": "fell into the lake"}
    log.append([draft(2, kind="pass_returned", who=["c1"], badge_returned=False, **told_of)])
    gone = visit(status="left", badge="P1", badge_missing=True)
    desk.answers["room"] = seen(v1=gone)
    text = console.get("/visitors?visit=v1").text
    assert "fell into the lake" in text
    assert "Badge missing" in console.get("/visitors/lists").text
    form = {"badge_returned": "yes"}
    assert console.post("/visitors/v1/check-out", form).status_code == 303
    assert asked(desk)["fields"] == {"visit": "v1", "badge_returned": True, "devices_returned": []}


def test_a_visitor_is_found_by_the_code_of_the_pass_and_by_name(console: Console, desk: Peer) -> None:
    desk.answers |= {
        "room": seen(v1=visit(status="inside", badge="P1")),
        "pass_of": lambda said: {"visit": "v1"} if said["code"] == "ABCD-1" else {"refused": "nothing_to_do"},
    }
    assert told(script(console, "/visitors/find", {"text": "ABCD-1"}))["next"] == "/visitors?visit=v1"
    assert told(script(console, "/visitors/find", {"text": "anna"}))["next"] == "/visitors?visit=v1"
    assert script(console, "/visitors/find", {"text": "zzz"}).status_code == 409


def test_an_overstay_is_word_and_shape_and_says_for_how_long(console: Console, desk: Peer) -> None:
    late = visit(status="inside", badge="P1", late=True, ends=NOW - 300_000)
    desk.answers["room"] = seen(v1=late)
    text = console.get("/visitors/lists").text
    assert '<span class="badge alarm">' in text
    assert "Overstayed by 5 min" in text


@pytest.mark.parametrize(
    ("roles", "name", "there", "gone"),
    [
        (("guard",), "c1", ["Issue the pass", "Who comes?", "Who leaves?"], ["Approve and sign"]),
        (("auditor",), "c1", ["Anna Berg"], ["Issue the pass", "Who comes?", "Who leaves?"]),
        (("custodian",), "wang", ["Anna Berg", "Who comes?"], ["Issue the pass", "110***", "Who leaves?"]),
    ],
)
def test_each_role_sees_what_it_may_do(
    console: Console, desk: Peer, roles: tuple[str, ...], name: str, there: list[str], gone: list[str]
) -> None:
    desk.answers |= {"who": person(*roles, name=name), "room": seen(v1=visit(status="approved"))}
    text = console.get("/visitors?visit=v1").text
    assert [one for one in there if one not in text] == []
    assert [one for one in gone if one in text] == []


def test_a_visit_that_is_not_theirs_is_not_there_for_a_custodian(console: Console, desk: Peer) -> None:
    desk.answers |= {"who": person("custodian", name="li"), "room": seen(v1=visit())}
    assert "Anna Berg" not in console.get("/visitors?visit=v1").text
    assert console.post("/visitors/v1/approve", {}).status_code == 404
    assert console.post("/visitors/v1/decline", {"reason": "no"}).status_code == 404
    assert not desk.said("ask") + desk.said("propose")


def test_an_approval_is_proposed_to_be_signed(console: Console, desk: Peer) -> None:
    proposed = {"command": "k", "code": "4F2A-91C0", "text": "{}", "people": 1, "options": {}, "handle": "h"}
    desk.answers |= {"who": person("custodian", name="wang"), "room": seen(v1=visit()), "propose": proposed}
    assert told(console.post("/visitors/v1/approve", {}))["code"] == "4F2A-91C0"
    assert desk.said("propose")[0] | {"token": ""} == {
        "do": "propose",
        "token": "",
        "ask": "approve_visit",
        "fields": {"visit": "v1"},
    }


def test_who_approves_a_visit_reads_who_comes_before_they_sign(console: Console, desk: Peer) -> None:
    proposed = {"command": "k", "code": "4F2A-91C0", "text": "{}", "people": 1, "options": {}, "handle": "h"}
    proposed |= {"ask": "approve_visit", "fields": {"visit": "v1"}}
    desk.answers |= {"who": person("custodian", name="wang"), "room": seen(v1=visit()), "propose": proposed}
    said = told(console.post("/visitors/v1/approve", {}))["said"]
    assert said == "Approve the visit v1 · Anna Berg (visitor-1)"


def test_a_photograph_is_made_small_and_bare_before_it_is_kept(console: Console, desk: Peer) -> None:
    desk.answers["keep_photo"] = {"digest": "ab" * 32}
    whole = BytesIO()
    Image.effect_noise((320, 240), 80).convert("RGB").save(whole, "PNG")
    answer = console.post("/visitors/photo", {"picture": (BytesIO(whole.getvalue()), "a.png")})
    assert told(answer) == {"digest": "ab" * 32}
    assert len(desk.said("keep_photo")[0]["jpeg"]) <= 140_000
    assert console.post("/visitors/photo", {"picture": (BytesIO(b"GIF"), "a.gif")}).status_code == 409


def test_pass_and_notice_are_papers(console: Console, desk: Peer) -> None:
    desk.answers |= {
        "room": seen(v1=visit(status="inside", badge="P1", escort="wang")),
        "pass_code": {"code": "ABCDEFGH23456789"},
    }
    for path in ("/visitors/v1/pass.pdf", "/visitors/v1/pass.pdf?size=a6", "/visitors/notice.pdf?visit=v1"):
        answer = console.get(path)
        assert (answer.mimetype, answer.data[:5]) == ("application/pdf", b"%PDF-")
        assert RESIDENT.encode() not in answer.data
    desk.answers["room"] = seen(v1=visit())
    assert console.get("/visitors/v1/pass.pdf").status_code == 404


def test_hosts_are_found_by_initials_with_the_doors_they_may_pass(console: Console, desk: Peer) -> None:
    assert told(console.get("/visitors/hosts?q=wjg"))["hosts"] == [
        {"id": "wang", "name": "王建国", "value": "王建国", "department": "vaults", "doors": ["main"]}
    ]
    assert told(console.get("/visitors/hosts?q=gone"))["hosts"] == []


def test_what_is_signed_off_is_read_as_the_entries_from_first_to_last() -> None:
    assert spelled("ranges", [[0, 0], [2, 5], [7, 11]]) == "0, 2-5, 7-11 (10 entries)"
