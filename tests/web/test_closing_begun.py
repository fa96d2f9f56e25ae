"""A closing that one person has signed (behaviour 55): its room says so until the second has."""

from __future__ import annotations

import pytest

from controller.ledger.custody_log import CustodyLog
from tests.web.conftest import Console
from tests.web.desk_scene import Scene
from tests.web.peer import Peer, Told

WAITS = "waits for a second signature"


@pytest.fixture
def scene(peer: Peer, log: CustodyLog) -> Scene:
    found = Scene(peer, log)
    found.write()
    return found


def offered(scene: Scene, *signed: str, ask: str = "close_day") -> None:
    """A command about the vault that waits, and who has signed it."""
    waits: Told = {"ask": ask, "fields": {"room": "vault"}, "signed": list(signed)}
    scene.peer.answers["commands"] = {"commands": [waits]}


@pytest.mark.parametrize("path", ["/closing", "/closing/vault/live"])
def test_a_room_names_who_has_signed_and_leads_to_where_the_second_signs(
    console: Console, scene: Scene, path: str
) -> None:
    offered(scene, "li")
    shown = console.get(path).text
    assert WAITS in shown
    assert '<a href="/commands">Li Wei has signed' in shown


def test_what_nobody_has_signed_or_is_no_closing_says_nothing(console: Console, scene: Scene) -> None:
    offered(scene)
    assert WAITS not in console.get("/closing").text
    offered(scene, "li", ask="recount")
    assert WAITS not in console.get("/closing").text
