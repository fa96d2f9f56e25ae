"""What open screens hear of the log and of the controller."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import pytest
from flask import Flask

from controller.ledger.custody_log import CustodyLog
from tests.web.conftest import Console
from tests.web.peer import Peer, person
from web.live import Live
from web.ring import KEPT, News, Ring

Draft = Callable[..., dict[str, object]]


@pytest.fixture
def live(app: Flask, log: CustodyLog, draft: Draft) -> Live:
    """The streams of a console, over a log of three entries, from where they stand."""
    log.append([draft(n) for n in range(3)])
    made: Live = app.extensions["live"]
    made.start()
    while '"n": 2' not in next(made.events(None, sealed=False)):
        Event().wait(0.01)
    return made


def parsed(event: str) -> tuple[str, dict[str, Any], int]:
    lines = dict(line.split(": ", 1) for line in event.strip().splitlines() if line)
    return lines["event"], json.loads(lines["data"]), int(lines["id"])


def until(events: Iterator[str], wanted: str) -> tuple[dict[str, Any], int]:
    """The first event of that name, among ticks."""
    return next((data, at) for name, data, at in map(parsed, events) if name == wanted)


def test_a_screen_begins_with_a_tick_and_is_told_to_come_back_after_a_second(live: Live) -> None:
    first = next(live.events(None, sealed=False))
    assert first.startswith("retry: 1000\n\nevent: tick\n")
    assert parsed(first.split("\n\n", 1)[1])[1]["answers"] is True


def test_new_entries_are_told_by_kind_and_counter_and_by_nothing_else(
    live: Live, log: CustodyLog, draft: Draft
) -> None:
    events = live.events(2, sealed=False)
    log.append([draft(10, kind="enrolled", personal={"v1": {"name": "Anna Berg"}}), draft(11, place="main")])
    data, at = until(events, "entries")
    while data["n"] < 4:
        more, at = until(events, "entries")
        data = {**more, "kinds": sorted({*data["kinds"], *more["kinds"]})}
    assert data == {"n": 4, "kinds": ["enrolled", "granted"], "missed": False}
    assert at == 4


def test_the_kind_of_a_sealed_entry_is_told_to_nobody_without_the_right(
    live: Live, log: CustodyLog, draft: Draft
) -> None:
    guard, chief = live.events(2, sealed=False), live.events(2, sealed=True)
    log.append([draft(10, kind="duress", sealed=True)])
    assert until(guard, "entries")[0]["kinds"] == ["sealed"]
    assert until(chief, "entries")[0]["kinds"] == ["duress"]


def test_a_screen_of_nobody_who_acts_on_it_is_not_woken_by_a_sealed_entry(
    live: Live, log: CustodyLog, draft: Draft
) -> None:
    custodian = live.events(2, sealed=False, watches=False)
    log.append([draft(10, kind="duress", sealed=True)])
    log.append([draft(11, kind="shut")])
    assert until(custodian, "entries")[0]["kinds"] == ["shut"]


def test_a_screen_that_comes_back_hears_what_it_missed(live: Live, log: CustodyLog, draft: Draft) -> None:
    while until(live.events(None, sealed=False), "tick")[1] < 2:
        continue  # the log is being opened
    log.append([draft(10), draft(11)])
    data, _ = until(live.events(2, sealed=False), "entries")
    assert data["kinds"] == ["granted"]


@pytest.mark.parametrize("cursor", [0, 10**9])
def test_a_screen_that_is_too_far_behind_is_told_to_load_everything(live: Live, cursor: int) -> None:
    data, at = until(live.events(cursor, sealed=False), "entries")
    assert data["missed"] is True
    assert at == data["n"]


def test_a_controller_that_falls_silent_and_answers_again_is_told_at_once(live: Live, peer: Peer) -> None:
    events = live.events(None, sealed=False)
    next(events)
    peer.frozen.set()
    assert any(not parsed(event)[1]["answers"] for event in events if "tick" in event)
    peer.frozen.clear()
    assert any(parsed(event)[1]["answers"] for event in events if "tick" in event)


def test_streams_end_when_the_console_stops(live: Live) -> None:
    events = live.events(None, sealed=False)
    next(events)
    live.stop()
    assert len(list(events)) <= 1


def test_there_are_only_so_many_streams_and_a_place_comes_back(live: Live, console: Console) -> None:
    first, second = console.get("/stream", buffered=False), console.get("/stream", buffered=False)
    assert first.headers["Content-Type"] == "text/event-stream"
    full = console.get("/stream")
    assert full.status_code == 503
    assert full.headers["Retry-After"] == "10"
    assert console.get("/seat").status_code == 200
    first.close()
    again = console.get("/stream", buffered=False)
    assert again.status_code == 200
    again.close()
    second.close()


def test_a_stream_goes_on_behind_the_last_event_that_a_browser_heard(live: Live, console: Console) -> None:
    with console.get("/stream", headers={"Last-Event-ID": "2"}, buffered=False) as answer:
        assert b"id: 2\n" in next(answer.iter_encoded())
    with console.get("/stream", headers={"Last-Event-ID": "-1; drop"}, buffered=False) as answer:
        assert answer.status_code == 200


def test_a_stream_keeps_nobody_signed_in(live: Live, console: Console, peer: Peer) -> None:
    console.get("/stream", buffered=False).close()
    assert [one["quiet"] for one in peer.said("who")] == [True]
    peer.answers["who"] = person("guard", name="g1")


def test_the_ring_forgets_and_says_so() -> None:
    ring = Ring()
    ring.begin(-1)
    ring.add([News(n, "granted", sealed=False) for n in range(KEPT + 10)])
    assert ring.wait(8, answers=True, timeout_s=0).missed
    heard = ring.wait(9, answers=True, timeout_s=0)
    assert not heard.missed
    assert len(heard.news) == KEPT


def test_whoever_stood_elsewhere_when_the_log_was_opened_again_is_told_so_and_waits() -> None:
    ring = Ring()
    ring.begin(-1)
    ring.add([News(n, "granted", sealed=False) for n in range(10)])
    for newest in (12, 4):  # it went on meanwhile; it was put back from a copy
        ring.begin(newest)
        heard = ring.wait(9, answers=True, timeout_s=0)
        assert heard.missed
        assert heard.newest == newest
        assert not ring.wait(newest, answers=True, timeout_s=0).missed
    ring.add([News(5, "granted", sealed=False)])
    assert [one.n for one in ring.wait(4, answers=True, timeout_s=0).news] == [5]
