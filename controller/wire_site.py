"""The site of a drill as a file for a controller process: its own text, or a table written out as TOML.

Rule: what is written reads back as the same values; the drill was checked before it comes here.
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
_TIMEZONE = re.compile(r"^timezone = .*$", re.MULTILINE)


def site_of(drill: Drill) -> config.SiteFile:
    """Site file that a drill names, in the time zone the drill is told in."""
    raw = tomllib.loads(drill.path.read_text(encoding="utf-8"))["site"]
    if isinstance(raw, dict):
        return config.loads(toml(_whole(raw)), str(drill.path))
    if raw not in config.BUILT_IN:
        return config.load(drill.path.parent / raw)
    site = config.load(config.builtin(raw))
    if site.plan.zone == drill.plan.zone:
        return site
    named = _TIMEZONE.sub(f'timezone = "{_zone_name(drill)}"', site.text)
    return config.loads(named, str(drill.path))


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
    """A table as a TOML document, one key a line, what lies deeper as inline tables."""
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
    return _text(key)


def _text(text: str) -> str:
    """JSON escapes are TOML's own, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
