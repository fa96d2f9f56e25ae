"""Requests that no page of ours sends: forged, bent, doubled, led elsewhere. A peer tells what got in."""

from __future__ import annotations

import json
from itertools import product
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask

from tests.web.attacked import everybody
from tests.web.conftest import ORIGIN, Console, mark
from tests.web.peer import TOKEN, Peer
from tests.web.url_map import url_map
from web.statics import shelf

TYPES = (
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain",
    "application/json",
    "application/csp-report",
    "",
)
SITES = ("cross-site", "same-site", "none", "", "same-origin, cross-site")
ORIGINS = (
    "https://evil.example",
    "null",
    "",
    ORIGIN + ".evil.example",
    ORIGIN + ":8443",
    "http" + ORIGIN[5:],
)
ONWARD = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "/\n/evil.example",
    "/%09/evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "///evil.example",
    "/%5cevil.example",
    "/%2f/evil.example",
    "/now\r\nSet-Cookie: a=b",
    "/now\x00",
    " //evil.example",
    "/ /evil.example",
    "//evil.example@console.vault.lan",
    "/\uff0e\uff0e//evil.example",
    "\u2028//evil.example",
]
GETS = [one for one in url_map().routes if "GET" in one.methods]
STREAM = "machine.stream"


def test_no_type_of_body_takes_a_deed_from_another_site(console: Console, peer: Peer) -> None:
    """Every type that a form or a script of another site can send, wherever it says that it comes from."""
    body = f"mark={mark()}&reason=x"
    for kind, site, origin in product(TYPES, SITES, (*ORIGINS, ORIGIN)):
        if origin == ORIGIN and site == "":
            continue
        headers = {"Origin": origin, "Sec-Fetch-Site": site, "X-Ironroom-Mark": mark()}
        sent = {name: value for name, value in headers.items() if value}
        answer = console.client.post(
            "/now/lockdown", base_url=ORIGIN, data=body, content_type=kind, headers=sent
        )
        assert answer.status_code == 403, (kind, site, origin)
    assert peer.said("ask") == []


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"])
def test_no_header_and_no_field_makes_a_deed_of_a_look(console: Console, peer: Peer, header: str) -> None:
    for method in ("GET", "HEAD", "OPTIONS"):
        console.client.open(
            "/now/lockdown?_method=POST&reason=x",
            method=method,
            base_url=ORIGIN,
            headers={header: "POST", "Origin": ORIGIN, "X-Ironroom-Mark": mark()},
            data={"_method": "POST", "reason": "x"},
        ).close()
    assert peer.said("ask") == []


def test_looking_by_head_and_options_tells_a_stranger_no_more_than_by_get(
    stranger: Console, peer: Peer
) -> None:
    for one in GETS:
        for method in ("HEAD", "OPTIONS"):
            answer = stranger.client.open(one.filled({"Integer": "0"}), method=method, base_url=ORIGIN)
            answer.close()
            assert one.rule.is_open or answer.status_code in {303, 401}, (one.endpoint, method)
    assert {said["do"] for said in peer.heard} <= {"site", "who", "passkey_options"}


@pytest.mark.parametrize("onward", ONWARD, ids=ascii)
def test_nobody_is_led_out_of_the_console(console: Console, peer: Peer, onward: str) -> None:
    peer.answers |= {"sign_in_password": {"token": TOKEN}, "prove": {"token": TOKEN, "accepted": True}}
    fields = {"person": "c1", "password": "x", "code": "1", "next": onward}
    shown = console.get(f"/sign-in?again=1&next={quote(onward)}")
    answers = [
        console.get(f"/sign-in?next={quote(onward)}").headers["Location"],
        console.post("/sign-in/password", {**fields, "person": "c2"}).headers["Location"],
        json.loads(console.post("/sign-in/passkey", json={"next": onward}).data)["next"],
    ]
    assert "evil" not in shown.text or all(led_home(place) for place in answers)
    assert all(led_home(place) for place in answers), answers


def led_home(place: str) -> bool:
    """As a browser reads it (URL standard): tabs and line ends go, and a backslash is a slash."""
    bare = "".join(sign for sign in place if sign not in "\t\r\n").strip().replace("\\", "/")
    parts = urlsplit(bare)
    return bare.startswith("/") and not bare.startswith("//") and not parts.netloc and not parts.scheme


def test_the_name_in_the_request_is_believed_nowhere(app: Flask, peer: Peer) -> None:
    """Host and what proxies say: no address of an answer is made of them, and no seat."""
    browser = Console(app.test_client())
    lies = {
        "Host": "evil.example",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-For": "192.0.2.66",
        "X-Forwarded-Proto": "http",
        "Forwarded": "for=192.0.2.66;host=evil.example",
        "X-Real-IP": "192.0.2.66",
        "X-Original-URL": "/review",
        "X-Rewrite-URL": "/review",
    }
    for path in ("/", "/now", "/sign-in", "/set-up", "/nowhere"):
        answer = browser.client.get(path, headers=lies)
        assert "evil" not in str(answer.headers) + answer.text, path
        assert urlsplit(answer.headers.get("Location", "")).netloc == ""
    browser.post("/sign-in/password", {"person": "li", "password": "x", "code": "1"}, headers=lies)
    assert "192.0.2.66" not in json.dumps(peer.heard)


def test_a_token_is_taken_from_its_own_cookie_alone(app: Flask, peer: Peer) -> None:
    for how in (
        {"query_string": {"token": TOKEN, "__Host-ironroom": TOKEN}},
        {"headers": {"Authorization": f"Bearer {TOKEN}"}},
        {"headers": {"X-Token": TOKEN}},
        {"headers": {"Cookie": f"ironroom={TOKEN}"}},
        {"headers": {"Cookie": f"__host-ironroom={TOKEN}; __Secure-ironroom={TOKEN}"}},
        {"data": {"token": TOKEN}},
    ):
        answer = app.test_client().get("/now", base_url=ORIGIN, **how)
        assert answer.status_code == 303, how
        assert answer.headers["Location"].startswith("/sign-in?next=")
    assert peer.said("who") == []


def test_a_token_that_was_planted_before_is_nobodys_after(app: Flask, peer: Peer) -> None:
    """Fixation: whoever can plant a cookie learns nothing by it, and the planted one is signed out."""
    peer.answers["sign_in_password"] = {"token": "fresh-token"}
    browser = Console(app.test_client())
    browser.client.set_cookie("__Host-ironroom", "planted", domain="console.vault.lan", secure=True)
    answer = browser.post(
        "/sign-in/password", {"person": "li", "password": "x", "code": "1"}, headers={"X-Ironroom-Mark": ""}
    )
    assert answer.status_code == 303
    assert browser.cookie("__Host-ironroom") == "fresh-token"
    assert [said["token"] for said in peer.said("sign_out")] == ["planted"]


def test_of_two_cookies_one_is_asked_about_and_its_mark_alone_counts(app: Flask, peer: Peer) -> None:
    cookies = f"__Host-ironroom={TOKEN}; __Host-ironroom=planted"
    for cookie in (cookies, "; ".join(reversed(cookies.split("; ")))):
        peer.heard.clear()
        marks = [mark(TOKEN), mark("planted")]
        told = [
            app.test_client()
            .post(
                "/seat",
                base_url=ORIGIN,
                data={"theme": "night"},
                headers={"Cookie": cookie, "Origin": ORIGIN, "X-Ironroom-Mark": one},
            )
            .status_code
            for one in marks
        ]
        assert told.count(403) >= 1
        assert len({said["token"] for said in peer.said("who")}) <= 1


def test_nothing_that_is_shown_is_kept_by_a_browser_or_between(console: Console, peer: Peer) -> None:
    """Every page, part, picture and paper, for every answer it gives: found, refused or broken."""
    everybody(peer)
    for one in GETS:
        if one.endpoint in {STREAM, "machine.static_file"}:
            continue
        answer = console.get(one.filled({"Integer": "0", "moment": "0"}))
        answer.close()
        kept = answer.headers["Cache-Control"]
        assert "no-store" in kept, (one.endpoint, answer.status_code, kept)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "../../pages/sign_in.py",
        "..%2f..%2fpages/sign_in.py",
        "%2e%2e/tokens.py",
        "....//tokens.py",
        "..\\tokens.py",
        "/etc/passwd",
        "//etc/passwd",
        "base.css%00.png",
        "base.css/",
        "./base.css",
        "BASE.CSS",
        "icons/../base.css",
        "file:///etc/passwd",
    ],
)
def test_no_path_leads_to_another_file(stranger: Console, path: str) -> None:
    digests = {shelf()["base.css"].digest, "x", ".."}
    for digest in digests:
        answer = stranger.get(f"/static/{digest}/{path}")
        assert answer.status_code in {301, 303, 308, 404}, (digest, path)
        assert b"import" not in answer.data
        assert b"root:" not in answer.data
