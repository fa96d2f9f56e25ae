"""What the console says, keeps and does while something that it needs is away; it comes back by itself."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from itertools import islice

import pytest

from controller.ledger.reading import LogReader
from tests.console.house import House
from tests.web.running import Running, running

GONE = "The controller does not answer"
ANEW = "The console was started anew after you signed in"
UNREADABLE = "The log cannot be read"
LINES = 100
"""Of a stream whose ticks are four lines and come every three seconds."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("degraded")) as made:
        made.founded("zhao")
        yield made


@pytest.fixture(scope="module")
def shared(house: House) -> Iterator[Running]:
    with running(house) as made:
        yield made


@pytest.fixture
def console(shared: Running) -> Iterator[Running]:
    """The console with everything in its place, before and after."""
    shared.becomes("/now", 200)
    yield shared
    shared.becomes("/now", 200)
    assert "Traceback" not in shared.said


def test_a_killed_controller_is_said_and_its_successor_is_served_in_the_same_session(
    console: Running, house: House
) -> None:
    house.child.kill()
    status, text, headers = console.get("/now")
    assert (status, headers["retry-after"]) == (503, "3")
    assert GONE in text
    console.becomes("/alive", 503)
    house.child.start()
    console.becomes("/alive", 204)
    assert console.get("/now")[0] == 200


def test_a_controller_that_stopped_in_order_is_said_and_its_successor_is_served(
    console: Running, house: House
) -> None:
    assert house.child.stop() == 0
    console.becomes("/alive", 503)
    assert GONE in console.get("/now")[1]
    house.child.start()
    console.becomes("/alive", 204)


def test_a_frozen_controller_holds_up_no_page_for_ever_and_nothing_of_it_stays(
    console: Running, house: House
) -> None:
    house.child.signal(signal.SIGSTOP)
    try:
        status, text, _ = console.get("/now")
        assert status == 503
        assert GONE in text
        console.becomes("/alive", 503)
        assert console.get("/keys")[0] == 503
        assert console.get("/alive")[0] == 503
    finally:
        house.child.signal(signal.SIGCONT)
    console.becomes("/alive", 204)


def test_a_post_that_nobody_heard_says_so_and_changes_nothing(console: Running, house: House) -> None:
    house.child.kill()
    size = house.newest
    status, text, _ = console.post("/now/lockdown", "reason=fire&key=k")
    assert status == 503
    assert GONE in text
    assert house.newest == size
    house.child.start()
    console.becomes("/alive", 204)
    assert not house.entries("lockdown", after=size)


def test_a_stream_tells_of_the_controllers_going_and_coming_by_itself(console: Running, house: House) -> None:
    line = console.line()
    line.request("GET", "/stream", headers={"Cookie": f"ironroom={console.token}"})
    stream = line.getresponse()

    def heard(word: bytes) -> bool:
        return any(word in one for one in iter(stream.readline, b""))

    assert heard(b'"answers": true')
    house.child.kill()
    assert heard(b'"answers": false')
    house.child.start()
    assert heard(b'"answers": true')
    line.close()


def test_a_log_that_is_gone_is_said_where_it_is_needed_and_found_again(console: Running) -> None:
    away = console.log.with_name("away.db")
    console.log.rename(away)
    try:
        console.until(lambda: UNREADABLE in told(console, "/review"))
        assert console.get("/now")[0] == 200
        assert all("The log cannot be read now" in told(console, "/now") for _ in range(8)), "on every thread"
    finally:
        away.rename(console.log)
    console.until(lambda: UNREADABLE not in told(console, "/review"))
    assert "The log cannot be read now" not in told(console, "/now")


def test_the_socket_that_is_gone_is_said_and_found_again(console: Running, house: House) -> None:
    away = console.socket.with_name("away.sock")
    console.socket.rename(away)
    try:
        house.child.kill()
        console.becomes("/alive", 503)
        assert GONE in console.get("/now")[1]
    finally:
        away.unlink()
    house.child.start()
    console.becomes("/alive", 204)


def test_a_socket_that_is_taken_away_or_closed_comes_back_while_the_controller_lives(
    console: Running, house: House
) -> None:
    pid, before = house.child.pid, console.socket.stat()
    console.socket.unlink()
    console.until(console.socket.exists)
    assert console.socket.stat().st_mode == before.st_mode
    console.socket.chmod(0)
    console.until(lambda: console.socket.stat().st_mode == before.st_mode)
    console.socket.unlink()
    console.socket.write_text("from somewhere else")
    console.until(console.socket.is_socket)
    with running(house) as fresh:  # one that has no conversation from before
        fresh.becomes("/now", 200)
    assert console.get("/now")[0] == 200
    assert house.child.pid == pid


def test_a_log_that_was_put_back_from_a_copy_is_read_on_by_pages_and_streams(
    console: Running, house: House
) -> None:
    assert UNREADABLE not in told(console, "/review")
    house.child.stop()
    copy = console.log.with_name("restored.db")
    with LogReader(console.log) as reader:
        reader.copy(copy)
    copy.chmod(0o600)
    for one in console.log.parent.glob("custody.db-*"):
        one.unlink()
    copy.rename(console.log)
    assert UNREADABLE not in told(console, "/proof")
    house.child.start()
    console.becomes("/alive", 204)
    line = console.line()
    line.request("GET", "/stream", headers={"Cookie": f"ironroom={console.token}"})
    stream = line.getresponse()
    assert console.post("/now/lockdown", "reason=fire&key=restored")[0] == 303
    news = (b"lockdown", b'"missed": true')  # written before the console looked at the file anew, or after
    assert any(one in told_of for told_of in islice(iter(stream.readline, b""), LINES) for one in news)
    stream.close()
    line.close()
    assert "/now/lockdown" in told(console, "/now")
    newest = f"/review/{house.entries('lockdown')[-1]['n']}"
    assert console.get(newest)[0] == 200


def test_a_console_that_starts_without_a_log_says_so_and_finds_it_later(house: House) -> None:
    log = house.data / "custody.db"
    away = log.with_name("away.db")
    log.rename(away)
    try:
        with running(house) as console:
            console.until(lambda: UNREADABLE in told(console, "/review"))
            assert console.get("/now")[0] == 200
            assert console.get("/alive")[0] in {204, 503}
            away.rename(log)
            console.until(lambda: UNREADABLE not in told(console, "/review"))
            assert "Traceback" not in console.said
    finally:
        if away.exists():
            away.rename(log)


def test_a_console_that_was_started_anew_says_that_it_knows_nothing_of_what_was_seen(
    console: Running, house: House
) -> None:
    before = house.tokens["zhao"]
    with running(house) as second:
        assert ANEW in told(second, "/review/sign-off")
        house.sign_in("zhao")
        assert ANEW not in told(second, "/review/sign-off")
    house.tokens["zhao"] = before


def test_a_log_that_may_only_be_read_is_all_that_it_needs(console: Running) -> None:
    files = [one for one in console.data.iterdir() if one.name.startswith("custody.db")]
    modes = {one: one.stat().st_mode & 0o777 for one in files}
    for one in files:
        one.chmod(0o400)
    try:
        assert console.get("/now")[0] == 200
        assert console.get("/review")[0] == 200
    finally:
        for one, mode in modes.items():
            one.chmod(mode)


def told(console: Running, path: str) -> str:
    return console.get(path)[1]
