"""Behaviour 54 at the console: a correction stands beside the Entry that is wrong, and leads to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from controller.ledger.custody_log import CustodyLog
from tests.web.conftest import Console
from tests.web.peer import Peer, person
from tests.web.review.proposed import COMMAND
from tests.web.visiting_desk import desk_of, seen, visit
from web.review.corrections import AT_ONCE

RIGHT = {"field": "reason", "right": "lockdown", "reason": "misread"}
Draft = Callable[..., dict[str, object]]


def corrected(log: CustodyLog, draft: Draft, **more: object) -> int:
    """Two people have corrected an Entry; the correction's counter."""
    said = {"who": ["c1", "li"], "note": "misread", **more}
    log.append([draft(log.last_at, kind="corrected", **said) | {"time": "2026-03-02T01:01:00.000Z"}])
    return log.size - 1


def test_b54_the_old_entry_and_its_correction_lead_to_each_other(
    written: CustodyLog, console: Console, draft: Draft
) -> None:
    n = corrected(written, draft, of=4, right={"reason": "lockdown"})
    old = console.get("/review/4").text
    assert f'href="/review/{n}"' in old
    assert "reason: lockdown" in old
    assert "Reason: misread" in old
    new = console.get(f"/review/{n}").text
    assert "It corrects" in new
    assert 'href="/review/4"' in new


def test_b54_a_correction_is_not_pushed_out_by_those_that_came_after_it(
    written: CustodyLog, console: Console, draft: Draft
) -> None:
    n = corrected(written, draft, of=4, right={"reason": "lockdown"})
    later = {"who": ["c1", "li"], "note": "x", "of": 2, "right": {"reason": "y"}}
    drafts = [draft(written.last_at, kind="corrected", **later) for _ in range(2 * AT_ONCE)]
    written.append([one | {"time": "2026-03-02T01:01:00.000Z"} for one in drafts])
    assert f'href="/review/{n}"' in console.get("/review/4").text


def test_b54_a_correction_of_another_entry_stands_not_here(
    written: CustodyLog, console: Console, draft: Draft
) -> None:
    corrected(written, draft, of=4, text="it was the fitter")
    assert "it was the fitter" not in console.get("/review/3").text
    assert "Nobody has corrected this entry." in console.get("/review/3").text


def test_b54_a_correction_is_offered_to_be_signed_with_its_reason(
    written: CustodyLog, console: Console, peer: Peer
) -> None:
    peer.answers["propose"] = COMMAND
    assert console.post("/review/4/correct", RIGHT).status_code == 200
    (asked,) = peer.said("propose")
    assert asked["ask"] == "correct_entry"
    assert asked["fields"] == {"n": 4, "fields": {"reason": "lockdown"}, "reason": "misread"}


def test_what_is_right_about_somebody_is_theirs_and_what_is_sealed_stays_sealed(
    written: CustodyLog, console: Console, peer: Peer
) -> None:
    peer.answers["propose"] = COMMAND
    console.post("/review/0/correct", {"field": "name", "right": "李玮", "reason": "misread"})
    console.post("/review/8/correct", {"field": "", "right": "a test", "reason": "a drill"})
    first, second = (one["fields"] for one in peer.said("propose"))
    assert (first["about"], first["fields"]) == ("li", {"name": "李玮"})
    assert (second["sealed"], second["text"]) == (True, "a test")


@pytest.mark.parametrize("wrong", [{"right": " "}, {"reason": ""}, {"field": "shoe"}, {"right": "x" * 501}])
def test_half_a_correction_is_not_proposed(
    wrong: dict[str, str], written: CustodyLog, console: Console, peer: Peer
) -> None:
    answer = console.post("/review/4/correct", RIGHT | wrong)
    assert answer.status_code == 409
    assert not peer.said("propose")


def test_b54_an_auditor_sees_corrections_and_makes_none(
    written: CustodyLog, console: Console, peer: Peer, draft: Draft
) -> None:
    corrected(written, draft, of=4, text="it was the fitter")
    peer.answers["who"] = person("auditor")
    assert "it was the fitter" in console.get("/review/4").text
    assert console.post("/review/4/correct", RIGHT).status_code == 403


def test_b54_a_visits_corrected_company_stands_beside_it_at_the_desk(
    peer: Peer, log: CustodyLog, draft: Draft, console: Console
) -> None:
    desk_of(peer, log, draft)
    peer.answers["room"] = seen(v1=visit())
    corrected(log, draft, of=log.size - 1, personal={"visitor-1": {"company": "Berg & Co AG"}})
    shown = console.get("/visitors?visit=v1").text
    assert "Berg AG" in shown
    assert "company: Berg &amp; Co AG" in shown
    assert "corrected" in shown
