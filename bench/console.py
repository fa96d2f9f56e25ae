"""The console beside fifty live screens: a full page, and the time from a badge to what a guard sees.

Rule: the production's controller and console over TLS, a log of a million entries, people's own requests.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPSConnection
from pathlib import Path
from queue import Empty, Queue
from statistics import quantiles
from threading import Event, Thread

from bench.console_dom import seen
from bench.console_house import UP_S, House, free_port, house
from bench.figures import Figure, spread, tails
from controller.errors import IronroomError

ENTRIES, CLIENTS, PAGES, EVENTS = 1_000_000, 50, 400, 30
PAGE, OTHERS = "/now", {"review": "/review", "commands": "/commands", "people": "/people", "proof": "/proof"}
WARM, QUIET_S = 10, 0.6
READER, STRANGER = "main.in", "B9"
Say = Callable[[str], object]


def measured(
    folder: Path,
    entries: int,
    say: Say,
    progress: Callable[[int], None],
    pages: int = PAGES,
    events: int = EVENTS,
) -> dict[str, Figure]:
    """All figures; ``say`` hears what is being measured."""
    with house(folder, entries, progress) as home, _screens(home) as news:
        say(f"{pages} pages beside {CLIENTS} live screens")
        page = _pages(home, pages, float(entries))
        say(f"{events} events")
        return {"page_50_clients": page, **_events(home, news, events, say)}


def _pages(home: House, pages: int, entries: float) -> Figure:
    line = home.line()
    first = _timed(line, PAGE, home.headers, 1)[0]
    _timed(line, PAGE, home.headers, WARM)
    before = home.cpu_s()
    spent = _timed(line, PAGE, home.headers, pages)
    after = home.cpu_s()
    beside = {"entries": entries, "p95": quantiles(spent, n=100)[94], "first": first}
    beside |= {
        "console_cpu_a_page": (after[0] - before[0]) / pages * 1_000,
        "controller_cpu_a_page": (after[1] - before[1]) / pages * 1_000,
    }
    size = _size(line, home.headers)
    for name, path in OTHERS.items():
        with suppress(IronroomError):
            beside |= tails(_timed(line, path, home.headers, max(pages // 4, 2)), name)
    line.close()
    beside |= {"bytes": float(size)} | tails(_bare(home, size, pages), "bare_granian")
    return spread(spent, "ms", beside)


def _timed(line: HTTPSConnection, path: str, headers: dict[str, str], times: int) -> list[float]:
    """Milliseconds of a page, from the request to its last byte; raises IronroomError when it is none."""
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        line.request("GET", path, headers=headers)
        answer = line.getresponse()
        answer.read()
        spent.append((time.perf_counter() - begun) * 1_000)
        if answer.status != 200:
            raise IronroomError(f"{path} answers {answer.status}")
    return spent


def _size(line: HTTPSConnection, headers: dict[str, str]) -> int:
    line.request("GET", PAGE, headers=headers)
    return len(line.getresponse().read())


def _bare(home: House, size: int, pages: int) -> list[float]:
    """The peer: as many bytes from the same server, with nothing behind them."""
    port = free_port()
    names = [str(home.files / f"console.vault.lan.{end}") for end in ("pem", "key")]
    command = [sys.executable, "-m", "bench.console_peer", str(port), *names, str(size)]
    peer = subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603 - our own module
    try:
        line = _line(home, port)
        _timed(line, "/", home.headers, WARM)
        spent = _timed(line, "/", home.headers, pages)
        line.close()
    finally:
        peer.terminate()
        peer.communicate()
    return spent


def _line(home: House, port: int) -> HTTPSConnection:
    end = time.monotonic() + UP_S
    while True:
        try:
            return home.line(port)
        except OSError:
            if time.monotonic() > end:
                raise
            Event().wait(0.05)


def _events(home: House, news: Queue[int], events: int, say: Say) -> dict[str, Figure]:
    """From a badge that nobody knows, held before a reader, to a browser and to all streams."""
    wire: list[float] = []

    def tap() -> None:
        _drain(news)
        begun = time.monotonic_ns()
        home.bench.tap(READER, STRANGER)
        wire.extend(_heard(news, begun))

    with seen(home, say) as browser:
        if browser is None:
            return {}
        samples = [browser.after(tap) for _ in range(events) if not Event().wait(QUIET_S)]
    late = {"streams": float(CLIENTS), "stream_p50": quantiles(wire, n=100)[49], "stream_max": max(wire)}
    return {"event_to_dom": spread(samples, "ms", late | {"max": max(samples)})}


def _heard(news: Queue[int], begun: int) -> Iterator[float]:
    """Milliseconds until each stream heard it."""
    for _ in range(CLIENTS):
        yield (news.get(timeout=UP_S) - begun) / 1e6


def _drain(news: Queue[int]) -> None:
    with suppress(Empty):
        while True:
            news.get_nowait()


def _told(lines: Iterable[str], news: Queue[int]) -> None:
    for one in lines:
        news.put(int(one))


@contextmanager
def _screens(home: House) -> Iterator[Queue[int]]:
    """Fifty live screens, and when each of them hears something."""
    authority = home.files / "authority.pem"
    command = [sys.executable, "-m", "bench.console_clients", str(home.port), str(authority), str(CLIENTS)]
    made = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own module
    news: Queue[int] = Queue()
    if made.stdin is None or made.stdout is None:
        raise IronroomError("the live screens could not be started")
    try:
        made.stdin.write(home.token + "\n")
        made.stdin.flush()
        if made.stdout.readline() != "ready\n":
            raise IronroomError("the live screens were refused")
        told = made.stdout
        Thread(target=_told, args=(told, news), daemon=True).start()
        yield news
    finally:
        made.terminate()
        made.wait()
        made.stdin.close()
