"""The page of commands against a controller that runs: from the form to the bolt, by two passkeys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.console.house import LONG, ORIGIN, SITE, House
from tests.web.conftest import Console, mark
from web.factory import create_app
from web.settings import Settings

PANEL = """
[panel.wall]
address = "osdp:///dev/ttyAMA1?address=50"
room = "vault"
"""


class Seat(Console):
    """A browser of somebody of the house, with their passkey at hand."""

    def __init__(self, app: Flask, house: House, person: str) -> None:
        super().__init__(app.test_client())
        self.house, self.person = house, person
        token = house.tokens[person]
        self.client.set_cookie("__Host-ironroom", token, domain="console.vault.lan", secure=True)

    def post(self, path: str, told: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        own = {"X-Ironroom-Mark": mark(self.house.tokens[self.person])}
        return super().post(path, told, headers=own, **more)

    def propose(self, name: str, **fields: Any) -> dict[str, Any]:
        """Fill an order in, and be shown what is to be signed."""
        answer = self.post(f"/commands/order/{name}", fields)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.get_json()
        return told

    def waiting(self) -> dict[str, Any]:
        """Press Sign on the one card that waits, and be shown it."""
        (command,) = re.findall(r'data-sign-waiting="([^"]+)"', self.get("/commands").text)
        told: dict[str, Any] = self.post(f"/sign/{command}/options", json={"next": "/commands"}).get_json()
        return told

    def sign(self, shown: dict[str, Any]) -> TestResponse:
        """Hold the passkey to what is shown."""
        proof = self.house.keys[self.person].get(shown["options"])
        told = {"handle": shown["handle"], "credential": proof, "next": shown["next"], "done": shown["done"]}
        return self.post(f"/sign/{shown['command']}", json=told)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("commands"), site_text=SITE + PANEL) as house:
        yield house.founded("zhao", "chen", "li", "gao")


@pytest.fixture(scope="module")
def seats(house: House) -> Iterator[dict[str, Seat]]:
    """Browsers of everybody, at one console."""
    file = house.data / "srv.pem"
    app = create_app(
        Settings(house.data / "console.sock", house.data / "custody.db", ORIGIN, certificate=file, key=file)
    )
    yield {person: Seat(app, house, person) for person in house.tokens}
    app.extensions["client"].close()


def test_two_chiefs_release_a_door_and_each_step_is_said_on_the_page(
    house: House, seats: dict[str, Seat]
) -> None:
    zhao, chen, since = seats["zhao"], seats["chen"], house.newest
    shown = zhao.propose("release_door", door="main", seconds="20", reason="an ambulance")
    assert shown["said"] == "Release door main for 20 seconds, because: an ambulance"
    assert "Nothing waits." in chen.get("/commands").text, "nobody else sees what was not signed"
    assert zhao.sign(shown).get_json()["waits"] == 1
    text = zhao.get("/commands").text
    assert f"It waits for a second person: code {shown['code']}." in text
    assert "You have signed it. Now another person must." in text
    assert "data-sign-waiting" not in text
    wall = house.bench.readers.panels["wall"]
    assert wall.wait_shows(f"{shown['code']} WAITS", LONG), wall.texts
    second = chen.waiting()
    assert second["code"] == shown["code"]
    assert "Release door main for 20 seconds, because: an ambulance" in chen.get("/commands").text
    assert not house.entries("released_remotely", after=since)
    assert chen.sign(second).status_code == 200
    (released,) = house.entries("released_remotely", after=since)
    assert (released["place"], released["who"]) == ("main", ["zhao", "chen"])
    assert wall.wait_shows(f"{shown['code']} DONE", LONG), wall.texts
    assert "Done." in chen.get("/commands").text
    signed = chen.get("/commands/signed").text
    assert signed.index("signed and judged") < signed.index("first signature")
    assert signed.count(shown["code"]) == 2


def test_what_the_rules_refuse_is_said_with_what_it_needs(seats: dict[str, Seat]) -> None:
    zhao, chen = seats["zhao"], seats["chen"]
    zhao.sign(zhao.propose("accept_clock"))
    answer = chen.sign(chen.waiting())
    assert answer.status_code == 409
    assert answer.get_json()["error"].startswith("This needs:")


def test_lockdown_by_a_guard_is_lifted_by_another_persons_one_signature(seats: dict[str, Seat]) -> None:
    li, zhao = seats["li"], seats["zhao"]
    assert li.post("/commands/order/lockdown", {"reason": "drill", "key": "k1"}).status_code == 303
    assert "Set by li, at" in zhao.get("/commands").text
    assert li.sign(li.propose("lift_lockdown")).status_code == 409, "not by whoever set it"
    done = zhao.sign(zhao.propose("lift_lockdown"))
    assert done.get_json()["next"] == "/commands"
    assert "Done: Lift the lockdown of the whole site" in zhao.get("/commands").text
    assert "Lock everything now?" in zhao.get("/commands").text


def test_a_command_that_was_withdrawn_cannot_be_signed_any_more(seats: dict[str, Seat]) -> None:
    zhao, chen = seats["zhao"], seats["chen"]
    zhao.sign(zhao.propose("recount", room="vault"))
    second = chen.waiting()
    assert zhao.post(f"/commands/{second['command']}/withdraw", {}).status_code == 303
    answer = chen.sign(second)
    assert answer.status_code == 409
    assert "Begin again" in answer.get_json()["error"]
    assert "withdrawn" in zhao.get("/commands/signed").text


def test_an_auditor_sees_what_waits_and_the_controller_gives_them_nothing_to_sign(
    seats: dict[str, Seat],
) -> None:
    zhao, gao = seats["zhao"], seats["gao"]
    shown = zhao.propose("recount", room="vault")
    zhao.sign(shown)
    assert shown["code"] in gao.get("/commands").text
    assert gao.post(f"/sign/{shown['command']}/options", json={}).status_code == 409
    assert gao.post(f"/commands/{shown['command']}/withdraw", {}).status_code == 303
    assert shown["code"] in gao.get("/commands").text, "it waits on"
    zhao.post(f"/commands/{shown['command']}/withdraw", {})
