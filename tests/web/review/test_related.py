"""What belongs together: an alarm's life, its pictures, and the Session in which something was written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from controller.ledger.custody_log import CustodyLog
from tests.web.conftest import Console
from tests.web.peer import Peer, person
from tests.web.review.conftest import DAY

OPENERS = ["li", "wjg"]


@pytest.fixture
def story(written: CustodyLog, draft: Callable[..., dict[str, object]]) -> dict[str, int]:
    """Counters of a Session in which a door is forced: what was pictured, raised, taken and closed."""
    at = {"place": "main"}
    shot = {"shot": 7, "why": "forced", "wanted": [{"camera": "cam", "moment": 0}]}
    picture = {"camera": "cam", "moment": 0, "sha256": "0" * 64}
    alarm = {**at, "alarm": "forced"}
    told: list[tuple[str, int, dict[str, Any]]] = [
        ("room_opened", 20, {"place": "vault", "who": OPENERS}),
        ("forced", 21, at),
        ("snapshot", 21, {**at, **shot}),
        ("alarm_raised", 21, alarm),
        ("pictures_taken", 22, {**at, "shot": 7, "pictures": [picture]}),
        ("alarm_taken", 23, {**alarm, "who": ["c1"]}),
        ("shut", 24, at),
        ("alarm_acknowledged", 25, {**alarm, "who": ["c1"], "outcome": "true", "note": "a crowbar"}),
        ("room_closed", 26, {"place": "vault", "who": OPENERS}),
        ("granted", 27, at),
    ]
    first = written.size
    written.append(
        [
            draft(second * 1000, kind=kind, **fields) | {"time": DAY.format(second)}
            for kind, second, fields in told
        ]
    )
    return {kind: first + at for at, (kind, _, _) in enumerate(told)}


def links(text: str, *counters: int) -> list[bool]:
    return [f'href="/review/{n}?look=' in text for n in counters]


def test_a_forced_door_leads_to_its_alarm_from_first_to_last_and_to_its_pictures(
    story: dict[str, int], console: Console
) -> None:
    life = [story[one] for one in ("alarm_raised", "alarm_taken", "alarm_acknowledged")]
    text = console.get(f"/review/{story['forced']}").text
    assert links(text, *life) == [True] * 3
    assert "a crowbar" in text
    assert f"/review/{story['forced']}/picture/{story['pictures_taken']}/cam/0" in text
    text = console.get(f"/review/{story['alarm_acknowledged']}").text
    assert links(text, story["forced"], *life[:2]) == [True] * 3, "back to what raised it"
    assert f"/picture/{story['pictures_taken']}/cam/0" in text
    assert "still open" not in text


def test_an_alarm_that_nobody_closed_says_so_and_one_thing_more_than_it_is_not_told(
    written: CustodyLog, draft: Callable[..., dict[str, object]], console: Console
) -> None:
    raised = draft(40_000, kind="alarm_raised", place="main", alarm="held") | {"time": DAY.format(40)}
    (n,) = written.append([raised])
    text = console.get(f"/review/{n}").text
    assert "still open" in text
    assert "Session of" not in text
    assert 'class="chain"' in text
    assert links(text, n - 1) == [False], "of another step"
    assert "Belongs together" not in console.get("/review/2").text


def test_what_happened_within_a_session_leads_to_its_beginning_and_end_and_to_all_of_it(
    story: dict[str, int], console: Console
) -> None:
    for kind in ("room_opened", "forced", "room_closed"):
        text = console.get(f"/review/{story[kind]}").text
        assert "Session of vault" in text, kind
        assert links(text, story["room_opened"], story["room_closed"]) == [True, True], kind
        assert "from=2026-03-02+09:00&amp;to=2026-03-02+09:01&amp;place=vault&amp;only=all" in text
    assert "Session of" not in console.get(f"/review/{story['granted']}").text


def test_a_sealed_alarm_is_not_told_to_whoever_may_not_see_it(
    written: CustodyLog, draft: Callable[..., dict[str, object]], console: Console, peer: Peer
) -> None:
    both = [
        draft(50_000, kind="granted", place="main"),
        draft(50_000, kind="alarm_raised", place="main", alarm="duress", sealed=True),
    ]
    first, raised = written.append(both)
    assert links(console.get(f"/review/{first}").text, raised) == [True]
    peer.answers["who"] = person("guard")
    assert console.get(f"/review/{first}").status_code == 403


@pytest.mark.parametrize("said", ["-1", "1", "9" * 5_000, "٣", "x", ""])
def test_a_picture_that_is_not_there_is_the_one_nearest_to_the_fact(
    story: dict[str, int], console: Console, said: str
) -> None:
    n = story["forced"]
    answer = console.get(f"/review/{n}?picture={said}")
    assert answer.status_code == 200
    assert f"/review/{n}/picture/{story['pictures_taken']}/cam/0" in answer.text


def test_a_user_of_the_box_and_a_picture_before_the_fact_are_said_in_words(
    written: CustodyLog, draft: Callable[..., dict[str, object]], console: Console
) -> None:
    shot = {"shot": 9, "why": "granted", "wanted": [{"camera": "cam", "moment": -2000}]}
    picture = {"camera": "cam", "moment": -2000, "sha256": "0" * 64}
    told: list[dict[str, Any]] = [
        {"kind": "evidence_read", "who": ["os:root"], "what": "show"},
        {"kind": "snapshot", "place": "main", **shot},
        {"kind": "pictures_taken", "place": "main", "shot": 9, "pictures": [picture]},
    ]
    made = [draft(60_000 + at, **one) | {"time": DAY.format(50 + at)} for at, one in enumerate(told)]
    look, _, pictured = written.append(made)
    assert "root, at the box" in console.get(f"/review/{look}").text
    text = console.get(f"/review/{pictured}").text
    assert "2 s before" in text
    assert "`" not in text.partition("<main")[2].partition("</main>")[0]


def test_the_whole_row_of_the_list_is_one_link(written: CustodyLog, console: Console) -> None:
    text = console.get("/review?only=all").text
    assert text.count('class="whole-row"') == text.count("data-open-row") == text.count("<tr data-n=")
