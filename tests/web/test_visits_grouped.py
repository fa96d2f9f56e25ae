"""A group at the desk against a peer: approved by one signature, and given its passes one after another."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from controller.ledger.custody_log import CustodyLog
from tests.web.conftest import Console
from tests.web.peer import Peer, person
from tests.web.visiting_desk import HOUR, NOW, Told, desk_of, seen, told, visit

ticks = re.compile(r'name="visits" value="(\w+)" checked').findall
PROPOSED = {"command": "k", "code": "4F2A-91C0", "text": "{}", "people": 1, "options": {}, "handle": "h"}
BOOK = {
    "v1": visit(starts=NOW + 23_456, ends=NOW + HOUR + 23_456),
    "v2": visit(group="v1", areas=["inner"]),
    "v3": visit(group="v1", blocked=True),
    "v4": visit(group="v1", status="approved", approved_by="wang"),
    "v5": visit(group="v1", host="li"),
    "v6": visit(group="v1", starts=NOW + HOUR, ends=NOW + 2 * HOUR),
    "v7": visit(group="v9"),
    "v8": visit(),
}


@pytest.fixture
def desk(peer: Peer, log: CustodyLog, draft: Callable[..., dict[str, object]]) -> Peer:
    peer = desk_of(peer, log, draft)
    peer.answers |= {"who": person("chief"), "room": seen(**BOOK), "propose": PROPOSED}
    return peer


@pytest.mark.parametrize("looked_at", ["v1", "v2"])
def test_whoever_approves_one_sees_all_who_wait_of_the_same_group_host_and_time(
    console: Console, desk: Peer, looked_at: str
) -> None:
    text = console.get(f"/visitors?visit={looked_at}").text
    assert ticks(text) == ["v1", "v2"]
    assert "Waiting in this group (2)" in text


def test_somebody_alone_is_approved_without_a_list(console: Console, desk: Peer) -> None:
    text = console.get("/visitors?visit=v8").text
    assert "Approve and sign" in text
    assert ticks(text) == []


@pytest.mark.parametrize(
    ("ticked", "fields"),
    [(["v1", "v2"], {"visits": ["v1", "v2"]}), (["v2"], {"visit": "v2"})],
)
def test_one_command_names_everybody_who_is_ticked(
    console: Console, desk: Peer, ticked: list[str], fields: Told
) -> None:
    console.post("/visitors/v1/approve", {"of_group": "1", "visits": ticked})
    (asked,) = desk.said("propose")
    assert (asked["ask"], asked["fields"]) == ("approve_visit", fields)


@pytest.mark.parametrize("ticked", [[], ["v1", "v3"], ["v1", "v4"], ["v1", "v5"], ["v8"], ["v99"]])
def test_nobody_is_approved_with_a_group_who_does_not_wait_in_it(
    console: Console, desk: Peer, ticked: list[str]
) -> None:
    answer = console.post("/visitors/v1/approve", {"of_group": "1", "visits": ticked})
    assert answer.status_code == 409
    assert told(answer)["error"]
    assert not desk.said("propose")


def test_whoever_signs_for_a_group_reads_every_name(console: Console, desk: Peer) -> None:
    desk.answers["propose"] = {**PROPOSED, "ask": "approve_visit", "fields": {"visits": ["v1", "v2"]}}
    said = told(console.post("/visitors/v1/approve", {"of_group": "1", "visits": ["v1", "v2"]}))["said"]
    one, other = "v1 · Anna Berg (visitor-1)", "v2 · Anna Berg (visitor-1)"
    assert said == f"Approve a visit · Visits: {one}, {other}"


def test_after_a_pass_the_next_of_the_group_is_one_step_away(console: Console, desk: Peer) -> None:
    book = {
        "v1": visit(status="inside", badge="P1", escort="wang"),
        "v2": visit(group="v1", status="requested"),
        "v3": visit(group="v1", status="approved", approved_by="c1"),
        "v4": visit(group="v1", status="approved", approved_by="wang"),
    }
    desk.answers |= {"who": person("guard"), "room": seen(**book)}
    text = console.get("/visitors?issued=v1").text
    assert re.search(r'id="next-pass" href="/visitors\?visit=v4"', text)
    assert "Next of the group: Anna Berg" in text
    desk.answers["room"] = seen(**{**book, "v4": visit(group="v1", status="inside", badge="P2")})
    assert "next-pass" not in console.get("/visitors?issued=v1").text
