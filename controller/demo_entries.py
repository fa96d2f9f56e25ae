"""The newest Entries of the log in the demo, with how each badge was read.

Rule 1: an Entry reads the same on a screen and in print; colour is never the only sign.
Rule 2: one line an Entry; where it is too narrow the place gives way first, and the kind last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.panel import Panel
from rich.text import Text

from controller.core.sentences import ALARM_SENTENCES, KIND_SENTENCES, NEEDS
from controller.core.words import AlarmKind, Kind, Reason
from controller.demo_eyes import told as eyes_told
from controller.demo_scene import Scene, Words
from controller.ledger.copyable import LEGACY, LEVEL, may_be_copied

STYLES = {
    "granted": "green",
    "entered": "green",
    "refused": "red",
    "alarm_raised": "bold red",
    "badge_issued": "green",
    "forced": "bold red",
    "tamper": "bold red",
    "lone": "bold red",
    "pending": "yellow",
    "grant_pictured": "green",
    "camera_fault": "bold red",
    "no_picture": "bold red",
    "started": "cyan",
    "interrupted": "magenta",
}
YIELDING = ((3, 8), (3, 0), (5, 12), (2, 20), (4, 6), (5, 0), (4, 0), (2, 0))
LEAST = 4  # a cell that is cut to less says nothing and is left out
"""Which cells of an Entry give way to a narrow screen, in order, and to what width."""


class Cells(NamedTuple):
    """An Entry for people: each cell may be empty."""

    n: str
    hour: str
    kind: str
    place: str
    who: str
    what: str
    level: str


def cells(scene: Scene, entry: Mapping[str, Any], say: Words) -> Cells:
    """What an Entry says to people, in the language of ``say``; for the screen and for print alike."""
    return Cells(
        str(entry["n"]),
        datetime.fromisoformat(str(entry["time"])).astimezone(scene.zone).strftime("%H:%M:%S"),
        _kind(str(entry["kind"]), say),
        str(entry.get("point", entry.get("place", ""))),
        ", ".join(scene.names.get(person, person) for person in _people(entry)),
        _what(entry, say),
        LEVEL if may_be_copied(entry) else _level(entry, say),
    )


def line(scene: Scene, entry: Mapping[str, Any], say: Words) -> str:
    """An Entry in print: its cells, and in words that a badge may be copied."""
    legacy = say(LEGACY) if may_be_copied(entry) else ""
    return "  ".join(part for part in (*cells(scene, entry, say), legacy) if part)


def alarm_sentence(alarm: str, say: Words) -> str:
    """What an alarm means; an alarm of another version keeps its word."""
    return say(ALARM_SENTENCES[AlarmKind(alarm)]) if alarm in set(AlarmKind) else alarm


def _kind(kind: str, say: Words) -> str:
    """The kind's sentence where the language has one of its own, and the stored word otherwise."""
    sentence = KIND_SENTENCES[Kind(kind)] if kind in set(Kind) else kind
    told = say(sentence)
    return kind if told == sentence else told


def _people(entry: Mapping[str, Any]) -> Sequence[str]:
    """Whom an Entry is about: its person, who stands there whole when enrolled, or those who acted."""
    person = entry.get("person")
    if isinstance(person, Mapping):
        return (str(person["id"]),)
    return (person,) if isinstance(person, str) else tuple(entry.get("who", ()))


def _what(entry: Mapping[str, Any], say: Words) -> str:
    """Which alarm, what is pictured, or why."""
    if said := eyes_told(entry, say):
        return said
    if "alarm" in entry:
        return alarm_sentence(str(entry["alarm"]), say)
    reason = str(entry.get("reason", ""))
    need = NEEDS[Reason(reason)] if reason in set(Reason) else reason
    return reason if say(need) == need else f"{say('needs')} {say(need)}"


def _level(entry: Mapping[str, Any], say: Words) -> str:
    return say(str(entry.get("level", "")))


def newest(scene: Scene, say: Words, rows: int) -> Panel:
    """The newest Entries, one a line however narrow the screen is: what came last is never pushed out."""
    legend = Text(f" ! {LEVEL}: {say(LEGACY)} ", style="bold red")
    title = say("last entries of the log")
    return Panel(_Lines(scene, say, rows), title=title, subtitle=legend, box=box.SQUARE, height=rows + 2)


@dataclass(frozen=True, slots=True)
class _Lines:
    """Entries below each other: in columns where they fit, each as it fits otherwise."""

    scene: Scene
    say: Words
    rows: int

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        entries = self.scene.entries[-self.rows :]
        told = [cells(self.scene, entry, self.say) for entry in entries]
        columns = [max(map(cell_len, column)) for column in zip(*told, strict=True)]
        aligned = _taken(columns) <= options.max_width
        for entry, one in zip(entries, told, strict=True):
            widths = columns if aligned else fitted([cell_len(cell) for cell in one], options.max_width)
            yield Text(" ", no_wrap=True, overflow="crop").join(_pieces(entry, one, widths))


def _taken(widths: Sequence[int]) -> int:
    """Width of cells with one space between those that are not empty."""
    return sum(widths) + max(0, sum(1 for width in widths if width) - 1)


def fitted(widths: Sequence[int], most: int) -> list[int]:
    """Widths of an Entry's cells that fit together into ``most``."""
    given = list(widths)
    for cell, least in YIELDING:
        if _taken(given) > most:
            given[cell] = max(min(least, given[cell]), given[cell] - (_taken(given) - most))
            given[cell] = given[cell] if given[cell] >= min(LEAST, widths[cell]) else 0
    return given


def _pieces(entry: Mapping[str, Any], told: Cells, widths: Sequence[int]) -> Iterator[Text]:
    style = STYLES.get(str(entry["kind"]), "")
    level = "bold red" if told.level == LEVEL else style
    for cell, width, look in zip(told, widths, ("dim", "dim", style, "", "", style, level), strict=True):
        if width:
            piece = Text(cell, style=look)
            piece.truncate(width, overflow="ellipsis", pad=True)
            yield piece
