"""Every route of the URL map with every method, for every role and for nobody: exactly what its rule says.

Rule: generated from the application, so that a route that is added is judged here too; docs/security.md
prints the rules, so that a changed right is seen by whoever reads the change.
"""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from controller.core.console_roles import ConsoleRole
from tests.web.conftest import ORIGIN, ROOM, Console, mark
from tests.web.peer import Peer, person
from tests.web.url_map import Route, url_map
from web.guard import FRESH_S

ROUTES = url_map().routes
GETS = [one for one in ROUTES if "GET" in one.methods]
POSTS = [one for one in ROUTES if "POST" in one.methods]
GIVEN = {"Integer": "0", "moment": "0"}
DEEPER = {
    *("commands.order", "commands.give", "devices.order", "devices.give"),  # by the roles of what is ordered
}
"""Endpoints whose objects have rights of their own: there somebody with the role may be refused, too."""
STRANGE = ("PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "ironroom")
NOBODY = ""


def methods_of(path: str) -> set[str]:
    return {method for one in ROUTES if one.path == path for method in one.methods}


def call(browser: Console, method: str, route: Route, **headers: str) -> TestResponse:
    path = route.filled(GIVEN)
    answer = browser.client.open(path, method=method, base_url=ORIGIN, headers=headers)
    answer.close()  # a stream would go on
    return answer


@pytest.fixture(params=[NOBODY, *(role.value for role in ConsoleRole)])
def somebody(request: pytest.FixtureRequest, app: Flask, peer: Peer) -> tuple[Console, str]:
    """A browser of nobody, and of somebody with each role alone."""
    browser, role = Console(app.test_client()), str(request.param)
    peer.answers["room"] = {"view": {**ROOM["view"], "at": 0, "wall_ms": 1_772_413_200_000}}
    if role:
        peer.answers["who"] = person(role)
        browser.sign_in()
    return browser, role


def judged(answer: TestResponse, route: Route, role: str) -> str:
    """What the rule would have said otherwise, "" where the answer is what the rule says."""
    status = answer.status_code
    if route.rule.is_open or role in route.rule.roles:
        own = route.endpoint in DEEPER or (route.rule.is_open and status == 401)  # a wrong password, too
        allowed = own or status not in {401, 403}
        led_away = status == 303 and answer.headers["Location"].startswith("/sign-in?next=")
        return "" if allowed and not led_away and status != 500 else f"{route.endpoint} {role}: {status}"
    if role:
        return "" if status == 403 else f"{route.endpoint} {role}: {status} and not 403"
    if answer.request.method == "GET" and not route.rule.machine:
        ok = status == 303 and answer.headers["Location"].startswith("/sign-in?next=/")
        return "" if ok else f"{route.endpoint} nobody: {status} and not to the sign-in"
    return "" if status == 401 else f"{route.endpoint} nobody: {status} and not 401"


def test_every_page_is_shown_to_its_roles_and_to_nobody_else(somebody: tuple[Console, str]) -> None:
    browser, role = somebody
    wrong = [judged(call(browser, "GET", one), one, role) for one in GETS]
    assert not [one for one in wrong if one]


def test_every_deed_is_taken_from_its_roles_and_from_nobody_else(somebody: tuple[Console, str]) -> None:
    browser, role = somebody
    ours = {"Origin": ORIGIN, "X-Ironroom-Mark": mark()}
    wrong = []
    for one in POSTS:
        if role:
            browser.sign_in()  # a deed may have signed them out
        headers = ours if role or not one.rule.is_open else {"Origin": ORIGIN}
        if not role and not one.rule.is_open:
            wrong.append(
                "" if call(browser, "POST", one, **headers).status_code in {401, 403} else one.endpoint
            )
        else:
            wrong.append(judged(call(browser, "POST", one, **headers), one, role))
    assert not [one for one in wrong if one]


@pytest.mark.parametrize("somebody", [NOBODY, "chief"], indirect=True)
def test_no_deed_is_taken_that_another_page_or_no_page_sent(
    somebody: tuple[Console, str], peer: Peer
) -> None:
    browser, role = somebody
    own = {"X-Ironroom-Mark": mark()}
    forged: list[dict[str, str]] = [
        {},
        own,
        {**own, "Origin": "https://elsewhere.example"},
        {**own, "Origin": "null"},
        {**own, "Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
        {**own, "Origin": ORIGIN, "Sec-Fetch-Site": "none"},
    ]
    without_mark: list[dict[str, str]] = [{"Origin": ORIGIN}, {"Origin": ORIGIN, "X-Ironroom-Mark": "0" * 64}]
    for one in POSTS:
        for headers in forged if one.rule.is_open else forged + without_mark:
            answer = call(browser, "POST", one, **headers)
            assert answer.status_code == 403, (one.endpoint, role, headers)
    assert {said["do"] for said in peer.heard} <= {"site", "who"}


@pytest.mark.parametrize("somebody", [NOBODY, "chief"], indirect=True)
def test_a_method_that_a_path_has_not_is_refused_to_everybody(somebody: tuple[Console, str]) -> None:
    browser, role = somebody
    ours = {"Origin": ORIGIN, "X-Ironroom-Mark": mark()}
    for one in ROUTES:
        for method in {*STRANGE, "GET", "POST"} - methods_of(one.path):
            answer = call(browser, method, one, **ours)
            assert answer.status_code == 405, (one.path, role, method, answer.status_code)


def test_where_a_fresh_proof_is_asked_for_an_old_one_leads_to_the_passkey(
    console: Console, peer: Peer
) -> None:
    asked = [one for one in GETS if one.rule.step_up]
    assert asked
    for role in ConsoleRole:
        peer.answers["who"] = person(role, fresh_s=FRESH_S)
        for one in asked:
            answer = call(console, "GET", one)
            if role in one.rule.roles:
                assert answer.status_code == 303, one.endpoint
                assert answer.headers["Location"].endswith("again=1"), one.endpoint
            else:
                assert answer.status_code == 403, one.endpoint


def test_everything_that_is_deeper_is_there(app: Flask) -> None:
    assert not DEEPER - set(app.extensions["rules"])


def test_an_auditor_changes_nothing(app: Flask) -> None:
    """What an auditor may send looks, signs an export, or is about their own account, seat and session."""
    own = ("account.", "seat.", "sign_in.", "signing.", "machine.")
    theirs = {one.endpoint for one in POSTS if "auditor" in one.rule.roles}
    assert {one for one in theirs if not one.startswith(own)} == {
        *("proof.verify", "export.sign", "review.seen"),
        *("commands.give", "commands.withdraw"),  # judged by what is ordered, and by whose it is
    }
