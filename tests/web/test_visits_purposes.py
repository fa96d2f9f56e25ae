"""What a visit can be for at the desk: the site's own purposes, or the common ones, and "other" always."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from controller.core.visit_words import DEVICES, PURPOSES
from controller.ledger.custody_log import CustodyLog
from tests.web.conftest import Console
from tests.web.peer import SITE, Peer
from tests.web.visiting_desk import asked, desk_of, seen, visit
from web.visits import words

FORM = {"name": "Anna Berg", "host": "wang", "areas": "main", "minutes": "60", "key": "k1"}


@pytest.fixture
def desk(peer: Peer, log: CustodyLog, draft: Callable[..., dict[str, object]]) -> Peer:
    return desk_of(peer, log, draft)


def options(page: str) -> list[tuple[str, str]]:
    """What can be chosen as a purpose: value and words."""
    chosen = page.partition('name="purpose"')[2].partition("</select>")[0]
    return re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)</option>', chosen)


def test_every_common_purpose_and_every_device_has_its_words() -> None:
    assert tuple(words.PURPOSES) == PURPOSES
    assert tuple(words.DEVICES) == DEVICES


def test_a_site_that_names_none_has_the_common_purposes(console: Console, desk: Peer) -> None:
    told = options(console.get("/visitors").text)
    assert [value for value, _ in told] == ["", *PURPOSES, "other"]
    assert ("audit", "Audit visit") in told


def test_the_sites_own_purposes_are_offered_as_it_wrote_them_and_no_others_are_taken(
    console: Console, desk: Peer
) -> None:
    desk.answers["site"] = {**SITE, "plan": {"purposes": ["押运 <1>", "audit"]}}
    told = options(console.get("/visitors").text)
    assert told[1:] == [("押运 &lt;1&gt;", "押运 &lt;1&gt;"), ("audit", "Audit visit"), ("other", "Other")]
    assert console.post("/visitors", {**FORM, "purpose": "meeting"}).status_code == 409
    console.post("/visitors", {**FORM, "purpose": "押运 <1>"})
    assert asked(desk)["fields"]["purpose"] == "押运 <1>"


def test_a_purpose_that_the_site_gave_up_is_still_told_of_the_visits_that_had_it(
    console: Console, desk: Peer
) -> None:
    desk.answers |= {
        "site": {**SITE, "plan": {"purposes": ["audit"]}},
        "room": seen(v1=visit(purpose="押运"), v2=visit(purpose="meeting")),
    }
    assert "<dd>押运</dd>" in console.get("/visitors?visit=v1").text
    page = console.get("/visitors?like=v2").text
    assert '<option value="other" selected>' in page
    assert 'value="Meeting"' in page
