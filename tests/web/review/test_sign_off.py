"""Signing off: only what was on the screen, never what was not, and one's own apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from controller.ledger.custody_log import CustodyLog
from controller.ledger.reading import LogReader
from controller.ledger.sign_off import covered, signed_before
from tests.papers.reading import text_of
from tests.web.conftest import Console
from tests.web.peer import Peer
from tests.web.review.proposed import COMMAND
from web.review.queue import waiting
from web.review.seen import MOST, Screens
from web.review.signed_set import MOST_RANGES, to_sign


@pytest.fixture
def shown(written: CustodyLog, console: Console, peer: Peer) -> Console:
    """A chief before the queue with everything in it."""
    peer.answers["propose"] = COMMAND
    assert console.get("/review/sign-off?only=all").status_code == 200
    return console


def proposed(peer: Peer) -> dict[str, Any]:
    """The fields of the newest proposal."""
    fields: dict[str, Any] = peer.said("propose")[-1]["fields"]
    return fields


def test_what_was_on_the_screen_is_signed_by_its_digest(
    written: CustodyLog, shown: Console, peer: Peer
) -> None:
    assert shown.post("/review/seen", json={"seen": [2, 3, 5]}).json == {"seen": 3}
    assert shown.post("/review/sign-off", {}).status_code == 200
    with LogReader(written.file) as reader:
        digest = covered(reader, [(2, 3), (5, 5)], "c1").digest
    assert proposed(peer) == {"digest": digest, "ranges": [[2, 3], [5, 5]], "exceptions": [], "own": False}


@pytest.fixture
def three_days(written: CustodyLog, draft: Callable[..., dict[str, object]]) -> list[list[int]]:
    """Counters of Entries of three of the room's days, the first the morning's own; nothing of the third."""
    times = ("2026-03-02T15:59:59.999Z", "2026-03-02T16:00:00.000Z", "2026-03-03T15:59:59.999Z")
    drafts = [draft(80_000 + at, kind="opened", place="main") | {"time": one} for at, one in enumerate(times)]
    morning = list(range(written.size))
    late, early, last = written.append(drafts)
    return [[*morning, late], [early, last], []]


@pytest.mark.parametrize(("day", "which"), [("2026-03-02", 0), ("2026年3月3日", 1), ("2026-03-04", 2)])
def test_a_day_alone_is_the_rooms_day_from_midnight_to_midnight(
    three_days: list[list[int]], console: Console, day: str, which: int
) -> None:
    text = console.get(f"/review/sign-off?only=all&day={day}").text
    shown = [int(n) for n in re.findall(r'<tr data-n="(\d+)"|<tr[^>]* data-n="(\d+)"', text) for n in n if n]
    assert [n for n in shown if n <= three_days[1][-1]] == three_days[which]
    assert ("Of this day nothing of this kind waits." in text) is (not shown)


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "0001-01-01", "9999-12-31", "9" * 5_000, "<b>"])
def test_a_day_that_is_none_is_said_and_every_day_is_shown(
    three_days: list[list[int]], console: Console, day: str
) -> None:
    answer = console.get("/review/sign-off?only=all&day=" + day)
    assert answer.status_code == 200
    assert "Write a day, such as 2026-03-02" in answer.text
    assert f'data-n="{three_days[1][-1]}"' in answer.text


def test_what_was_never_shown_cannot_be_seen(written: CustodyLog, console: Console, peer: Peer) -> None:
    assert console.post("/review/seen", json={"seen": [2, 3, 5]}).json == {"seen": 0}
    answer = console.post("/review/sign-off", {})
    assert answer.status_code == 409
    assert "on the screen" in answer.text
    assert peer.said("propose") == []


@pytest.mark.parametrize(
    "sent", [{}, {"seen": "all"}, {"seen": [True]}, {"seen": ["1"]}, {"seen": [1] * 501}, []]
)
def test_there_is_no_word_for_all(shown: Console, sent: object) -> None:
    assert shown.post("/review/seen", json=sent).status_code == 400


def test_ones_own_stay_unsigned_until_they_are_meant(shown: Console, peer: Peer) -> None:
    shown.post("/review/seen", json={"seen": [0, 1, 2]})
    shown.post("/review/sign-off", {})
    assert (proposed(peer)["ranges"], proposed(peer)["own"]) == ([[2, 2]], False)
    shown.post("/review/sign-off", {"own": "1"})
    assert (proposed(peer)["ranges"], proposed(peer)["own"]) == ([[0, 2]], True)


def test_exceptions_are_named_in_what_is_signed_and_what_was_signed_is_not_asked_again(
    written: CustodyLog, shown: Console, peer: Peer
) -> None:
    at = {"at": 90_000, "time": "2026-03-02T01:02:00.000Z", "clock": "synced", "policy": "p1"}
    written.append([{**at, "kind": "noted", "who": ["c1"], "of": 3, "exception": True, "note": "by whom?"}])
    shown.post("/review/seen", json={"seen": [2, 3, 5]})
    shown.post("/review/sign-off", {})
    assert proposed(peer)["exceptions"] == [3]
    fields = {"ranges": [[2, 3]], "from": 2, "to": 3, "count": 2, "exceptions": [3], "own": False}
    written.append([{**at, "kind": "signed_off", "who": ["c1"], "digest": "0" * 64, **fields}])
    shown.post("/review/sign-off", {})
    assert (proposed(peer)["ranges"], proposed(peer)["exceptions"]) == ([[5, 5]], [])
    text = shown.get("/review/sign-off?only=all").text
    assert 'data-n="2"' not in text
    assert 'data-n="4"' in text


def test_the_sheet_of_a_sign_off_is_a_paper_and_its_print_is_an_entry(
    written: CustodyLog, shown: Console, peer: Peer
) -> None:
    at = {"at": 90_000, "time": "2026-03-02T01:02:00.000Z", "clock": "synced", "policy": "p1"}
    fields = {"ranges": [[2, 5]], "from": 2, "to": 5, "count": 4, "exceptions": [], "own": False}
    (n,) = written.append([{**at, "kind": "signed_off", "who": ["c1"], "digest": "0" * 64, **fields}])
    answer = shown.get(f"/review/sign-off/{n}/sheet")
    assert (answer.content_type, answer.data[:5]) == ("application/pdf", b"%PDF-")
    assert peer.said("look")[-1]["what"] == "print"
    assert shown.get("/review/sign-off/2/sheet").status_code == 404


def test_a_sheet_says_of_its_head_when_the_last_entry_under_it_was_written(
    written: CustodyLog, shown: Console
) -> None:
    at = {"at": 90_000, "time": "2026-03-02T01:02:00.000Z", "clock": "synced", "policy": "p1"}
    fields = {"ranges": [[2, 5]], "from": 2, "to": 5, "count": 4, "exceptions": [], "own": False}
    (n,) = written.append([{**at, "kind": "signed_off", "who": ["c1"], "digest": "0" * 64, **fields}])
    head = " ".join(text_of(shown.get(f"/review/sign-off/{n}/sheet").data).split())
    assert f"{n + 2} entries at 2026-03-02 09:00:59 UTC+0800" in head  # that of the look, not 09:02:00


def test_the_queue_begins_with_the_oldest_and_leaves_routine_out(written: CustodyLog) -> None:
    with LogReader(written.file) as reader:
        everything = waiting(reader, "all", (), (-1, 9))
        assert everything == list(range(9))
        assert waiting(reader, "all", ((0, 2), (4, 4)), (-1, 9), 3) == [3, 5, 6]
        assert waiting(reader, "matters", (), (-1, 9)) == [0, 1, 4, 5, 6, 7, 8]
        assert waiting(reader, "alarms", (), (5, 9)) == [6, 8]


def test_a_session_sees_for_itself_alone() -> None:
    screens = Screens()
    screens.show("one", [1, 2])
    screens.see("other", [1, 2])
    screens.see("one", [2, 3])
    assert set(screens.seen("one")) == {2}
    assert not screens.seen("other")
    screens.show("one", range(MOST + 5))
    screens.show("one", [MOST + 900])
    screens.see("one", [MOST + 900])
    assert MOST + 900 not in screens.seen("one"), "a screen has an end"


def test_a_signature_takes_no_more_ranges_than_a_command_holds(written: CustodyLog) -> None:
    at = {"time": "2026-03-02T01:02:00.000Z", "clock": "synced", "policy": "p1"}
    written.append(
        [{**at, "at": 100_000 + n, "kind": "granted", "who": ["li"]} for n in range(2 * MOST_RANGES + 40)]
    )
    with LogReader(written.file) as reader:
        found = to_sign(reader, range(2, reader.count(), 2), signed_before(reader), "nobody", with_own=False)
    assert found is not None
    assert (len(found.fields["ranges"]), found.fields["ranges"][0]) == (MOST_RANGES, [2, 2])
