"""What goes wrong is told as a page in words, and nothing else with it."""

from __future__ import annotations

from collections.abc import Callable
from errno import ENOSPC

import pytest
from flask import Flask, abort

from controller.errors import LogDamaged
from tests.web.conftest import ROOM, Console
from tests.web.peer import Peer
from web.desk import ask, room
from web.factory import LONGEST
from web.guard import SHORTEST
from web.live import Live
from web.page import ANYBODY, Page
from web.pages import PAGES
from web.settings import Settings

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def broken(settings: Settings, start: Callable[..., Flask]) -> Console:
    """Pages that fail in every way."""
    page = Page("broken", "web.pages.now")

    def register(path: str, view: Callable[[], str]) -> None:
        page.route(path, roles=ANYBODY, endpoint=path.strip("/"))(view)

    def damaged() -> str:
        raise LogDamaged(settings.log, "a leaf is not what it was")

    def full() -> str:
        raise OSError(ENOSPC, "no space left on device", "register.xlsx")

    register("/damaged", damaged)
    register("/full", full)
    register("/divided", lambda: str(1 // 0))
    register("/room-now", lambda: str(room()))
    register("/asked", lambda: str(ask("lift_lockdown")))
    for status in (400, 403, 404, 413, 418, 429, 500, 501):
        register(f"/{status}", lambda status=status: abort(status))  # type: ignore[misc]
    made = Console(start(settings, (*PAGES, page)).test_client())
    made.sign_in()
    return made


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/400", 400, "not understood"),
        ("/403", 403, "This is not for you"),
        ("/404", 404, "no such page"),
        ("/413", 413, "too large"),
        ("/418", 400, "not understood"),
        ("/429", 429, "Too many"),
        ("/500", 500, "went wrong"),
        ("/501", 500, "went wrong"),
        ("/divided", 500, "went wrong"),
        ("/damaged", 503, "The log cannot be read"),
        ("/full", 507, "no room for this file"),
    ],
)
def test_every_fault_is_a_page_in_words(broken: Console, path: str, status: int, words: str) -> None:
    answer = broken.get(path)
    assert answer.status_code == status
    assert words in answer.text
    for secret in ("Traceback", "ZeroDivision", "custody.db", "leaf", "register.xlsx"):
        assert secret not in answer.text


def test_nothing_of_the_request_comes_back(console: Console) -> None:
    answer = console.get("/nothing-<script>alert(1)</script>?q=%3Cb%3Ebold")
    assert answer.status_code == 404
    assert "alert(1)" not in answer.text
    assert "bold" not in answer.text


def test_a_method_that_a_page_has_not_is_refused_with_those_it_has(console: Console) -> None:
    answer = console.client.post("/now", base_url="https://console.vault.lan")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_part_of_a_page_fails_as_a_part(broken: Console) -> None:
    answer = broken.get("/divided", headers=FRAGMENT)
    assert answer.status_code == 500
    assert "<html" not in answer.text
    assert "went wrong" in answer.text


def test_a_refusal_is_told_with_what_it_needs(broken: Console, peer: Peer) -> None:
    peer.answers["ask"] = {"refused": "not_allowed", "need": "a right"}
    answer = broken.get("/asked")
    assert answer.status_code == 409
    assert "This needs: " in answer.text


def test_a_controller_that_is_gone_is_told_and_waited_for(console: Console, peer: Peer) -> None:
    assert console.get("/seat").status_code == 200
    peer.close()
    answer = console.get("/seat")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "3"
    assert "The controller does not answer" in answer.text
    assert 'data-waits="page"' in answer.text
    assert console.get("/bar", headers=FRAGMENT).status_code == 503


def test_what_was_sent_to_a_controller_that_is_gone_may_have_been_done(console: Console, peer: Peer) -> None:
    console.get("/seat")
    peer.close()
    answer = console.post("/seat", {"theme": "night"})
    assert answer.status_code == 503
    assert 'data-waits="sent"' in answer.text
    assert "Look first" in answer.text
    assert "Set-Cookie" not in answer.headers


def test_a_frozen_controller_holds_nobody_for_longer_than_the_consoles_patience(
    console: Console, peer: Peer
) -> None:
    peer.frozen.set()
    assert console.get("/seat").status_code == 503
    peer.frozen.clear()
    assert console.get("/seat").status_code == 200


def test_a_desk_whose_loop_does_not_answer_is_a_controller_that_does_not_answer(
    broken: Console, peer: Peer
) -> None:
    peer.answers["room"] = {"refused": "no_answer", "need": "x"}
    assert broken.get("/room-now").status_code == 503
    peer.answers["room"] = ROOM
    assert broken.get("/room-now").status_code == 200


def test_a_sign_of_life_says_what_the_last_question_said(app: Flask, stranger: Console, peer: Peer) -> None:
    assert stranger.get("/alive").status_code == 204
    live: Live = app.extensions["live"]
    live.heard(answers=False)
    assert stranger.get("/alive").status_code == 503


def test_more_than_a_photograph_is_not_taken(console: Console) -> None:
    answer = console.post("/seat", data=b"x" * (LONGEST + 1), content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert console.post("/seat", {"theme": "x" * (SHORTEST + 1)}).status_code == 413


def test_a_form_has_only_so_many_fields(console: Console) -> None:
    many = {f"f{n}": "x" for n in range(300)}
    answer = console.post("/seat", many, content_type="multipart/form-data")
    assert answer.status_code == 413


def test_a_report_of_the_browser_is_written_down_without_what_it_might_carry(
    app: Flask, stranger: Console
) -> None:
    report = {
        "effective-directive": "script-src",
        "blocked-uri": "inline",
        "document-uri": "https://console.vault.lan/visitors?document=110101199003074578",
    }
    assert stranger.post("/csp-report", json={"csp-report": report}).status_code == 204
    assert app.extensions["csp_reports"] == ["script-src inline https://console.vault.lan/visitors"]
    assert stranger.post("/csp-report", data=b"x" * 20_000).status_code == 413
    assert stranger.post("/csp-report", data=b"\xff[").status_code == 204
