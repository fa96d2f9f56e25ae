"""The chief's review against a real small log: what is asked is written down first, and shown in words."""

from __future__ import annotations

from base64 import b64encode

import pytest

from controller.errors import ProofRefused
from controller.ledger.custody_log import CustodyLog
from controller.ledger.formats.policy import NONE, Policy, PolicyLog
from controller.ledger.formats.receipt import Receipt, check
from tests.web.conftest import Console
from tests.web.peer import Peer, person


def test_the_day_is_shown_as_sentences_with_times_of_the_room(written: CustodyLog, console: Console) -> None:
    text = console.get("/review?only=all").text
    assert "09:00:05" in text
    assert "2026-03-02 09:00:05.250 UTC+0800" in text
    assert "李伟" in text
    assert text.count("data-shows") >= 9


def test_a_question_is_an_entry_before_its_answer_and_its_pages_are_the_same_question(
    written: CustodyLog, console: Console, peer: Peer
) -> None:
    assert console.get("/review?only=all&words=forced").status_code == 200
    (look,) = peer.said("look")
    assert (look["what"], look["words"]) == ("review", "forced")
    assert "only=all" in look["filter"]
    assert "forced" not in look["filter"]
    n = written.size - 1
    assert console.get(f"/review?only=all&words=forced&before=7&look={n}").status_code == 200
    assert console.get(f"/review/5?look={n}").status_code == 200
    assert len(peer.said("look")) == 1
    assert console.get(f"/review/2?look={n}").status_code == 200, "which is not in that answer"
    assert peer.said("look")[1]["filter"] == "n=2"
    assert console.get(f"/review?only=alarms&look={n}").status_code == 200
    assert len(peer.said("look")) == 3


def test_what_is_not_understood_is_said_beside_its_field_and_nothing_is_looked_at(
    written: CustodyLog, console: Console, peer: Peer
) -> None:
    for args, said in (("from=tomorrow", "Type a date"), ("from=2026-03-02&to=2026-03-01", "Type a moment")):
        answer = console.get(f"/review?{args}")
        assert answer.status_code == 400
        assert said in answer.text
    assert console.get("/review?words=%2B%2B").status_code in {200, 400}
    assert console.get("/review?person=nobody-of-that-name").status_code == 200
    assert [one for one in peer.said("look") if "%2B" not in one["words"] and one["words"] != "++"] == []


def test_somebody_is_found_by_pinyin_initials(written: CustodyLog, console: Console, peer: Peer) -> None:
    text = console.get("/review?only=all&person=wjg").text
    assert "who=wjg" in peer.said("look")[0]["filter"]
    assert 'data-n="4"' in text
    assert 'data-n="5"' not in text


def test_a_refusal_says_why_and_what_would_have_been_enough(written: CustodyLog, console: Console) -> None:
    text = console.get("/review/4").text
    assert "outside own hours" in text
    assert "Would have needed" in text


def test_an_entry_is_told_in_words_and_as_fields_with_its_document_masked(
    written: CustodyLog, console: Console
) -> None:
    text = console.get("/review/0").text
    assert "330106199001011234" not in text
    assert "1234" in text
    assert "all fields" in text.lower()


def test_a_lost_camera_is_hatched_and_marks_are_links_of_24_pixels(
    written: CustodyLog, console: Console
) -> None:
    text = console.get("/review?only=all&from=2026-03-02+09:00&to=2026-03-02+09:01").text
    assert 'fill="url(#hatch)"' in text
    assert 'class="mark alarm"' in text
    assert 'width="32"' in text


def test_a_custodian_and_a_guard_have_no_review(written: CustodyLog, console: Console, peer: Peer) -> None:
    for role in ("custodian", "guard", "installer"):
        peer.answers["who"] = person(role)
        for path in ("/review", "/review/2", "/review/sign-off", "/review/export", "/review/2/bytes"):
            assert console.get(path).status_code == 403, (role, path)


def test_an_auditor_reads_everything_and_changes_nothing(
    written: CustodyLog, console: Console, peer: Peer
) -> None:
    peer.answers["who"] = person("auditor")
    assert console.get("/review").status_code == 200
    assert "duress" in console.get("/review/8").text
    assert console.post("/review/2/note", {"text": "mine"}).status_code == 403
    assert console.post("/review/sign-off", {}).status_code == 403


def test_a_comment_without_words_is_not_taken_and_a_sealed_entrys_comment_is_sealed(
    written: CustodyLog, console: Console, peer: Peer
) -> None:
    assert console.post("/review/8/note", {"text": " "}).status_code == 400
    assert peer.said("ask") == []
    told = {"text": "asked, was a drill", "exception": "1", "key": "k"}
    assert console.post("/review/8/note", told).status_code == 303
    (ask,) = peer.said("ask")
    assert ask["fields"] == {"n": 8, "text": "asked, was a drill", "exception": True, "sealed": True}


def test_a_picture_is_an_image_and_nothing_else(written: CustodyLog, console: Console, peer: Peer) -> None:
    jpeg = b"\xff\xd8\xff\xe0" + b"x" * 40
    peer.answers["picture"] = {"jpeg": b64encode(jpeg).decode(), "caption": "main"}
    answer = console.get("/review/5/picture/9/cam/-5000")
    assert (answer.data, answer.content_type) == (jpeg, "image/jpeg")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert peer.said("picture")[0]["moment"] == -5000
    for wrong in (
        {"jpeg": b64encode(b"<svg onload=alert(1)>").decode()},
        {"jpeg": "%"},
        {"refused": "no_picture"},
    ):
        peer.answers["picture"] = wrong
        assert console.get("/review/5/picture/9/cam/-5000").status_code == 404


def test_a_receipt_proves_the_bytes_that_are_handed_out(written: CustodyLog, console: Console) -> None:
    given = Receipt.parse(console.get("/review/2/receipt").data)
    policy = Policy((PolicyLog(written.vkey),), (), (), NONE)
    assert check(given, console.get("/review/2/bytes").data, policy).size >= 9
    with pytest.raises(ProofRefused):
        check(given, console.get("/review/3/bytes").data, policy)


def test_what_is_not_there_is_not_there(written: CustodyLog, console: Console) -> None:
    assert console.get("/review/99999").status_code == 404
    assert console.get("/review/2?look=99999999999999999999").status_code == 200
