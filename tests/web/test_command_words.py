"""All of a command is read in words before it is signed, and the very bytes stand below them."""

from __future__ import annotations

import json
import re

import pytest

from controller.core import enrolment, panels
from controller.core.askings import ASKINGS
from controller.core.people import PERSONAL
from tests.web.conftest import Console
from tests.web.peer import SITE, Peer, Told
from tests.web.review.proposed import COMMAND
from web import panels as shown
from web.command_labels import LABELS, TIMES
from web.command_words import spelled

UNTIL = 1_772_413_200_000  # 2026-03-02 09:00 in Shanghai
TEXT: Told = {
    "ask": "approve_visit",
    "by": "zhao",
    "fields": {"until": UNTIL, "visit": "v1"},
    "nonce": "n",
    "site": "example.vault",
    "until": UNTIL + 600_000,
}
names = re.compile(r"(?:^|, |\bor )([a-z_]+)(?= |,|$)").findall


@pytest.mark.parametrize("ask", sorted(name for name, row in ASKINGS.items() if row.signed))
def test_every_field_of_whatever_is_signed_has_a_name(ask: str) -> None:
    told = re.sub(r"\([^)]*\)|= (?:\[.*?\]\]?|\{.*?\}|[^,]*)", "", ASKINGS[ask].fields)
    missing = {*names(told)} - {*LABELS, "and", "the"}
    assert ask == "sign_command" or not missing


def test_every_field_of_a_person_has_a_name_and_every_moment_is_told_as_one() -> None:
    every = {*enrolment.TEXTS, *enrolment.LISTS, *enrolment.INSTANTS, *enrolment.FLAGS, *PERSONAL}
    assert every <= {*LABELS}
    assert {*enrolment.INSTANTS} <= TIMES


def test_a_moment_stands_in_the_rooms_time_with_its_zone(console: Console, peer: Peer) -> None:
    peer.answers["sign_options"] = {**TEXT, **COMMAND, "text": json.dumps(TEXT)}
    told = console.post("/sign/c/options", json={}).json
    assert told is not None
    assert ["Until", "2026-03-02 09:00:00 UTC+0800"] in told["rows"]
    assert ["Can be signed until", "2026-03-02 09:10:00 UTC+0800"] in told["rows"]
    assert not [value for _, value in told["rows"] if str(UNTIL) in value]
    assert told["bytes"] == json.dumps(TEXT)


def test_a_moment_beyond_every_calendar_is_told_as_it_is(console: Console) -> None:
    with console.client.application.test_request_context("/"):
        assert spelled("until", 10**18) == str(10**18)


def test_a_question_that_is_taken_away_is_told_in_words(console: Console) -> None:
    with console.client.application.test_request_context("/"):
        said = spelled("filter", "from=2026-03-02+00%3A00&only=all&new=1")
    assert said == "From 2026-03-02 00:00; Show Everything; not signed off yet"


def test_commands_about_a_place_are_those_of_the_controller() -> None:
    assert dict(shown.PLACED) == panels.PLACED


@pytest.mark.parametrize(
    ("ask", "fields", "told"),
    [
        ("release_door", {"door": "main"}, ("wall", "hall")),
        ("release_door", {"door": "side"}, ("hall",)),
        ("erase_person", {"person": "li", "door": "side"}, ("wall", "hall")),
        ("authorise", {"cabinet": "c1.a"}, ("wall", "hall")),
    ],
)
def test_a_panel_is_named_only_where_it_shows_the_command(
    console: Console, peer: Peer, ask: str, fields: Told, told: tuple[str, ...]
) -> None:
    doors = {"main": {"room": "vault"}, "side": {"room": "archive"}}
    plan = {
        "rooms": {"vault": {}, "archive": {}},
        "doors": doors,
        "cabinets": {"c1": {"room": "vault"}},
        "panels": {"wall": {"room": "vault"}, "hall": {"room": ""}},
    }
    peer.answers["site"] = {**SITE, "plan": plan}
    with console.client.application.test_request_context("/"):
        assert shown.shown_at(ask, fields) == told
