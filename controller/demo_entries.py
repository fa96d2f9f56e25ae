"""The newest Entries of the log in the demo, with how each badge was read.

Rule: one line an Entry; colour is never the only sign.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rich import box
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

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
    "started": "cyan",
    "interrupted": "magenta",
}


def newest(scene: Scene, say: Words, rows: int) -> Panel:
    """The newest Entries, one a line however narrow the screen is: what came last is never pushed out."""
    table = Table.grid(padding=(0, 1))
    for keeps in (True, True, False, False, False, True):
        table.add_column(no_wrap=keeps)
    for entry in scene.entries[-rows:]:
        table.add_row(*_row(scene, entry))
    legend = Text(f" ! {LEVEL}: {say(LEGACY)} ", style="bold red")
    title = say("last entries of the log")
    return Panel(table, title=title, subtitle=legend, box=box.SQUARE, height=rows + 2)


def _row(scene: Scene, entry: Mapping[str, Any]) -> tuple[Text, ...]:
    style = STYLES.get(str(entry["kind"]), "")
    person = entry.get("person")
    people = [person] if isinstance(person, str) else entry.get("who", ())
    return (
        Text(str(entry["n"]), style="dim"),
        Text(_hour(scene, entry), style="dim"),
        _cut(str(entry["kind"]), style),
        _cut(str(entry.get("point", entry.get("place", "")))),
        _cut(", ".join(scene.names.get(str(p), str(p)) for p in people)),
        _what(entry, style),
    )


def _cut(text: str, style: str = "") -> Text:
    return Text(text, style=style, no_wrap=True, overflow="ellipsis")


def _what(entry: Mapping[str, Any], style: str) -> Text:
    """Why, or which alarm; then the level, in red where a badge may be copied."""
    level = LEVEL if may_be_copied(entry) else str(entry.get("level", ""))
    told = [(str(entry.get("alarm", entry.get("reason", ""))), style)]
    told.append((level, "bold red" if level == LEVEL else style))
    return Text(" ").join(Text(*one) for one in told if one[0])


def _hour(scene: Scene, entry: Mapping[str, Any]) -> str:
    return datetime.fromisoformat(str(entry["time"])).astimezone(scene.zone).strftime("%H:%M:%S")
