"""Who may call what, and from where."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from controller.core.console_roles import ConsoleRole
from controller.errors import ConfigError
from tests.web.conftest import ORIGIN, Console
from tests.web.peer import Peer, person
from web.factory import create_app
from web.guard import SAFE
from web.page import ANYBODY, OPEN, Page
from web.pages import PAGES
from web.settings import Settings

FORM = {"theme": "night"}


def test_a_route_without_a_rule_stops_the_console_from_starting(settings: Settings) -> None:
    page = Page("bare", "web.pages.now")
    page.add_url_rule("/bare", "index", lambda: "")
    with pytest.raises(ConfigError, match=r"bare\.index"):
        create_app(settings, (page,))


def test_roles_are_not_optional_at_a_route() -> None:
    with pytest.raises(TypeError):
        Page("bare", "web.pages.now").route("/bare")  # type: ignore[call-arg]


def test_a_view_under_two_rules_is_refused() -> None:
    page = Page("twice", "web.pages.now")
    page.route("/a", roles=OPEN, endpoint="index")(lambda: "")
    with pytest.raises(ValueError, match="two rules"):
        page.route("/b", roles=ANYBODY, endpoint="index")(lambda: "")


def test_every_route_has_a_rule_and_nothing_is_served_beside_them(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(app.extensions["rules"])


def test_what_is_open_to_strangers_stands_in_this_list(app: Flask) -> None:
    rules = app.extensions["rules"]
    assert {endpoint for endpoint, rule in rules.items() if rule.is_open} == {
        *("machine.alive", "machine.csp_report", "machine.static_file", "seat.change_language"),
        *("sign_in.index", "sign_in.options", "sign_in.passkey", "sign_in.password"),
        *("sign_in.set_up", "sign_in.set_up_begin", "sign_in.set_up_finish"),
        *("set_up.index", "set_up.begin", "set_up.finish"),
    }


def test_nothing_is_changed_by_a_get(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        methods = rule.methods or set()
        assert methods <= SAFE or not methods & {"GET", "HEAD"}, rule.endpoint


def test_a_stranger_is_led_to_the_sign_in_and_back(stranger: Console) -> None:
    answer = stranger.get("/seat?a=1")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=/seat?a%3D1"


@pytest.mark.parametrize("path", ["/stream", "/signed-in", "/bar"])
def test_machines_get_401_and_no_cookie(stranger: Console, path: str) -> None:
    stranger.client.set_cookie("__Host-ironroom", "old", domain="console.vault.lan", secure=True)
    answer = stranger.get(path)
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers


def test_a_role_opens_only_its_own_pages(settings: Settings, peer: Peer, start: Callable[..., Flask]) -> None:
    page = Page("chiefs", "web.pages.now")
    page.route("/chiefs", roles=(ConsoleRole.CHIEF,), endpoint="index")(lambda: "in")
    browser = Console(start(settings, (*PAGES, page)).test_client())
    browser.sign_in()
    assert browser.get("/chiefs").text == "in"
    peer.answers["who"] = person("guard", "custodian", "auditor", "installer")
    assert browser.get("/chiefs").status_code == 403


def test_a_step_up_asks_for_a_passkey_again_when_the_last_proof_is_old(console: Console, peer: Peer) -> None:
    assert console.get("/account/password").status_code == 200
    peer.answers["who"] = person("chief", fresh_s=300)
    answer = console.get("/account/password")
    assert answer.headers["Location"] == "/sign-in?next=/account/password&again=1"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ORIGIN + ".evil.example"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_post_from_elsewhere_is_refused_before_the_controller_hears_of_it(
    console: Console, peer: Peer, headers: dict[str, str]
) -> None:
    for path in ("/seat", "/sign-in/password", "/language", "/csp-report"):
        answer = console.client.post(path, base_url=ORIGIN, headers=headers, data=FORM)
        assert answer.status_code == 403, path
    assert not [one for one in peer.heard if one["do"] != "site"]


@pytest.mark.parametrize("given", ["", "0" * 64, "é"])
def test_a_form_without_its_mark_is_refused(console: Console, given: str) -> None:
    answer = console.client.post(
        "/seat", base_url=ORIGIN, headers={"Origin": ORIGIN}, data={**FORM, "mark": given}
    )
    assert answer.status_code == 403
    assert "too old" in answer.text


def test_a_form_of_ours_is_taken(console: Console) -> None:
    page = console.get("/seat").text
    mark = page.split('name="mark" value="')[1].split('"')[0]
    answer = console.client.post(
        "/seat", base_url=ORIGIN, headers={"Origin": ORIGIN}, data={**FORM, "mark": mark}
    )
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:1", ""]
)
def test_nobody_is_led_out_of_the_console_after_signing_in(stranger: Console, peer: Peer, path: str) -> None:
    peer.answers["sign_in_password"] = {"token": "t", "person": "c1", "roles": []}
    answer = stranger.post("/sign-in/password", {"person": "c1", "password": "x", "next": path})
    assert answer.headers["Location"] == "/now"
