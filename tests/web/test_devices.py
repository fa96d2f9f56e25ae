"""The page of devices: condition in words, and the orders that put them into service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from controller.ledger.custody_log import CustodyLog
from tests.web.conftest import Console
from tests.web.ordering import PLAN, a_chief, proposed, view
from tests.web.peer import SITE, Peer

Draft = Callable[..., dict[str, object]]


@pytest.fixture
def desk(peer: Peer) -> Peer:
    peer.answers.update(site={**SITE, "plan": PLAN}, who=a_chief("installer"), room=room(), propose=proposed)
    return peer


def room(**more: Any) -> dict[str, Any]:
    well: dict[str, Any] = {
        "lost": [],
        "noisy": [],
        "suspects": [],
        "pairings": {},
        "learning": [],
        "cameras_learning": [],
    }
    return {"view": view(**{**well, "cameras": {"cam1": "back"}, "signals": {"r1": "idle"}, **more})}


@pytest.mark.parametrize(
    ("role", "status"), [("installer", 200), ("chief", 200), ("auditor", 200), ("guard", 403)]
)
def test_installers_and_chiefs_keep_devices_and_auditors_look(
    console: Console, desk: Peer, role: str, status: int
) -> None:
    desk.answers["who"] = a_chief(role)
    assert console.get("/devices").status_code == status
    may_order = role in {"installer", "chief"}
    assert (console.get("/devices/order/pair_reader").status_code == 200) == may_order


def test_where_all_is_well_the_page_says_so(console: Console, desk: Peer) -> None:
    assert "Every device answers and nothing is in doubt." in console.get("/devices").text


@pytest.mark.parametrize(
    ("more", "word", "to_do"),
    [
        ({"lost": ["r1"]}, "no answer", "Check its supply"),
        ({"suspects": ["r1"], "lost": ["r1"]}, "not the device that was paired", "Something else answers"),
        ({"noisy": ["outer.contact"]}, "chatters", "loose contact"),
        ({"inputs": {"outer.contact": "cut"}}, "cut", "broken wire"),
        ({"inputs": {}}, "nothing reported since the start", "Open and close it once"),
        ({"pairings": {"r1": {"until": 9}}}, "takes a new key", "Stay at the device"),
        ({"learning": ["outer.contact"]}, "is measured at rest", "Let nobody touch it"),
        ({"cameras": {"cam1": "looped"}}, "picture looped", "play an old picture"),
        ({"cameras_learning": ["cam1"]}, "learns its view", "Let nobody walk"),
        ({"cameras": {}}, "not known", ""),
        ({"lost": ["panel-1"]}, "panel-1", "Check its supply"),
    ],
)
def test_what_is_not_well_comes_first_in_words_with_what_to_do(
    console: Console, desk: Peer, more: dict[str, Any], word: str, to_do: str
) -> None:
    desk.answers["room"] = room(**more)
    text = console.get("/devices").text
    trouble = text[text.index("Needs a look") : text.index(">Readers<")]
    assert word in trouble
    assert to_do in trouble


def test_since_when_a_device_is_lost_comes_from_the_log(
    console: Console, desk: Peer, log: CustodyLog, draft: Draft
) -> None:
    log.append([draft(at=5_000, kind="device_lost", place="r1")])
    desk.answers["room"] = room(lost=["r1"])
    assert "03-02 09:00:05" in console.get("/devices").text


def test_lines_and_cameras_are_ticked_and_signed_by_two(console: Console, desk: Peer) -> None:
    told = console.post("/devices/order/learn_loops", {"lines": ["outer.contact"]}).get_json()
    assert desk.said("propose")[-1]["fields"] == {"lines": ["outer.contact"]}
    assert told["next"] == "/devices"
    assert any("outer.contact" in value for _, value in told["rows"])
    assert (
        console.post("/devices/order/learn_cameras", {}).get_json()["error"] == "Cameras: tick at least one."
    )


def test_an_order_says_what_to_do_at_the_device_first(console: Console, desk: Peer) -> None:
    assert "First, at the device" in console.get("/devices/order/pair_reader").text
    assert "nobody in the picture" in console.get("/devices/order/learn_cameras").text


def test_no_other_order_is_reached_through_the_devices(console: Console, desk: Peer) -> None:
    desk.answers["who"] = a_chief("chief")
    assert console.get("/devices/order/release_door").status_code == 404
    assert console.post("/devices/order/release_door", {}).status_code == 404
