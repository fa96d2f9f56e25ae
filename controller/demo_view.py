"""The sample room as a terminal shows it: where everybody is, what is open, the last entries.

Rule: what is shown as the room's opinion comes from the running controller; only figures are the demo's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.layout import Layout
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Column, Table
from rich.text import Text

from controller.demo_entries import alarm_sentence, newest
from controller.demo_eyes import eye_lines
from controller.demo_scene import Scene, Words
from controller.ledger.copyable import LEVEL

TITLE, PLAN, SAID, EYES, KEY_ROWS = 1, 9, 3, 2, 4  # rows of the screen
TIGHT = 30  # on fewer rows what is said stands without a frame, and what the cameras do too

LEAST = (80, 24)  # columns and rows of the smallest terminal that the picture is whole in

LAMPS = {"idle": "dim", "pending": "yellow", "granted": "green", "refused": "red", "wait": "cyan"}
KEYS = (
    ("1-7", "person"),
    ("a s d f g", "badge outer.in main.in main.out c1 outer.out"),
    ("o p", "walk"),
    ("z x c v", "take and return"),
    ("y", "copied card"),
    ("b", "make a badge"),
    ("h", "push the door"),
    ("w", "window"),
    ("k", "cut a wire"),
    ("u", "plug"),
    ("e", "cover camera"),
    ("j", "recorder"),
    ("i", "pictures"),
    ("l m", "console"),
    ("n", "note"),
    ("r", "recount"),
    ("t", "tour"),
    ("q", "end"),
)


def draw(scene: Scene, say: Words, size: tuple[int, int]) -> RenderableType:
    """Whole screen of a terminal of ``size``, columns and rows; one sentence where it is too small."""
    width, height = size
    if width < LEAST[0] or height < LEAST[1]:
        told = say("The demo needs 80x24; this terminal is {width}x{height}.")
        return Text(told.format(width=width, height=height), style="bold")
    plan = Table.grid(expand=True)
    for ratio in (13, 11, 16):
        plan.add_column(ratio=ratio)
    plan.add_row(_space(scene, say, "outside"), _space(scene, say, "passage"), _vault(scene, say))
    lower = Layout()
    tight = height < TIGHT
    said, eyes = (SAID - 1, EYES) if tight else (SAID, EYES + 2)
    rows = height - TITLE - PLAN - said - eyes - KEY_ROWS
    lower.split_row(Layout(newest(scene, say, rows - 2), ratio=3), Layout(_side(scene, say), ratio=2))
    screen = Layout(size=height)
    screen.split_column(
        Layout(_title(scene, say), size=TITLE),
        Layout(plan, size=PLAN),
        Layout(_said(scene, width, framed=not tight), size=said),
        Layout(_eyes(scene, say, framed=not tight), size=eyes),
        lower,
        Layout(_Keys(say), size=KEY_ROWS),
    )
    return screen


def _said(scene: Scene, width: int, *, framed: bool) -> RenderableType:
    """The sentence in a frame; one that is too long for it gets the frame's room."""
    said = Text(scene.said, style="bold")
    if said.cell_len > width - 4 or not framed:
        return Padding(said, (0, 1))
    return Panel(said, box=box.HEAVY, border_style="blue")


def _eyes(scene: Scene, say: Words, *, framed: bool) -> RenderableType:
    lines = Group(*eye_lines(scene, say))
    return Panel(lines, box=box.SQUARE, padding=0) if framed else lines


def _title(scene: Scene, say: Words) -> Text:
    title = Text(" Ironroom ", style="bold reverse")
    title.append(
        f"  {_clock(scene)}   {len(scene.entries) and scene.entries[-1]['n'] + 1} {say('entries')}   "
    )
    title.append(_witnessed(scene, say))
    if wall := " ".join(row.strip() for row in scene.wall).strip():
        title.append(f" {wall} ", style="bold black on cyan")
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
    body = Text(no_wrap=True, overflow="ellipsis")
    if place == "passage":
        body.append(f"{say('outer door')}\n").append_text(_door(scene, say, "outer"))
    people = [p for p, where in scene.places.items() if where == place]
    for person in people:
        body.append_text(_figure(scene, person))
        body.append("\n")
    if not people:
        body.append(f"{say('nobody')}\n", style="dim")
    return Panel(body, title=say(place), box=box.SQUARE, height=PLAN)


def _figure(scene: Scene, person: str) -> Text:
    mark = f" ({scene.marks[person]})" if person in scene.marks else ""
    copyable = person in _copyable(scene)
    told = f"{list(scene.names).index(person) + 1}{'!' if copyable else ' '} {scene.names[person]}{mark}"
    return Text(told, style=f"{'bold reverse' if person == scene.chosen else ''} {'red' if copyable else ''}")


def _copyable(scene: Scene) -> set[str]:
    """Who carries a badge that is known by its number alone."""
    badges = scene.view.get("badges", {}).values()
    return {badge["holder"] for badge in badges if badge["level"] == LEVEL and not badge["blocked"]}


def _clock(scene: Scene) -> str:
    wall = int(scene.view.get("wall_ms", 0))
    return datetime.fromtimestamp(wall / 1000, scene.zone).strftime("%Y-%m-%d %H:%M:%S")


def _door(scene: Scene, say: Words, name: str) -> Text:
    door = scene.view.get("doors", {}).get(name, {})
    ajar, lock = scene.ajar.get(name, False), door.get("lock", "locked")
    line = Text("╱ " if ajar else "▌ ", style="yellow" if ajar else "")  # noqa: RUF001 - a door
    line.append(say("open" if ajar else "shut"), style="yellow" if ajar else "")
    if door.get("phase") == "forced":
        line.append(" · ", style="").append(say("forced"), style="bold red")
    else:
        line.append(" · ", style="").append(say(lock), style="bold green" if lock == "unlocked" else "")
    return line.append("\n")


def _vault(scene: Scene, say: Words) -> Panel:
    """Who is inside, what the room counts, and what runs out; then its openings."""
    body = Text()
    for person in [p for p, where in scene.places.items() if where == "vault"]:
        body.append_text(_figure(scene, person)).append("  ")
    body.append("\n").append_text(_counted(scene, say)).append_text(_waiting(scene, say))
    body.append(f"{say('vault door')}: ").append_text(_door(scene, say, "main"))
    window = scene.view.get("windows", {}).get("north", "unknown")
    word = {"normal": "shut", "active": "open"}.get(window, window)
    body.append(f"{say('window')}: ").append(f"{say(word)}\n", style="" if word == "shut" else "bold red")
    body.append(f"{say('cabinet')}: ")
    for name, phase in scene.view.get("compartments", {}).items():
        short = name.rpartition(".")[2]
        style = {"locked": "", "released": "green", "open": "yellow"}.get(phase, "bold red")
        body.append(f"[{short}{'' if phase == 'locked' else ' ' + say(_box(phase))}]", style=style).append(
            " "
        )
    return Panel(body, title=say("vault"), box=box.DOUBLE, height=PLAN)


def _counted(scene: Scene, say: Words) -> Text:
    room = scene.view.get("rooms", {}).get("vault", {})
    count = room.get("occupancy", "unknown")
    line = Text(f"{say('the room counts')}: ")
    line.append(f"{say(str(count))}\n", style="bold red" if count in {1, "unknown"} else "bold")
    if (alone := room.get("lone_at")) is not None:
        line.append(f"{say('alone')}: {say('alarm in')} {_left(scene, alone)} s\n", style="bold yellow")
    return line


def _waiting(scene: Scene, say: Words) -> Text:
    line = Text()
    for door in scene.view.get("doors", {}).values():
        if door["pending"]:
            who = ", ".join(scene.names.get(p, p) for p in door["pending"])
            left = _left(scene, door["deadline"])
            line.append(f"{who}: {say('awaits a second person')} {left} s\n", style="yellow")
    return line


def _left(scene: Scene, at: int) -> int:
    """Seconds to a moment of the controller's."""
    return max(0, int(at) - int(scene.view["at"])) // 1000


def _box(phase: str) -> str:
    return "unlocked" if phase == "released" else phase


def _side(scene: Scene, say: Words) -> Group:
    """Alarms, as tall as they are; then as many readers as fit, those first at which something happens."""
    alarms = _alarms(scene, say)
    parts: list[RenderableType] = [Panel(alarms, title=say("alarms"), box=box.SQUARE)]
    if lost := scene.view.get("lost", ()):
        told = Text(", ".join(lost), style="red", no_wrap=True, overflow="ellipsis")
        parts.append(Panel(told, title=say("faults"), box=box.SQUARE))
    lamps = Text("\n").join(_lamps(scene, say))
    parts.append(Panel(lamps, title=say("readers"), box=box.SQUARE))
    return Group(*parts)


def _lamps(scene: Scene, say: Words) -> list[Text]:
    signals = sorted(scene.view.get("signals", {}).items(), key=lambda one: one[1] == "idle")
    return [Text.assemble(("● ", LAMPS.get(now, "")), f"{reader} {say(now)}") for reader, now in signals]


def _alarms(scene: Scene, say: Words) -> RenderableType:
    """Each alarm by what it means, and its place; the newest first."""
    told = Table.grid(Column(), Column(overflow="fold"), padding=(0, 1))
    for alarm in reversed(scene.view.get("alarms", ())):
        meaning = Text(alarm_sentence(alarm["alarm"], say), style="bold red")
        told.add_row(Text("●", style="bold red"), meaning.append(f" {alarm['place']}", style="not bold dim"))
    return told if told.rows else Text(say("none"), style="green")


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
