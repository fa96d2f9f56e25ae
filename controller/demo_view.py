"""The sample room as a terminal shows it: where everybody is, what is open, the last entries.

Rule: what is shown as the room's opinion comes from the running controller; only figures are the demo's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.layout import Layout
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

Words = Callable[[str], str]
TITLE, PLAN, SAID, KEY_ROWS = 1, 9, 3, 4  # rows of the screen

LAMPS = {"idle": "dim", "pending": "yellow", "granted": "green", "refused": "red", "wait": "cyan"}
KEYS = (
    ("1-7", "choose a person"),
    ("a", "badge outer.in"),
    ("s", "badge main.in"),
    ("d", "badge main.out"),
    ("f", "badge c1"),
    ("g", "badge outer.out"),
    ("o p", "walk through"),
    ("z x c v", "take and return"),
    ("h", "push the door"),
    ("w", "window open"),
    ("k", "cut a wire"),
    ("u", "pull the plug"),
    ("n", "guard takes note"),
    ("r", "recount"),
    ("t", "guided tour"),
    ("q", "end"),
)


@dataclass(slots=True)
class Scene:
    """What the demo knows beside the controller: figures, doors as they stand, and what is said."""

    names: Mapping[str, str]
    places: dict[str, str] = field(default_factory=dict)
    ajar: dict[str, bool] = field(default_factory=dict)
    chosen: str = ""
    said: str = ""
    running: bool = True
    view: Mapping[str, Any] = field(default_factory=dict)
    entries: Sequence[Mapping[str, Any]] = ()
    marks: Mapping[str, str] = field(default_factory=dict)
    zone: tzinfo = UTC


def draw(scene: Scene, say: Words, height: int) -> RenderableType:
    """Whole screen, cut to the terminal's height."""
    plan = Table.grid(expand=True)
    for _ in range(3):
        plan.add_column(ratio=1)
    plan.add_row(_space(scene, say, "outside"), _space(scene, say, "passage"), _vault(scene, say))
    lower = Layout()
    rows = height - TITLE - PLAN - SAID - KEY_ROWS
    lower.split_row(Layout(_entries(scene, say, rows - 2), ratio=3), Layout(_side(scene, say), ratio=2))
    screen = Layout(size=height)
    screen.split_column(
        Layout(_title(scene, say), size=TITLE),
        Layout(plan, size=PLAN),
        Layout(Panel(Text(scene.said, style="bold"), box=box.HEAVY, border_style="blue"), size=SAID),
        lower,
        Layout(_Keys(say), size=KEY_ROWS),
    )
    return screen


def _title(scene: Scene, say: Words) -> Text:
    title = Text(" Ironroom ", style="bold reverse")
    title.append(
        f"  {_clock(scene)}   {len(scene.entries) and scene.entries[-1]['n'] + 1} {say('entries')}   "
    )
    title.append(_witnessed(scene, say))
    if not scene.running:
        title.append(f" {say('controller off, u restarts')} ", style="bold white on red")
    return title


def _witnessed(scene: Scene, say: Words) -> Text:
    """How much of the log the second box has not cosigned yet."""
    waiting = int(scene.view.get("log", {}).get("unwitnessed", 0))
    if not waiting:
        return Text(f"{say('cosigned by the log witness')}   ", style="green")
    return Text(f"{waiting} {say('not yet cosigned')}   ", style="yellow")


def _space(scene: Scene, say: Words, place: str) -> Panel:
    body = Text()
    people = [p for p, where in scene.places.items() if where == place]
    for person in people:
        style = "bold reverse" if person == scene.chosen else ""
        body.append(_figure(scene, person), style=style)
        body.append("\n")
    if not people:
        body.append(f"{say('nobody')}\n", style="dim")
    if place == "passage":
        body.append_text(_door(scene, say, "outer", "outer door"))
    return Panel(body, title=say(place), box=box.SQUARE, height=PLAN)


def _figure(scene: Scene, person: str) -> str:
    mark = f" ({scene.marks[person]})" if person in scene.marks else ""
    return f"{list(scene.names).index(person) + 1} {scene.names[person]}{mark}"


def _clock(scene: Scene) -> str:
    wall = int(scene.view.get("wall_ms", 0))
    return datetime.fromtimestamp(wall / 1000, scene.zone).strftime("%Y-%m-%d %H:%M:%S")


def _hour(scene: Scene, entry: Mapping[str, Any]) -> str:
    return datetime.fromisoformat(str(entry["time"])).astimezone(scene.zone).strftime("%H:%M:%S")


def _door(scene: Scene, say: Words, name: str, title: str) -> Text:
    door = scene.view.get("doors", {}).get(name, {})
    ajar, lock = scene.ajar.get(name, False), door.get("lock", "locked")
    line = Text(f"{say(title)}: ")
    line.append("╱ " if ajar else "▌ ", style="yellow" if ajar else "")  # noqa: RUF001 - a door
    line.append(say("open" if ajar else "shut"), style="yellow" if ajar else "")
    line.append(" · ")
    line.append(say(lock), style="bold green" if lock == "unlocked" else "")
    if door.get("phase") == "forced":
        line.append(f" · {say('forced')}", style="bold red")
    line.append("\n")
    return line


def _vault(scene: Scene, say: Words) -> Panel:
    room = scene.view.get("rooms", {}).get("vault", {})
    body = Text()
    for person in [p for p, where in scene.places.items() if where == "vault"]:
        style = "bold reverse" if person == scene.chosen else ""
        body.append(_figure(scene, person), style=style)
        body.append("  ")
    body.append("\n")
    body.append_text(_door(scene, say, "main", "vault door"))
    window = scene.view.get("windows", {}).get("north", "unknown")
    word = {"normal": "shut", "active": "open"}.get(window, window)
    body.append(f"{say('window')}: ")
    body.append(f"{say(word)}\n", style="" if word == "shut" else "bold red")
    body.append(f"{say('cabinet')}: ")
    for name, phase in scene.view.get("compartments", {}).items():
        short = name.rpartition(".")[2]
        style = {"locked": "", "released": "green", "open": "yellow"}.get(phase, "bold red")
        body.append(f"[{short}{'' if phase == 'locked' else ' ' + say(_box(phase))}] ", style=style)
    count = room.get("occupancy", "unknown")
    body.append(f"\n{say('the room counts')}: ")
    body.append(str(say(str(count))), style="bold red" if count in {1, "unknown"} else "bold")
    if (alone := room.get("lone_at")) is not None:
        left = max(0, int(alone) - int(scene.view["at"])) // 1000
        body.append(f"\n{say('alone')}: {say('alarm in')} {left} s", style="bold yellow")
    for door in scene.view.get("doors", {}).values():
        if door["pending"]:
            left = max(0, int(door["deadline"]) - int(scene.view["at"])) // 1000
            who = ", ".join(scene.names.get(p, p) for p in door["pending"])
            body.append(f"\n{who}: {say('awaits a second person')} {left} s", style="yellow")
    return Panel(body, title=say("vault"), box=box.DOUBLE, height=PLAN)


def _box(phase: str) -> str:
    return "unlocked" if phase == "released" else phase


def _entries(scene: Scene, say: Words, rows: int) -> Panel:
    table = Table.grid(padding=(0, 1))
    for entry in scene.entries[-rows:]:
        style = STYLES.get(str(entry["kind"]), "")
        who = ", ".join(scene.names.get(str(p), str(p)) for p in entry.get("who", ()))
        what = str(entry.get("alarm", entry.get("level", entry.get("reason", ""))))
        table.add_row(
            Text(str(entry["n"]), style="dim"),
            Text(_hour(scene, entry), style="dim"),
            Text(str(entry["kind"]), style=style),
            Text(str(entry.get("point", entry.get("place", "")))),
            Text(who),
            Text(what, style=style),
        )
    return Panel(table, title=say("last entries of the log"), box=box.SQUARE, height=rows + 2)


STYLES = {
    "granted": "green",
    "entered": "green",
    "refused": "red",
    "alarm_raised": "bold red",
    "forced": "bold red",
    "tamper": "bold red",
    "lone": "bold red",
    "pending": "yellow",
    "started": "cyan",
    "interrupted": "magenta",
}


def _side(scene: Scene, say: Words) -> Group:
    alarms = Text()
    for alarm in scene.view.get("alarms", ()):
        alarms.append(f"● {alarm['alarm']}", style="bold red")
        alarms.append(f"  {alarm['place']}\n")
    if not scene.view.get("alarms"):
        alarms.append(say("none"), style="green")
    lamps = Text()
    for reader, signal in scene.view.get("signals", {}).items():
        lamps.append("● ", style=LAMPS.get(signal, ""))
        lamps.append(f"{reader} {say(signal)}\n")
    lost = scene.view.get("lost", ())
    parts: list[RenderableType] = [
        Panel(alarms, title=say("alarms"), box=box.SQUARE),
        Panel(lamps, title=say("readers"), box=box.SQUARE),
    ]
    if lost:
        parts.append(Panel(Text(", ".join(lost), style="red"), title=say("faults"), box=box.SQUARE))
    return Group(*parts)


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys, as many on a line as fit; a key and its meaning stay on one line."""

    say: Words

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        line = Text()
        for key, what in KEYS:
            item = self._item(key, what)
            if line and line.cell_len + item.cell_len > options.max_width:
                yield line
                line = Text()
            line.append_text(item)
        yield line

    def _item(self, key: str, what: str) -> Text:
        word, _, rest = what.partition(" ")
        meaning = f"{self.say(word)} {rest}" if word == "badge" else self.say(what)
        return Text.assemble((f" {key} ", "reverse"), f" {meaning} ")
