"""The site of a drill as a file for a controller process: its tables, fitted for real time, as TOML.

Rule 1: what is written reads back as the same values; the drill was checked before it comes here.
Rule 2: a drill in which no camera plays a part has a room without any, and waits for none.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time, tzinfo
from typing import Any

from controller import config
from controller.drill import Drill
from controller.errors import ConfigError

HOUR_S = 3600
FAULT_AFTER_S = 2
"""How long a camera looks wrong before it counts: the shortest that a site file may say."""
EYES = ("camera", "snapshot", "recorder")
"""Tables that are about cameras alone."""
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def site_of(drill: Drill, *, cameras: bool = False) -> config.SiteFile:
    """Site file that a drill names, in the time zone the drill is told in.

    With ``cameras`` it has its cameras, which find a fault as soon as a site file may ask for; else none.
    """
    raw = tomllib.loads(drill.path.read_text(encoding="utf-8"))["site"]
    tables = _whole(raw) if isinstance(raw, dict) else tomllib.loads(_file(drill, raw).text)
    if raw in config.BUILT_IN and config.load(config.builtin(raw)).plan.zone != drill.plan.zone:
        tables["site"]["timezone"] = _zone_name(drill)
    return config.loads(toml(_seeing(tables) if cameras else _blind(tables)), str(drill.path))


def _file(drill: Drill, name: str) -> config.SiteFile:
    return config.load(config.builtin(name) if name in config.BUILT_IN else drill.path.parent / name)


def _seeing(tables: Mapping[str, Any]) -> dict[str, Any]:
    quick = {name: {**one, "fault_after_s": FAULT_AFTER_S} for name, one in tables.get("camera", {}).items()}
    return {**tables, "camera": quick} if quick else dict(tables)


def _blind(tables: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in tables.items() if key not in EYES}


def _whole(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Tables of a site file out of the inline ``[site]`` of a drill: its own keys belong into their own."""
    tables = {key: value for key, value in raw.items() if isinstance(value, dict)}
    own = {key: value for key, value in raw.items() if key not in tables}
    return {"site": own} | tables if own else tables


def _zone_name(drill: Drill) -> str:
    """Name of a zone that is always whole hours from UTC; the database counts them westwards."""
    zone: tzinfo = drill.plan.zone
    offset = zone.utcoffset(datetime(2026, 1, 1, tzinfo=zone))
    hours, rest = divmod(int(offset.total_seconds()) if offset else 0, HOUR_S)
    if rest:
        raise ConfigError(f"{drill.path}: on wires a start has an offset of whole hours, such as +08:00")
    return f"Etc/GMT{-hours:+d}"


def toml(table: Mapping[str, Any]) -> str:
    """A table as a TOML document: one key a line, its tables by their names, what lies deeper inline."""
    own = {key: value for key, value in table.items() if not isinstance(value, dict)}
    tables = [f"[{_key(key)}]\n{_lines(table[key])}" for key in table if key not in own]
    return "".join([_lines(own), *tables])


def _lines(table: Mapping[str, Any]) -> str:
    return "".join(f"{_key(key)} = {_value(value)}\n" for key, value in table.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)} = {_value(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, datetime | date | time) else repr(value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    """JSON escapes are TOML's own, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
