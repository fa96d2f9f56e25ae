"""Visits that wait: told in the menu and on Now to whoever can act, and moved where their host is gone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from controller.ledger.custody_log import CustodyLog
from tests.web.conftest import Console
from tests.web.peer import Peer, person
from tests.web.visiting_desk import HOUR, NOW, Told, asked, desk_of, script, seen, told, visit


@pytest.fixture
def desk(peer: Peer, log: CustodyLog, draft: Callable[..., dict[str, object]]) -> Peer:
    return desk_of(peer, log, draft)


BOOK = {
    "v1": visit(),
    "v2": visit(host="li"),
    "v3": visit(status="approved", approved_by="wang"),
    "v4": visit(status="approved", approved_by="wang", starts=NOW + HOUR, ends=NOW + 2 * HOUR),
    "v5": visit(status="requested", blocked=True),
    "v6": visit(status="inside", badge="P1"),
}


@pytest.mark.parametrize(
    ("roles", "name", "lines"),
    [
        (("chief",), "c1", ["2 visits wait for approval", "1 pass is to be handed over"]),
        (("guard",), "c1", ["1 pass is to be handed over"]),
        (("custodian",), "wang", ["1 visit waits for approval"]),
        (("guard",), "li", ["1 visit waits for approval", "1 pass is to be handed over"]),
        (("auditor",), "c1", []),
    ],
)
def test_a_visit_that_waits_is_told_to_whoever_can_act(
    console: Console, desk: Peer, roles: tuple[str, ...], name: str, lines: list[str]
) -> None:
    desk.answers |= {"who": person(*roles, name=name), "room": seen(**BOOK)}
    text = console.get("/visitors/waiting").text
    assert [one for one in lines if one not in text] == []
    assert text.count("<span>") == len(lines)
    many = sum(int(one.split()[0]) for one in lines)
    counted = console.get("/visitors/count").text
    assert (f">{many}<" in counted) if many else not counted.strip()


def test_nobody_is_told_to_issue_a_pass_that_they_approved_themselves(console: Console, desk: Peer) -> None:
    mine = visit(status="approved", approved_by="c1")
    desk.answers |= {"who": person("chief"), "room": seen(v1=mine)}
    assert (
        console.get("/visitors/waiting").text.strip().endswith("#}")
        or "pass" not in console.get("/visitors/waiting").text
    )


def test_the_menu_asks_for_what_waits(console: Console, desk: Peer) -> None:
    assert "/visitors/count" in console.get("/visitors").text


def test_a_visit_whose_host_has_left_says_so_and_gets_no_pass(console: Console, desk: Peer) -> None:
    left = visit(status="approved", host="gone", approved_by="gone")
    desk.answers["room"] = seen(v1=left)
    assert "Needs another host" in console.get("/visitors/lists").text
    assert "1 visit needs another host" in console.get("/visitors/waiting").text
    text = console.get("/visitors?visit=v1").text
    assert "Move the visit" in text
    assert "Issue the pass" not in text


@pytest.mark.parametrize(
    ("host", "words"), [("", "Choose one person"), ("gone", "Choose one person"), ("wang", "already")]
)
def test_a_visit_is_moved_only_to_somebody_else_who_is_here(
    console: Console, desk: Peer, host: str, words: str
) -> None:
    desk.answers["room"] = seen(v1=visit())
    answer: Told = told(script(console, "/visitors/v1/host", {"new_host": host}))
    assert words in answer["wrong"]["new_host"]
    assert desk.said("ask") == []


def test_a_visit_that_is_awaited_is_moved_to_another_host(console: Console, desk: Peer) -> None:
    desk.answers["room"] = seen(v1=visit(host="gone", by="gone"))
    assert console.post("/visitors/v1/host", {"new_host": "li", "key": "k9"}).status_code == 303
    assert (asked(desk)["ask"], asked(desk)["fields"]) == ("change_visit", {"visit": "v1", "host": "li"})
