"""What every answer tells the browser to refuse."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests.web.conftest import Console
from web.settings import Settings
from web.statics import shelf

PATHS = ["/sign-in", "/nothing-here", "/seat", "/alive", "/stream", "/static/0/app.js"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_policy_whatever_it_is(stranger: Console, path: str) -> None:
    headers = stranger.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'nonce-")
    for part in (
        *("style-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"),
        *("form-action 'self'", "require-trusted-types-for 'script'", "trusted-types htmx"),
        "report-uri /csp-report",
    ):
        assert part in policy
    assert "unsafe" not in policy
    assert "data:" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=(self)" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_a_refused_form_has_a_nonce_too(stranger: Console) -> None:
    answer = stranger.client.post("/seat", base_url="https://console.vault.lan")
    assert answer.status_code == 403
    assert f'nonce="{nonce(answer.headers["Content-Security-Policy"])}"' in answer.text


def test_a_nonce_is_used_once(stranger: Console) -> None:
    answers = [stranger.get("/sign-in") for _ in range(20)]
    assert len({nonce(one.headers["Content-Security-Policy"]) for one in answers}) == 20


def test_every_script_and_htmx_element_of_a_page_carries_its_answers_nonce(console: Console) -> None:
    answer = console.get("/now")
    used = set(re.findall(r'nonce="([^"]+)"', answer.text))
    assert used == {nonce(answer.headers["Content-Security-Policy"])}
    assert answer.text.count("<script") == len(re.findall(r"<script[^>]* nonce=", answer.text))


def test_no_page_has_styles_or_handlers_in_its_elements(console: Console) -> None:
    for path in ("/now", "/seat", "/account", "/keys", "/help", "/sign-in?again=1", "/nothing"):
        assert not re.search(r"<[^>]*\s(style|on[a-z]+)=", console.get(path).text), path


def test_plain_http_for_the_demo_promises_no_tls(settings: Settings, start: Callable[..., Flask]) -> None:
    local = Settings(settings.socket, settings.log, "http://localhost:8080")
    answer = start(local).test_client().get("/sign-in", base_url=local.origin)
    assert "Strict-Transport-Security" not in answer.headers


def test_a_file_is_kept_by_the_browser_for_ever_under_its_contents_name(
    app: Flask, stranger: Console
) -> None:
    file = shelf()["app.js"]
    answer = stranger.get(f"/static/{file.digest}/app.js")
    assert answer.data == file.body
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"


def test_a_file_under_another_contents_name_is_not_there(stranger: Console) -> None:
    digest = shelf()["app.js"].digest
    assert stranger.get("/static/0000000000000000/app.js").status_code == 404
    assert stranger.get(f"/static/{digest}/../factory.py").status_code == 404
    assert stranger.get(f"/static/{digest}/base.css").status_code == 404


@pytest.mark.parametrize(
    ("accepts", "packed"), [("gzip, br", True), ("identity", False), ("gzip;q=0", False)]
)
def test_files_are_sent_compressed_to_whoever_takes_it(stranger: Console, accepts: str, packed: bool) -> None:
    file = shelf()["vendor/htmx.js"]
    answer = stranger.get(f"/static/{file.digest}/vendor/htmx.js", headers={"Accept-Encoding": accepts})
    assert ("Content-Encoding" in answer.headers) == packed
    assert (gzip.decompress(answer.data) if packed else answer.data) == file.body
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_what_a_page_loads_is_small(app: Flask) -> None:
    scripts = sum(
        len(file.packed) for name, file in shelf().items() if name.endswith(".js") and "/" not in name
    )
    assert scripts < 60_000


def nonce(policy: str) -> str:
    found = re.search(r"'nonce-([^']+)'", policy)
    assert found
    assert len(found[1]) >= 22  # 128 bits and more
    return found[1]
