"""The sample room as a terminal shows it: where everybody is, what is open, the last entries.

Rule: what is shown as the room's opinion comes from the running controller; only figures are the demo's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.layout import Layout
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from controller.core.sentences import ALARM_SENTENCES
from controller.core.words import AlarmKind
from controller.demo_entries import newest
from controller.demo_scene import Scene, Words
from controller.ledger.copyable import LEVEL

TITLE, PLAN, SAID, KEY_ROWS, FRAMES = 1, 9, 3, 4, 6  # rows of the screen

LAMPS = {"idle": "dim", "pending": "yellow", "granted": "green", "refused": "red", "wait": "cyan"}
KEYS = (
    ("1-7", "choose a person"),
    ("a s d f g", "badge outer.in main.in main.out c1 outer.out"),
    ("o p", "walk through"),
    ("z x c v", "take and return"),
    ("y", "copied card"),
    ("b", "make a badge"),
    ("h", "push the door"),
    ("w", "window open"),
    ("k", "cut a wire"),
    ("u", "pull the plug"),
    ("n", "guard takes note"),
    ("r", "recount"),
    ("t", "guided tour"),
    ("q", "end"),
)


def draw(scene: Scene, say: Words, height: int) -> RenderableType:
    """Whole screen, cut to the terminal's height."""
    plan = Table.grid(expand=True)
    for _ in range(3):
        plan.add_column(ratio=1)
    plan.add_row(_space(scene, say, "outside"), _space(scene, say, "passage"), _vault(scene, say))
    lower = Layout()
    rows = height - TITLE - PLAN - SAID - KEY_ROWS
    lower.split_row(Layout(newest(scene, say, rows - 2), ratio=3), Layout(_side(scene, say, rows), ratio=2))
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
    body = Text(no_wrap=True, overflow="ellipsis")
    people = [p for p, where in scene.places.items() if where == place]
    for person in people:
        body.append_text(_figure(scene, person))
        body.append("\n")
    if not people:
        body.append(f"{say('nobody')}\n", style="dim")
    if place == "passage":
        body.append_text(_door(scene, say, "outer", "outer door"))
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
        body.append_text(_figure(scene, person))
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


def _side(scene: Scene, say: Words, rows: int) -> Group:
    alarms = _alarms(scene, say, rows - len(scene.view.get("signals", {})) - FRAMES)
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


def _alarms(scene: Scene, say: Words, rows: int) -> Text:
    """Alarms by their word and place; where there is room for it, each with what it means."""
    raised, alarms = scene.view.get("alarms", ()), Text(no_wrap=True, overflow="ellipsis")
    for alarm in raised:
        alarms.append(f"● {alarm['alarm']}", style="bold red")
        alarms.append(f"  {alarm['place']}\n")
        if 2 * len(raised) <= rows:
            alarms.append(f"{say(ALARM_SENTENCES[AlarmKind(alarm['alarm'])])}\n", style="dim")
    if not raised:
        alarms.append(say("none"), style="green")
    return alarms


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
