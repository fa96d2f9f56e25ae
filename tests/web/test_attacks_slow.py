"""Whoever is slow on purpose, or holds many streams, keeps nobody else out."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from time import monotonic
from typing import Any

import pytest

from web.live import FEW, LAST, Live
from web.settings import Settings
from web.slow_bodies import BODY_S, OF_ALL, OF_ONE, SLOWEST, SlowBodies, hang_up

PATIENCE_S = 30.0
STRANGER = "192.0.2.66"


class Held:
    """An application that reads the body, and is not done before it is told."""

    def __init__(self) -> None:
        self.inside, self.go = threading.Semaphore(0), threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        read = environ["wsgi.input"].read()
        if environ["REQUEST_METHOD"] == "POST":
            self.inside.release()
            assert self.go.wait(PATIENCE_S)
        start_response("200 OK", [])
        return [read]


@pytest.fixture
def held() -> Iterator[Held]:
    made = Held()
    yield made
    made.go.set()


def told(app: SlowBodies, address: str, body: bytes = b"x", method: str = "POST") -> tuple[str, bytes]:
    """Status and body of one request."""
    heard: list[str] = []
    environ = {"REMOTE_ADDR": address, "CONTENT_LENGTH": str(len(body)), "REQUEST_METHOD": method}
    answer = app({**environ, "wsgi.input": BytesIO(body)}, lambda status, _headers: heard.append(status))
    return heard[0], b"".join(answer)


def hold(app: SlowBodies, held: Held, *addresses: str) -> list[threading.Thread]:
    """Requests that go on until the application lets them."""
    threads = [threading.Thread(target=told, args=(app, address)) for address in addresses]
    for thread in threads:
        thread.start()
        assert held.inside.acquire(timeout=PATIENCE_S)
    return threads


def test_one_address_brings_few_bodies_at_a_time_and_keeps_nobody_else_out(held: Held) -> None:
    app = SlowBodies(held)
    threads = hold(app, held, *[STRANGER] * OF_ONE)
    assert told(app, STRANGER)[0].startswith("503")
    assert told(app, STRANGER, b"", "GET") == ("200 OK", b""), "pages are shown all the same"
    threads += hold(app, held, "192.0.2.7")
    held.go.set()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert told(app, STRANGER, b"late") == ("200 OK", b"late")


def test_all_addresses_together_leave_threads_for_pages(held: Held) -> None:
    app = SlowBodies(held)
    threads = hold(app, held, *[f"192.0.2.{n}" for n in range(OF_ALL)])
    assert told(app, STRANGER)[0].startswith("503")
    assert told(app, STRANGER, b"", "GET")[0] == "200 OK"
    held.go.set()
    for thread in threads:
        thread.join(PATIENCE_S)


def test_a_body_that_does_not_come_is_overdue_and_a_long_one_has_more_time() -> None:
    waits, go = threading.Event(), threading.Event()

    class Slow:
        def read(self, _size: int = -1) -> bytes:
            waits.set()
            assert go.wait(PATIENCE_S)
            return b""

    def inner(environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        return [environ["wsgi.input"].read()]

    app = SlowBodies(inner)
    long = 20 * SLOWEST
    environ = {"REMOTE_ADDR": STRANGER, "CONTENT_LENGTH": str(long), "REQUEST_METHOD": "POST"}
    before = monotonic()
    thread = threading.Thread(target=app, args=({**environ, "wsgi.input": Slow()}, None))
    thread.start()
    assert waits.wait(PATIENCE_S)
    assert app.overdue(before + BODY_S + 20 - 1) == set()
    assert app.overdue(monotonic() + BODY_S + 20) == {STRANGER}
    go.set()
    thread.join(PATIENCE_S)
    assert app.overdue(monotonic() + BODY_S + 20) == set()


def test_a_connection_that_is_late_is_ended_and_others_are_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        slow = socket.create_connection(server.getsockname(), PATIENCE_S, ("127.0.0.9", 0))
        other = socket.create_connection(server.getsockname(), PATIENCE_S, ("127.0.0.8", 0))
        with slow, other, server.accept()[0], server.accept()[0] as last:
            assert hang_up({"127.0.0.9"}) == 1
            assert slow.recv(1) == b""
            last.sendall(b"x")
            assert other.recv(1) == b"x"


def test_nobody_with_several_streams_takes_the_last_places(settings: Settings) -> None:
    live = Live(replace(settings, streams=LAST + 20))
    taken = sum(live.open("wang") for _ in range(100))
    assert taken == 20
    assert [live.open("li") for _ in range(FEW + 1)] == [True] * FEW + [False]
    for _ in range(taken):
        live.close("wang")
    assert live.open("li")
