"""What the gate understands: one JSON object a line, taken apart strictly or not at all.

    {"ask": "acknowledge", "by": "zhao", "fields": {"alarm": "forced", "reason": "checked"}}
    {"look": "room"}                                                  or "sealed", "wires", "eyes"
    {"report": {"camera": "door", "condition": "covered"}}
    {"report": {"backed_up": "/media/vault", "size": 120, "head": "6f1c…"}}
    {"site_key": ["4F2A …", "91C0 …"], "by": "li", "second": "wang"}   and "replace": "646442CB"

Rule 1: whatever arrives, the result is an Asking, a Look, a Report or one sentence; nothing else.
Rule 2: what could not be written into the log (half characters, unbounded numbers) is refused here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from controller.core.events import CONDITIONS, Asking, CameraSeen, LogNews, TagGone, TagSeen
from controller.core.words import Kind
from controller.inbox import EYES, SEALED, WIRES, Look, Report

LONGEST_LINE = 65_536
"""Bytes of the longest line, which only the founding of a site with many people needs."""
LONGEST_ASKING = 16_384
"""Bytes of any other line: what comes of it fits into one Entry (controller/ledger/entry.py)."""
LONGEST_NAME = 200
DEEPEST = 8
GREATEST = 2**53 - 1  # RFC 8785 3.2.2.3: beyond, a number is not the same number everywhere
SITE_KEY = "set_site_key"
"""The gate alone asks for it, once both halves have come and the key they make is on disk."""
LOOKS = frozenset({"room", SEALED, WIRES, EYES})


class BadLineError(ValueError):
    """A line that is no Asking; the text says what would be right."""


@dataclass(frozen=True, slots=True)
class Halves:
    """Both halves of a site key, typed by two people; they go no further than the key's own file.

    ``replace``: check value of the key that they make, where it is meant to replace another.
    """

    by: str
    second: str
    halves: tuple[str, str] = field(repr=False)
    replace: str = ""


def parsed(line: bytes) -> Asking | Look | Report | Halves:
    """Asking, Look, Report or Halves out of one line; raises BadLineError."""
    said = one_object(line)
    if len(line) > LONGEST_ASKING and said.get("ask") != "found":
        raise BadLineError(f"at most {LONGEST_ASKING} bytes a line")
    if set(said) == {"look"} and isinstance(said["look"], str) and said["look"] in LOOKS:
        return Look(said["look"])
    if set(said) == {"report"}:
        return _report(said["report"])
    if "site_key" in said:
        return _halves(said)
    return _asking(said)


def _halves(said: dict[str, Any]) -> Halves:
    match {"replace": "", **said}:
        case {
            "site_key": [str(one), str(other)],
            "by": str(by),
            "second": str(second),
            "replace": str(replace),
            **rest,
        } if not rest and max(map(len, (one, other, by, second, replace))) <= LONGEST_NAME:
            return Halves(by, second, (one, other), replace)
    raise BadLineError('"site_key" with two halves, "by" and "second", and "replace" with a check value')


def one_object(line: bytes) -> dict[str, Any]:
    """The JSON object of a line, each key once and nothing in it that has no canonical spelling.

    Raises BadLineError, also for what is nested deeper than eight levels.
    """
    try:
        said = json.loads(line.decode(), parse_constant=_no_constant, object_pairs_hook=_no_twins)
    except (ValueError, RecursionError):
        raise BadLineError("one JSON object a line, in UTF-8, each key once") from None
    if not isinstance(said, dict):
        raise BadLineError("one JSON object a line")
    _check(said, DEEPEST)
    return said


def _asking(said: dict[str, Any]) -> Asking:
    names = [said.get("ask"), said.get("by", ""), said.get("second", "")]
    fields = said.get("fields", {})
    if set(said) - {"ask", "by", "second", "fields"} or not isinstance(fields, dict):
        raise BadLineError('"ask" with "by", "second" and "fields", or "look", or "report"')
    if not all(isinstance(name, str) and len(name) <= LONGEST_NAME for name in names):
        raise BadLineError('"ask", "by" and "second" are names')
    if said["ask"] == SITE_KEY:
        raise BadLineError('"site_key" with both halves: a site key is not asked for, it is brought')
    return Asking(0, said["ask"], said.get("by", ""), said.get("second", ""), fields)


def _report(said: Any) -> Report:
    """What a camera's watcher, the tag readers and a backup have to tell, each in its own process."""
    if isinstance(said, dict) and (news := _backup(said)):
        return news
    if isinstance(said, dict) and all(
        isinstance(v, str) and 0 < len(v) <= LONGEST_NAME for v in said.values()
    ):
        match said:
            case {"camera": camera, "condition": condition} if len(said) == 2 and condition in CONDITIONS:
                return CameraSeen(0, camera, condition)
            case {"tag_seen": carrier, "place": place} if len(said) == 2:
                return TagSeen(0, carrier, place)
            case {"tag_gone": carrier, "place": place} if len(said) == 2:
                return TagGone(0, carrier, place)
    raise BadLineError(
        '"report" with "camera" and "condition", or "tag_seen" or "tag_gone" and "place", or a backup'
    )


def _backup(said: dict[str, Any]) -> LogNews | None:
    """News of a backup; the core looks at its fields."""
    match said:
        case {"backed_up": to, "size": size, "head": head} if len(said) == 3:
            return LogNews(0, Kind.BACKED_UP, "", {"to": to, "size": size, "head": head})
        case {"backup_failed": to, "why": why} if len(said) == 2:
            return LogNews(0, Kind.BACKUP_FAILED, "", {"to": to, "why": why})
    return None


def _check(value: Any, deep: int) -> None:
    """Refuse what is too deep, and texts and numbers that have no canonical spelling."""
    if isinstance(value, dict | list):
        if deep == 0:
            raise BadLineError(f"at most {DEEPEST} levels deep")
        for inner in (*value, *value.values()) if isinstance(value, dict) else value:
            _check(inner, deep - 1)
    elif isinstance(value, str) and any("\ud800" <= sign <= "\udfff" for sign in value):
        raise BadLineError("whole characters only")
    elif isinstance(value, int | float) and not (isfinite(value) and abs(value) <= GREATEST):
        raise BadLineError(f"numbers up to {GREATEST}")


def _no_constant(word: str) -> Any:
    raise BadLineError(f"no {word}")


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise BadLineError("each key once")
    return dict(pairs)
