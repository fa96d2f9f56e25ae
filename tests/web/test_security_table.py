"""docs/security.md names every requirement of levels 1 and 2, and tests that are there; and some of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.web.asvs import LEVEL_1, LEVEL_2
from tests.web.conftest import ORIGIN, Console
from tests.web.peer import Peer
from tests.web.url_map import url_map
from web.settings import Settings

TESTS = Path(__file__).parents[1]
TEMPLATES = TESTS.parent / "web" / "templates"
TEXT = (TESTS.parent / "docs" / "security.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("| ").split(" | ")]
    for line in TEXT.splitlines()
    if re.match(r"\| \d", line)
]
STATES = {"met", "not met", "n/a"}
SECRET = re.compile(r'name="(password|code|pin|document|token|old|mark)"')


def test_every_requirement_of_levels_1_and_2_has_its_row_once() -> None:
    named = [number for row in ROWS for number in row[0].split(", ")]
    assert len(named) == len(set(named))
    assert (len(LEVEL_1), len(LEVEL_2)) == (70, 183)
    assert not {*LEVEL_1, *LEVEL_2} - set(named)


def test_every_row_says_what_is_asked_how_it_stands_and_why() -> None:
    for row in ROWS:
        assert len(row) == 4, row
        assert row[2] in STATES, row
        assert row[1], row
        assert row[3], row


def test_what_is_beyond_level_2_says_so() -> None:
    known = {*LEVEL_1, *LEVEL_2}
    assert [
        row[0] for row in ROWS if "(level 3)" not in row[1] and not set(row[0].split(", ")) <= known
    ] == []


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([\w/]+\.py)::\w+`", TEXT))))
def test_every_test_that_is_named_is_there(name: str) -> None:
    there = set(re.findall(r"^def (test_\w+)", (TESTS / name).read_text(encoding="utf-8"), re.MULTILINE))
    assert not set(re.findall(rf"`{re.escape(name)}::(\w+)`", TEXT)) - there


def test_every_page_that_is_named_is_there() -> None:
    for name in re.findall(r"\]\(([\w.]+)\)", TEXT):
        assert (TESTS.parent / "docs" / name).exists(), name


def test_no_other_origin_is_ever_let_in(console: Console) -> None:
    for route in url_map().routes:
        if route.is_plain_page:
            headers = console.get(route.path, headers={"Origin": "https://elsewhere.example"}).headers
            assert not [name for name in dict(headers) if name.lower().startswith("access-control")]


def test_every_answer_says_its_type_and_characters(console: Console) -> None:
    for route in url_map().routes:
        if not route.needs and "GET" in route.methods and route.endpoint != "machine.stream":
            answer = console.get(route.path)
            kind = answer.headers.get("Content-Type", "")
            assert kind or not answer.data, route.path
            assert not kind.startswith("text/") or "charset=utf-8" in kind, route.path


def test_a_forwarded_address_is_believed_from_nobody(stranger: Console, peer: Peer) -> None:
    peer.answers["sign_in_password"] = {"refused": "wrong", "need": "another"}
    said = {"X-Forwarded-For": "198.51.100.9", "X-Real-IP": "198.51.100.9", "Forwarded": "for=198.51.100.9"}
    stranger.post("/sign-in/password", {"person": "c1", "password": "x", "code": "1"}, headers=said)
    assert [one["seat"] for one in peer.said("sign_in_password")] == ["127.0.0.1"]


def test_a_forwarded_scheme_makes_no_other_origin(settings: Settings, start: Callable[..., Flask]) -> None:
    browser = start(settings).test_client()
    said = {"Origin": "http://elsewhere.example", "X-Forwarded-Host": "elsewhere.example"}
    assert browser.post("/language", base_url=ORIGIN, headers=said).status_code == 403


def test_passwords_are_masked_and_may_be_pasted() -> None:
    fields = 0
    for file in TEMPLATES.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert "onpaste" not in text
        for one in re.findall(r"<input[^>]*name=\"(?:password|old|again)\"[^>]*>", text):
            fields += 1
            assert 'type="password"' in one, (file.name, one)
            assert 'autocomplete="off"' not in one, (file.name, one)
        for one in re.findall(r"field\('(?:password|old|again)'[^}]*\)", text):
            fields += 1
            assert "password" in one.split(",", 1)[1], (file.name, one)
    assert fields
    scripts = TEMPLATES.parent / "static"
    assert not [one.name for one in scripts.glob("*.js") if '"paste"' in one.read_text(encoding="utf-8")]


def test_every_page_has_its_way_out(console: Console, peer: Peer) -> None:
    for path in ("/seat", "/keys", "/help", "/account/password"):
        assert 'action="/sign-out"' in console.get(path).text, path


def test_nothing_secret_is_asked_for_in_an_address() -> None:
    for file in TEMPLATES.rglob("*.html"):
        for form in re.findall(r"<form[^>]*>.*?</form>", file.read_text(encoding="utf-8"), re.DOTALL):
            if 'method="get"' in form or "method=" not in form.split(">", 1)[0]:
                assert not SECRET.search(form), file.name
    named = {name for route in url_map().routes for name, _ in route.needs}
    assert not named & {"token", "password", "pin", "document"}


def test_signing_out_clears_what_the_browser_kept(console: Console, peer: Peer) -> None:
    peer.answers["sign_out"] = {"accepted": True}
    answer = console.post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert "Clear-Site-Data" not in console.get("/sign-in").headers
