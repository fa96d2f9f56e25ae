"""One Entry as one line a person understands. Rule: what is sealed or pruned says so, and no more.

Nothing is made up: who is not told is "somebody", and a word of another version stands for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from controller.core.sentences import NEEDS
from controller.core.words import Kind, Reason
from web.feed.icons import icon_name
from web.feed.level import Level, level
from web.feed.mark import N_
from web.feed.values import Values
from web.feed.variants import template

Entry = Mapping[str, Any]
SEALED = N_("Sealed: for chief and auditor")
PRUNED = N_("Dropped by the keeping rules; its hash stays")

OUTCOMES = {
    "true": N_("It was real"),
    "false": N_("False alarm"),
    "test": N_("A test"),
    "drill": N_("A drill"),
}
"""What an alarm turned out to be, as whoever closes it chooses."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture that is on disk: ``n`` is the Entry that names it, ``moment`` is ms from the event."""

    n: int
    camera: str
    moment: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the feed; ``why`` explains a refusal, ``need`` says what would have been enough."""

    n: int
    time: str  # such as 14:02:07, in the zone of the site
    day: str  # such as 2026-03-02
    icon: str
    level: Level
    text: str
    kind: str = ""
    place: str = ""
    why: str = ""
    need: str = ""
    note: str = ""
    pictures: tuple[Picture, ...] = ()
    wanted: int = 0  # pictures that were asked for


def row(
    entry: Entry,
    say: Callable[[str], str],
    named: Callable[[str], str],
    zone: tzinfo,
    needed: Callable[[str], str] | None = None,
) -> Row:
    """The line of an Entry; ``needed`` says what a Reason needs in the reader's language."""
    n, kind = int(entry["n"]), str(entry.get("kind", ""))
    if not kind:
        text = SEALED if entry.get("sealed") else PRUNED
        return Row(n, "", "", "lock", Level.QUIET, say(text))
    at = datetime.fromisoformat(str(entry["time"])).astimezone(zone)
    values = Values(entry, say, named)
    return Row(
        n=n,
        time=at.strftime("%H:%M:%S"),
        day=at.strftime("%Y-%m-%d"),
        icon=icon_name(kind),
        level=loudness(entry),
        text=say(template(entry)).format_map(values),
        kind=kind,
        place=str(entry.get("place", "")),
        why=values["why"] if entry.get("reason") else "",
        need=_need(entry, needed or say_need(say)),
        note=_note(entry, say),
        pictures=pictures(entry),
    )


def loudness(entry: Entry) -> Level:
    """Level of an Entry: that of its kind, but the end of a fire or a lockdown is no alarm."""
    if entry.get("on") is False and entry["kind"] in {Kind.FIRE, Kind.LOCKDOWN}:
        return Level.NOTICE
    return level(str(entry["kind"]))


def say_need(say: Callable[[str], str]) -> Callable[[str], str]:
    """What a Reason needs, out of the core's sentences as ``say`` translates them."""
    return lambda reason: say(NEEDS[Reason(reason)]) if reason in set(Reason) else ""


def _note(entry: Entry, say: Callable[[str], str]) -> str:
    """What somebody wrote down; of an alarm first what it was."""
    outcome = OUTCOMES.get(str(entry.get("outcome", "")), "")
    return " · ".join(filter(None, (outcome and say(outcome), str(entry.get("note", "")))))


def _need(entry: Entry, needed: Callable[[str], str]) -> str:
    """What would have been enough; only where something was refused."""
    return needed(str(entry.get("reason", ""))) if entry["kind"] == Kind.REFUSED else ""


def pictures(entry: Entry) -> tuple[Picture, ...]:
    """Pictures on disk that an Entry names, in order of their moments; thumbnails stand for themselves."""
    told = [one for one in entry.get("pictures", ()) if isinstance(one, Mapping) and not one.get("thumbnail")]
    found = (Picture(int(entry["n"]), str(one["camera"]), int(one["moment"])) for one in told)
    return tuple(sorted(found, key=lambda one: (one.moment, one.camera)))
