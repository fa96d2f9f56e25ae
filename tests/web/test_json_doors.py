"""What the browser's scripts call, described from the URL map and called with anything: nothing breaks.

The description is OpenAPI as schemathesis reads it; each endpoint is called within the process.
"""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings

from controller.core.console_roles import ConsoleRole
from tests.web.conftest import ORIGIN, ROOM, Console, mark
from tests.web.peer import Peer, person
from tests.web.url_map import Route, url_map

DOORS = [one for one in url_map().routes if one.rule.machine and one.endpoint != "machine.stream"]
WHOLE = {"type": "integer", "minimum": 0, "maximum": 10**9}
WORD = {"type": "string", "minLength": 1, "maxLength": 40, "pattern": "^[A-Za-z0-9_.-]+$"}
TEXT = {"type": "string", "maxLength": 40}
BODY = {
    "anyOf": [
        {
            "type": "object",
            "properties": {
                **dict.fromkeys(("handle", "person", "code", "label", "next"), TEXT),
                "credential": {"anyOf": [{"type": "object"}, TEXT]},
                "entries": {"type": "array", "items": WHOLE, "maxItems": 5},
            },
        },
        {},
    ]
}
ANSWERS = {"default": {"description": "anything but a fault"}}
EXAMPLES = 12


def described(route: Route) -> dict[str, Any]:
    """One endpoint as OpenAPI."""
    path = route.filled({name: f"{{{name}}}" for name, _ in route.needs})
    given = [
        {"name": name, "in": "path", "required": True, "schema": WHOLE if kind == "Integer" else WORD}
        for name, kind in route.needs
    ]
    operation: dict[str, Any] = {"parameters": given, "responses": ANSWERS}
    if "POST" in route.methods:
        operation["requestBody"] = {"content": {"application/json": {"schema": BODY}}}
    return {path: {"post" if "POST" in route.methods else "get": operation}}


def operation(route: Route) -> Any:
    told = {"openapi": "3.0.3", "info": {"title": "console", "version": "1"}, "paths": described(route)}
    (found,) = schemathesis.openapi.from_dict(told).get_all_operations()
    made: Any = found
    return made.ok()


@pytest.mark.parametrize("route", DOORS, ids=lambda one: f"{one.endpoint} {one.methods[0]}")
def test_no_body_breaks_an_endpoint_of_the_browsers_scripts(app: Flask, peer: Peer, route: Route) -> None:
    peer.answers["who"] = person(*(role.value for role in ConsoleRole))
    peer.answers["room"] = {"view": {**ROOM["view"], "at": 0, "wall_ms": 1_772_413_200_000}}
    browser = Console(app.test_client())

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation(route).as_strategy())
    def call(case: Any) -> None:
        browser.sign_in()
        body = {} if isinstance(case.body, schemathesis.core.NotSet) else {"json": case.body}
        headers = {"Origin": ORIGIN, "X-Ironroom-Mark": mark()}
        answer = browser.client.open(
            case.formatted_path, method=case.method, base_url=ORIGIN, headers=headers, **body
        )
        answer.close()
        assert answer.status_code not in {500, 502, 504}, (case.formatted_path, case.body)

    call()
