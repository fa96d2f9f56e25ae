"""Many screens at once, screens that never read, browsers that send rubbish: nobody else pays for them."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from itertools import product
from pathlib import Path

import pytest

from tests.console.house import House
from tests.web.running import PATIENCE_S, Running, running
from web.settings import Settings

CAP = Settings(Path("a"), Path("b"), "http://localhost").streams
FIFTY = 50
"""Screens of one person that there is room for."""
GROWTH_MB = 48
"""Of FIFTY screens that never read, with all that the kernel and the server keep for them."""
BODIES = (
    b"\xff\xfe\x00", b"a=%zz&b=%", b"=" * 5_000, b"&" * 5_000, b"a=" + b"x" * 300_000, b"{", b"[[[[", b"null",
    b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n', b"\r\n" * 100,
)  # fmt: skip
TYPES = (
    "application/x-www-form-urlencoded", "application/json", "multipart/form-data",
    "multipart/form-data; boundary=b",
    "text/plain; charset=no-such", "application/x-www-form-urlencoded; charset=utf-16", "", "é",
)  # fmt: skip
HEADERS = (
    {"Cookie": "ironroom=" + "x" * 4_000}, {"Cookie": "=;=;;ironroom"}, {"Accept-Language": "zh;q=x,,;;q=-1"},
    {"Last-Event-ID": "9" * 400}, {"Last-Event-ID": "-1"}, {"Origin": "null"}, {"Host": "[::"},
    {"Host": "x" * 300}, {"Range": "bytes=9-1"}, {"If-None-Match": '"' * 200}, {"HX-Request": "true"},
    {"Accept-Encoding": "gzip;q=a"}, {"X-Forwarded-For": "\x7f"}, {"Content-Length": "7"},
)  # fmt: skip
PATHS = (
    "/now",
    "/review?since=%ff&n=%00",
    "/now/room/%2e%2e",
    "/stream",
    "/static/x/../../etc/passwd",
    "/now/picture/1/%00/x",
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("crowds")) as made:
        made.founded("zhao")
        yield made


@pytest.fixture
def console(house: House) -> Iterator[Running]:
    with running(house) as made:
        yield made


@pytest.fixture
def lines() -> Iterator[list[HTTPConnection]]:
    opened: list[HTTPConnection] = []
    yield opened
    for one in opened:
        one.close()


def test_one_stream_too_many_is_told_to_come_again_and_pages_go_on(
    console: Running, lines: list[HTTPConnection]
) -> None:
    told: list[object] = [200, ""]
    while told == [200, ""] and len(lines) <= CAP:
        line, *told = console.stream()
        lines.append(line)
    assert told == [503, "10"]
    assert FIFTY <= len(lines) - 1 <= CAP
    assert console.get("/now")[0] == 200
    for one in lines:
        one.close()

    def has_room() -> bool:
        line, status, _ = console.stream()
        line.close()
        return status == 200

    console.until(has_room)


def test_it_ends_in_time_with_ten_open_streams(console: Running, lines: list[HTTPConnection]) -> None:
    for _ in range(10):
        line, status, _ = console.stream()
        lines.append(line)
        assert status == 200
    family = console.family()
    console.process.send_signal(signal.SIGTERM)
    assert console.process.wait(PATIENCE_S / 3) == 0
    console.until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family))
    assert "Traceback" not in console.said


def test_screens_that_never_read_cost_a_bounded_memory_and_nobodys_time(
    console: Running, house: House, lines: list[HTTPConnection]
) -> None:
    for _ in range(20):
        console.get("/now")
    before = resident_mb(console)
    for _ in range(FIFTY):
        line, status, _ = console.stream()
        lines.append(line)
        assert status == 200
    size = house.newest
    for n in range(300):
        told = house.as_("zhao", "ask", ask="note_entry", fields={"n": 0, "text": f"line {n}"}, key=f"k{n}")
        assert told.get("accepted"), told
    assert house.newest >= size + 300
    assert console.get("/now")[0] == 200
    assert resident_mb(console) - before < GROWTH_MB


def test_rubbish_from_a_browser_never_breaks_a_view(console: Running) -> None:
    heard = {status for status in (*bodies(console), *headers(console)) if status}
    assert heard
    assert max(heard) < 500
    assert "Traceback" not in console.said
    assert "broke" not in console.said
    assert console.get("/now")[0] == 200


def bodies(console: Running) -> Iterator[int]:
    for body, kind, path in product(BODIES, TYPES, ("/now/alarm", "/sign-in/password", "/csp-report")):
        yield sent(console, "POST", path, body, {"Content-Type": kind})


def headers(console: Running) -> Iterator[int]:
    for path, more in product(PATHS[:3] + PATHS[4:], HEADERS):
        yield sent(console, "GET", path, b"", more)
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "GARBAGE"):
        yield sent(console, method, "/now", b"", {})


def sent(console: Running, method: str, path: str, body: bytes, more: dict[str, str]) -> int:
    """Status of a request; 0 where the server hung up in the middle of it, which is an answer too."""
    latin = {name: value.encode("utf-8").decode("latin-1") for name, value in more.items()}
    with suppress(ConnectionError, HTTPException, ValueError):
        return console.ask(method, path, body, **latin)[0]
    return 0


def resident_mb(console: Running) -> float:
    """Resident memory of the console's processes (proc(5), VmRSS)."""
    told = [
        Path(f"/proc/{pid}/status").read_text().partition("VmRSS:")[2].split()[0] for pid in console.family()
    ]
    return sum(map(int, told)) / 1024
