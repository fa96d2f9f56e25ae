"""A room on wires to test with: a bench of shims and a controller process, driven by what people do.

Rule: it waits for what must come true, with generous limits, and decides nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from pathlib import Path
from threading import Event
from typing import Any, Self

from controller import config
from controller.child import Child
from controller.core.effects import Body
from controller.ledger.reading import LogReader
from firmware_shims.bench import Bench
from tests.forked import ForkedChild

LONG = 60.0
AGAIN_S = 10.0  # a person whom a reader ignores for so long tries again
WALL_MS = 1_772_413_200_000  # Monday 2026-03-02, 09:00 in Shanghai
PEOPLE: dict[str, dict[str, Any]] = {
    "li": {"badges": ["B1"], "pin": "4821"},
    "wang": {"badges": ["B2"]},
    "zhao": {"badges": ["B3"]},
    "chen": {"badges": ["B4"]},
}
SITE = config.load(config.builtin("example")).text
SIREN = '\n[outputs]\nsiren = "gpio:relay/7"\n'


class Wired:
    """Bench and child in one folder; ``text`` is the site file, addresses as in the field."""

    def __init__(self, folder: Path, text: str = SITE, unpaired: Collection[str] = ()) -> None:
        site = config.loads(text, "test.toml")
        self.plan = site.plan
        self.bench = Bench(site.text, site.addresses, folder, wall_ms=WALL_MS, unpaired=unpaired)
        self.child: Child = ForkedChild(self.bench.site, self.bench.data, self.bench.environment())
        self.log = self.bench.data / "custody.db"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.child.kill()
        self.bench.stop()
        (self.bench.data / "reserve").unlink(missing_ok=True)  # pytest keeps folders, and this is large

    def up(self) -> Self:
        """Start the controller and wait until it sees and hears everything."""
        self.child.start()
        self.ready()
        return self

    def founded(self) -> Self:
        """Start the controller, enrol the people, and wait until it sees and hears everything."""
        self.child.start()
        people = {p: {**f, "badges": [self.bench.token(b) for b in f["badges"]]} for p, f in PEOPLE.items()}
        assert self.child.ask("found", people=people) == {"accepted": True}
        self.ready()
        return self

    def ready(self) -> None:
        """Wait until every line was reported and every reader is looked at."""
        wanted = self.bench.lines & set(self.plan.inputs)
        self.until(lambda: all(self.view["inputs"][line] != "unknown" for line in wanted))
        assert self.bench.watched(LONG)

    @property
    def view(self) -> dict[str, Any]:
        """The room now, sealed things too."""
        view = self.child.look(sealed=True)
        assert view, self.child.words
        return view

    def entries(self, *kinds: str, after: int = -1) -> list[Body]:
        """Durable Entries of some kinds, or all."""
        with LogReader(self.log) as reader:
            return [
                e for e in reader.entries(after=after, sealed=True) if not kinds or e.get("kind") in kinds
            ]

    @property
    def newest(self) -> int:
        """Counter of the newest Entry."""
        with LogReader(self.log) as reader:
            return reader.count() - 1

    def tap(self, reader: str, badge: str, *kinds: str) -> list[Body]:
        """Hold a badge before a reader, again if nothing comes of it, until an Entry of one of the kinds."""
        before, end = self.newest, time.monotonic() + LONG
        while time.monotonic() < end:
            self.bench.tap(reader, badge)
            again = time.monotonic() + AGAIN_S
            while time.monotonic() < again:
                if found := self.entries(*kinds, after=before):
                    return found
                Event().wait(0.01)
        return self.written(*kinds, after=before)

    def open(self, what: str, *kinds: str) -> list[Body]:
        """Open something and wait for an Entry of one of the kinds."""
        before = self.newest
        self.bench.level(f"{what}.contact", "active")
        return self.written(*kinds, after=before)

    def shut(self, what: str, *kinds: str) -> list[Body]:
        """Shut something and wait for an Entry of one of the kinds."""
        before = self.newest
        self.bench.level(f"{what}.contact", "normal")
        return self.written(*kinds, after=before)

    def written(self, *kinds: str, after: int) -> list[Body]:
        """Wait for Entries of some kinds behind a counter."""
        self.until(lambda: bool(self.entries(*kinds, after=after)), f"an Entry {kinds}")
        return self.entries(*kinds, after=after)

    def granted(self, reader: str = "main.in") -> None:
        """Two people badge; returns when the bolt is drawn."""
        self.tap(reader, "B1", "pending")
        self.tap(reader, "B2", "granted")
        assert self.bench.field.wait("main", energised=True, timeout=LONG), self.entries()[-5:]

    def walk(self) -> None:
        """Walk to another reader, no faster than one can (behaviour 33f)."""
        since = int(self.view["at"])
        self.until(lambda: int(self.view["at"]) > since + self.plan.walk_ms)

    def until(self, true: Callable[[], bool], what: str = "it") -> None:
        """Wait until something is so."""
        end = time.monotonic() + LONG
        while not true():
            assert time.monotonic() < end, f"{what} did not come: {self.entries()[-5:]} {self.child.words}"
            Event().wait(0.01)
