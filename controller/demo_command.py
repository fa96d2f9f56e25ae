"""``ironroom demo``: a complete sample room in the terminal, running until it is stopped.

Rule: a key that cannot be carried out says so in the room's own line; it never ends the demo.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import tempfile
import termios
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.live import Live

from controller.demo_entries import line
from controller.demo_keys import came_of, opened, press
from controller.demo_people import PEOPLE
from controller.demo_room import DemoRoom
from controller.demo_sign_ins import sign_ins
from controller.demo_tour import TOUR
from controller.demo_view import draw
from controller.demo_words import Translator, translator
from controller.errors import IronroomError

TICK_S = 0.15
OPEN_S = 2.2  # as long as a figure takes to walk through
PATIENCE_S = 6.0
PACE = 1.0  # how many times faster than written the tour goes; its doors and cards stay as slow as they are
BEGIN_TOUR_S = 8.0
BUILDING = "Building the room: readers, boards, cameras, their recorder, a second box and the controller."
WELCOME = (
    "Console: {origin}, l tells how to sign in. Press t for a guided tour of one minute, or badge somebody."
)
Act = Callable[[DemoRoom], object]


class Demo:
    """The demo's own time: keys, the tour, and what follows a key a moment later."""

    def __init__(self, room: DemoRoom, say: Translator) -> None:
        self.room, self.say = room, say
        self.ended = False
        self._later: list[tuple[float, Act]] = []
        self._tour: list[tuple[float, str, Act]] = []
        self._next = 0.0
        self._begun = time.monotonic()
        self._touched = False
        room.scene.chosen = next(iter(PEOPLE))
        room.scene.said = say(WELCOME).format(origin=room.console.origin)

    def tour(self) -> None:
        """Begin the guided tour now."""
        self._touched = True
        self._later.clear()
        self._tour = list(TOUR)
        self._next = time.monotonic() + TOUR[0][0] / PACE

    def key(self, key: str) -> None:
        """Carry out a key; any key but t ends the tour."""
        self._touched = True
        if key == "q":
            self.ended = True
        elif key == "t":
            self.tour()
        else:
            self._tour.clear()
            self.room.scene.said = press(self.room, self.say, self._soon, key)

    def _soon(self, act: Act) -> None:
        self._later.append((time.monotonic() + OPEN_S, act))

    def tick(self) -> None:
        """Do what is due, and look at the room."""
        now = time.monotonic()
        if not self._touched and now - self._begun > BEGIN_TOUR_S:
            self.tour()
        for item in [one for one in self._later if one[0] <= now]:
            self._later.remove(item)
            item[1](self.room)
        if self._tour and now >= self._next:
            self._guide(now)
        self.room.follow()
        if not self._tour and (news := self.room.badges.news()):
            self.room.scene.said = came_of(self.room, self.say, *news)
        if found := self.room.pictures.done():
            self.room.scene.said = opened(self.say, found)

    def _guide(self, now: float) -> None:
        """Carry out the tour's next step; one that the room is not ready for is tried again for a while."""
        _, said, act = self._tour[0]
        if said:
            self.room.scene.said = self.say(said)
        if act(self.room) is False and now < self._next + PATIENCE_S:
            return
        self._tour.pop(0)
        if self._tour:
            self._next = now + self._tour[0][0] / PACE


@contextmanager
def keys() -> Iterator[Callable[[float], str]]:
    """A function that waits a while for one key; without a terminal it only waits."""
    if not sys.stdin.isatty():
        yield lambda seconds: select.select([], [], [], seconds) and ""
        return
    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)

    def key(seconds: float) -> str:
        ready, _, _ = select.select([sys.stdin], [], [], seconds)
        return os.read(sys.stdin.fileno(), 1).decode("ascii", "replace") if ready else ""

    try:
        yield key
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


@click.command(short_help="Show a complete room in the terminal.")
@click.option("--lang", type=click.Choice(["en", "zh"]), help="Language; that of the terminal otherwise.")
@click.option(
    "--seconds",
    type=click.FloatRange(1),
    help="End by itself after so many seconds; with fewer than the tour takes, it is cut short.",
)
def demo(lang: str | None, seconds: float | None) -> None:
    """Show a complete room on wire-level peers: badge people, copy a badge, cut a wire, pull the plug.

    \b
    Example:
      ironroom demo --lang zh

    Ends with q or Ctrl-C. Without a terminal it plays the tour, prints the log's entries as they come,
    and goes on until it is ended. The tour takes about 65 seconds; --seconds 20 shows a copied badge
    refused and two people at the outer door, and ends before the vault opens.
    The screen needs 80 columns and 24 rows.
    """  # noqa: D301 - click's own mark for a paragraph that is not to be wrapped
    say = translator(lang or ("zh" if os.environ.get("LANG", "").startswith("zh") else "en"))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="ironroom-demo-") as folder:
        click.echo(say(BUILDING), err=True)
        room = DemoRoom(Path(folder), say)
        try:
            room.open()
            click.echo(f"{say('console')}: {room.console.origin}", err=True)
            _play(Demo(room, say), seconds)
        except KeyboardInterrupt:
            pass
        except IronroomError as error:
            click.echo(error.sentence, err=True)
            raise SystemExit(error.exit_code) from None
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave processes behind
            room.close()


def _play(demo: Demo, seconds: float | None) -> None:
    console = Console()
    end = time.monotonic() + seconds if seconds else None
    with keys() as key:
        screen = _screen(demo, console) if console.is_terminal else _lines(demo, console)
        with screen as show:
            while not demo.ended and (end is None or time.monotonic() < end):
                if pressed := key(TICK_S):
                    demo.key(pressed)
                demo.tick()
                show()


@contextmanager
def _screen(demo: Demo, console: Console) -> Iterator[Callable[[], None]]:
    def picture() -> None:
        live.update(draw(demo.room.scene, demo.say, console.size), refresh=True)

    with Live(console=console, screen=True, auto_refresh=False) as live:
        yield picture


@contextmanager
def _lines(demo: Demo, console: Console) -> Iterator[Callable[[], None]]:
    """Without a terminal: each new entry as a line."""
    told, asked = -1, False
    demo.tour()

    def more() -> None:
        nonlocal told, asked
        if not asked:
            for way_in in sign_ins(demo.room.console, demo.say):
                asked = True
                click.echo(way_in, err=True)
        for entry in demo.room.scene.entries:
            if int(entry["n"]) > told:
                told = int(entry["n"])
                console.print(
                    line(demo.room.scene, entry, demo.say), highlight=False, markup=False, soft_wrap=True
                )

    yield more
