"""What a seat keeps, what the bar shows, and names."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from controller.ledger.custody_log import CustodyLog
from tests.web.conftest import Console
from tests.web.peer import Peer
from web.i18n import need_sentence
from web.names import name
from web.toasts import toast

SEAT = "__Host-ironroom-seat"
Draft = Callable[..., dict[str, object]]


def test_light_and_keys_are_kept_for_this_screen_in_a_cookie_no_script_reads(console: Console) -> None:
    answer = console.post("/seat", {"theme": "desk"})
    assert 'class="desk"' in console.get("/seat").text
    assert "data-keys-on" not in console.get("/seat").text
    kept = next(one for one in answer.headers.getlist("Set-Cookie") if SEAT in one)
    for word in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/", "=-.desk.0;"):
        assert word in kept


@pytest.mark.parametrize("text", ["x", "zh.desk.2", "en.desk.1;", "zh.<b>.1", "", "-" * 3000])
def test_a_strange_seat_is_a_new_one(console: Console, text: str) -> None:
    console.client.set_cookie(SEAT, text, domain="console.vault.lan", secure=True)
    assert '<html lang="en" class="auto">' in console.get("/seat").text


def test_a_sentence_outlives_one_redirect_and_is_said_once(console: Console) -> None:
    console.post("/seat", {"theme": "day"})
    assert "Kept for this screen." in console.get("/seat").text
    assert "Kept for this screen." not in console.get("/seat").text


def test_what_is_said_is_text_whoever_wrote_it(app: Flask, console: Console) -> None:
    with app.test_request_context(base_url="https://console.vault.lan"):
        answer = toast(app.make_response(""), "<b>bold</b>")
    kept = answer.headers["Set-Cookie"].split(";")[0].split("=", 1)[1]
    console.client.set_cookie("__Host-ironroom-said", kept, domain="console.vault.lan", secure=True)
    assert "&lt;b&gt;bold" in console.get("/seat").text
    console.client.set_cookie("__Host-ironroom-said", "AAAA", domain="console.vault.lan", secure=True)
    assert console.get("/seat").status_code == 200


def alarm(kind: str, **more: object) -> dict[str, object]:
    return {"alarm": kind, "place": "outer", "since": 5, "taken_by": "", **more}


@pytest.mark.parametrize(
    ("alarms", "count", "loud"),
    [
        ([], "no alarm", 0),
        ([alarm("forced")], "1 alarm<", 1),
        ([alarm("forced", taken_by="g1"), alarm("held_open")], "2 alarms", 1),
        ([alarm("duress")], "1 alarm<", 0),
    ],
)
def test_the_bar_counts_alarms_and_sounds_for_those_that_nobody_took(
    console: Console, peer: Peer, alarms: list[dict[str, object]], count: str, loud: int
) -> None:
    peer.answers["room"] = {"view": {"clock": "unconfirmed", "alarms": alarms}}
    text = console.get("/bar", headers={"HX-Request": "true"}).text
    assert count in text
    assert f'data-loud="{loud}"' in text
    assert "clock unconfirmed" in text


def test_people_are_called_by_their_newest_name_and_by_none_once_it_was_erased(
    app: Flask, log: CustodyLog, draft: Draft
) -> None:
    def called(person: str) -> str:
        with app.test_request_context():
            return name(person)

    assert called("c1") == "c1"
    log.append([draft(1, kind="enrolled", personal={"c1": {"name": "Wang Jianguo"}})])
    assert called("c1") == "Wang Jianguo"
    log.append([draft(2, kind="person_changed", personal={"c1": {"name": "王建国"}})])
    assert called("c1") == "王建国"
    log.append([draft(3, kind="erased", who=["c1"], person="c1")])
    assert called("c1") == "c1"
    log.append([draft(4, kind="enrolled", personal={"c1": {"name": "Somebody Else"}})])
    assert called("c1") == "Somebody Else"


def test_refusals_are_told_in_both_languages(app: Flask) -> None:
    for tag in ("en", "zh"):
        with app.test_request_context(headers={"Accept-Language": tag}):
            assert need_sentence("not_allowed") != "not_allowed"
