"""A drill file read strictly: everything that is wrong with it at once, or the drill as values.

Rule: a faulty drill is never played. Names are checked against the site, which is loaded first; a site that
is faulty itself tells its faults beside those of the drill.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, timedelta, timezone, tzinfo
from functools import cache
from pathlib import Path
from typing import Any

from controller import config, drill_people
from controller.core.plan import SitePlan
from controller.core.schedule import local
from controller.drill import Drill
from controller.drill_names import Names, names_of
from controller.drill_steps import Steps
from controller.drill_times import instant, moment_of
from controller.drill_values import known_are, text
from controller.drill_words import deeds, expectations
from controller.errors import ConfigError
from controller.site_faults import Fault, Faults, shown
from controller.toml_lines import below
from controller.toml_text import Parsed, parse

KEYS = ("title", "site", "start", "people", "step")
LATEST_MS = 7_258_118_400_000  # 2200-01-01 UTC; the story goes on from there
LONGEST = 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class _Where:
    """The site of a drill, and the zone its people live in."""

    plan: SitePlan | None
    zone: tzinfo
    wall_ms: int


def load(path: Path) -> Drill:
    """Read a drill file; raises ConfigError with every fault: file, line, key, and what would be right."""
    parsed = parse(_text(path), str(path))
    faults = Faults(str(path), parsed.lines, partial=bool(parsed.faults))
    for fault in parsed.faults:
        faults.note(fault)
    drill = _drill(path, parsed, faults)
    faults.settle()
    return drill


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(LONGEST + 1)
        if len(raw) > LONGEST:
            raise ConfigError(f"{path}: longer than {LONGEST} bytes; a drill is a short story")
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from None


def _drill(path: Path, parsed: Parsed, faults: Faults) -> Drill:
    table = parsed.table
    for key in table:
        if key not in KEYS:
            faults.add((key,), "is no part of a drill", known_are(key, KEYS))
    where = _where(path, parsed, faults)
    plan, raw = where.plan, table.get("people", {})
    site = names_of(plan, _everybody(table) if isinstance(raw, dict) else None)
    people = drill_people.read(raw, drill_people.fields(site, plan, where.zone), faults)
    steps = _steps(table, site, faults)
    title = text().take(table["title"], ("title",), faults) if "title" in table else path.stem
    return Drill(path, title or "", plan or SitePlan(""), where.wall_ms, people, steps)


def _steps(table: Any, site: Names, faults: Faults) -> Any:
    if "step" not in table:
        faults.missing(("step",), "write at least one [[step]]")
        return ()
    return Steps(deeds(site), expectations(site), faults).read(table["step"])


def _everybody(table: Any) -> list[str]:
    """People of the file, and those who are enrolled on the way."""
    steps = table.get("step", [])
    asked = [s.get("with") for s in steps if isinstance(s, dict)] if isinstance(steps, list) else []
    later = [w.get("person") for w in asked if isinstance(w, dict)]
    return [*table.get("people", {}), *(p for p in later if isinstance(p, str))]


def _where(path: Path, parsed: Parsed, faults: Faults) -> _Where:
    raw = parsed.table.get("site")
    plan = _plan(path, parsed, faults)
    zone = plan.zone if plan else UTC
    start = parsed.table.get("start")
    if start is None:
        faults.missing(("start",), 'write the room time of t = 0, such as "2026-03-02T09:00:00+08:00"')
        return _Where(plan, zone, 0)
    wall_ms = instant(zone).take(start, ("start",), faults) or 0
    if not 0 <= wall_ms < LATEST_MS:
        faults.add(("start",), f"{shown(start)} is no time for a room", "write a day from 1970 to 2199")
        return _Where(plan, zone, 0)
    if plan and isinstance(raw, str) and raw in config.BUILT_IN:
        plan = replace(plan, zone=_zone(start, wall_ms, plan.zone))
    return _Where(plan, plan.zone if plan else zone, wall_ms)


def _zone(start: Any, wall_ms: int, zone: tzinfo) -> tzinfo:
    """A built-in room keeps the local time in which the drill is written."""
    moment = moment_of(start)
    offset = moment.utcoffset() if moment else None
    same = offset is None or offset == local(wall_ms, zone).utcoffset()
    return zone if same else timezone(offset or timedelta())


@cache
def _built_in(name: str) -> SitePlan:
    return config.load(config.builtin(name)).plan


def _inline(raw: dict[str, Any], parsed: Parsed, name: str) -> SitePlan:
    """A site written in the drill: its ``[site]`` table and, inside it, the other tables of a site file."""
    own = {key: value for key, value in raw.items() if not isinstance(value, dict)}
    rest = {key: value for key, value in raw.items() if isinstance(value, dict)}
    lines = below(parsed.lines, "site")
    if own and "site" not in rest:
        rest["site"] = own
        lines |= {("site", *at): line for at, line in lines.items() if at and at[0] in own}
        lines[("site",)] = lines.get((), 1)
    return config.from_table(rest or raw, name, lines).plan


def _plan(path: Path, parsed: Parsed, faults: Faults) -> SitePlan | None:
    raw = parsed.table.get("site")
    try:
        if raw is None:
            faults.missing(("site",), f"write a site file, a [site] table, or {' or '.join(config.BUILT_IN)}")
        elif isinstance(raw, dict):
            return _inline(raw, parsed, str(path))
        elif isinstance(raw, str) and raw in config.BUILT_IN:
            return _built_in(raw)
        elif isinstance(raw, str) and (path.parent / raw).is_file():
            return config.load(path.parent / raw).plan
        else:
            right = f"built in are {', '.join(config.BUILT_IN)}; a path is relative to the drill"
            faults.add(("site",), f"{shown(raw)} is no site", right)
    except ConfigError as error:
        for one in error.args:
            if isinstance(one, Fault):
                faults.note(one)
            else:
                faults.add(("site",), str(one), "put the site right first")
    return None
