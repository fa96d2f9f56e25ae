"""The page of commands: what waits, who may sign it, and what was signed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from controller.ledger.custody_log import CustodyLog
from tests.web.conftest import Console
from tests.web.ordering import a_chief, told, waiting
from tests.web.peer import Peer


@pytest.fixture
def desk(peer: Peer) -> Peer:
    return told(peer)


def test_a_waiting_command_is_told_in_words_with_its_code_and_who_must_still_agree(
    console: Console, desk: Peer
) -> None:
    desk.answers["commands"] = {"commands": [waiting()]}
    text = console.get("/commands").text
    assert "Release door inner for 20 seconds, because: an ambulance" in text
    assert '<p class="code">4F2A-91C0</p>' in text
    assert "another person: Chief" in text
    assert 'data-sign-waiting="cmd-1"' in text
    assert 'data-left="300"' in text
    assert text.index("4F2A-91C0") < text.index("Give an order")


@pytest.mark.parametrize(
    ("roles", "keys", "more", "why"),
    [
        (("guard",), 1, {}, "Not for your role to sign."),
        (("auditor",), 1, {}, "Not for your role to sign."),
        (("chief",), 1, {"signed": ["li", "c1"]}, "You have signed it. Now another person must."),
        (("chief",), 0, {}, "You have no passkey yet."),
        (
            ("chief",),
            1,
            {"ask": "enrol_passkey", "fields": {"person": "c1", "credential": "k"}},
            "It is about yourself: somebody else must sign.",
        ),
    ],
)
def test_who_cannot_sign_is_told_why_and_gets_no_button(
    console: Console, desk: Peer, roles: tuple[str, ...], keys: int, more: dict[str, Any], why: str
) -> None:
    desk.answers.update(who=a_chief(*roles, keys=keys), commands={"commands": [waiting(**more)]})
    text = console.get("/commands").text
    assert why in text
    assert "data-sign-waiting" not in text


def test_what_somebody_else_has_not_signed_yet_is_nobodys_to_sign(console: Console, desk: Peer) -> None:
    desk.answers["commands"] = {
        "commands": [waiting(signed=[]), waiting(signed=[], by="c1", code="AAAA-0001")]
    }
    text = console.get("/commands").text
    assert "4F2A-91C0" not in text
    assert "AAAA-0001" in text


def test_every_field_of_a_command_stands_on_its_card(console: Console, desk: Peer) -> None:
    fields = {"person": "wang", "posts": ["chief"], "doors": ["inner"], "pin": "f00d", "odd": True}
    desk.answers["commands"] = {"commands": [waiting(ask="change_person", fields=fields)]}
    text = console.get("/commands").text
    for said in ("wang", "chief", "inner", "given, not shown", "odd"):
        assert said in text
    assert "f00d" not in text


def test_markup_in_a_reason_stays_text(console: Console, desk: Peer) -> None:
    fields = {"door": "inner", "seconds": 9, "reason": "<img src=x onerror=alert(1)>"}
    desk.answers["commands"] = {"commands": [waiting(fields=fields)]}
    assert "<img src=x" not in console.get("/commands").text


def test_the_fragment_keeps_nobody_signed_in(console: Console, desk: Peer) -> None:
    console.get("/commands/waiting", headers={"X-Ironroom-Quiet": "1", "HX-Request": "true"})
    assert desk.said("commands")[-1]["quiet"] is True
    assert desk.said("room")[-1]["quiet"] is True


def test_the_count_for_the_navigation_is_silent_while_the_controller_is_away(
    console: Console, desk: Peer
) -> None:
    desk.close()
    asked = {"X-Ironroom-Quiet": "1", "HX-Request": "true"}
    answer = console.get("/commands/count", headers=asked)
    assert (answer.status_code, answer.data) == (204, b"")
    assert "Content-Security-Policy" in answer.headers
    assert console.get("/commands/waiting", headers=asked).status_code == 503


def test_the_count_for_the_navigation_counts_only_what_one_may_sign(console: Console, desk: Peer) -> None:
    desk.answers["commands"] = {"commands": [waiting(), waiting(roles=["installer"])]}
    assert re.search(r">1<span", console.get("/commands/count").text)
    desk.answers["commands"] = {"commands": []}
    assert not console.get("/commands/count").text.strip()


def test_whoever_asked_may_withdraw_and_a_guard_may_not_withdraw_anothers(
    console: Console, desk: Peer
) -> None:
    desk.answers["commands"] = {"commands": [waiting(by="c1", signed=["c1"])]}
    assert "/commands/cmd-1/withdraw" in console.get("/commands").text
    assert console.post("/commands/cmd-1/withdraw", {}).status_code == 303
    assert desk.said("withdraw")[-1]["command"] == "cmd-1"
    desk.answers.update(who=a_chief("guard"), commands={"commands": [waiting()]})
    assert "/withdraw" not in console.get("/commands").text


def test_a_refused_withdrawal_is_said_on_the_page(console: Console, desk: Peer) -> None:
    desk.answers["withdraw"] = {"refused": "expired", "need": "beginning anew"}
    assert console.post("/commands/cmd-1/withdraw", {}).status_code == 303
    assert "It took too long" in console.get("/commands").text


def test_what_was_signed_is_shown_after_the_look_is_written_and_names_nothing_personal(
    console: Console, desk: Peer, log: CustodyLog, draft: Callable[..., dict[str, object]]
) -> None:
    about = {"ask": "release_door", "digest": "d", "code": "4F2A-91C0", "who": ["li"], "place": "inner"}
    personal = {"li": {"command": "the text of a command"}}
    log.append([draft(kind="command_signed", until=9, personal=personal, **about)])
    log.append([draft(kind="command_expired", why="withdrawn", **about)])
    text = console.get("/commands/signed").text
    assert desk.said("look")[-1]["what"] == "show"
    assert "first signature" in text
    assert "withdrawn" in text
    assert "the text of a command" not in text


def test_an_installer_sees_signed_orders_about_devices_only(
    console: Console, desk: Peer, log: CustodyLog, draft: Callable[..., dict[str, object]]
) -> None:
    about = {"digest": "d", "who": ["li", "wang"]}
    log.append([draft(kind="command_signed", ask="pair_reader", code="AAAA-0001", place="r1", **about)])
    log.append([draft(kind="command_signed", ask="erase_person", code="AAAA-0002", **about)])
    desk.answers["who"] = a_chief("installer")
    text = console.get("/commands/signed").text
    assert "AAAA-0001" in text
    assert "AAAA-0002" not in text
    assert "signed and judged" in text


def test_a_documents_number_is_never_written_out_on_a_card(console: Console, desk: Peer) -> None:
    fields = {"person": "new", "name": "Wu", "document": "11010519491231002X"}
    desk.answers["commands"] = {"commands": [waiting(ask="enrol", fields=fields)]}
    text = console.get("/commands").text
    assert "110***********002X" in text
    assert "11010519491231002X" not in text
