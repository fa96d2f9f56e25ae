"""Corrections (behaviour 54): what two people said is right, beside the Entry that is wrong.

Rule: the Entry stays and is shown as it is; a correction stands beside it, and each leads to the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from controller.core.words import Kind
from controller.errors import IronroomError
from controller.ledger.search.question import Question
from web import log
from web.desk import me
from web.i18n import _
from web.log import Entry, finder
from web.review.fields import masked

AT_ONCE = 500
"""Corrections that are read at once. They are few, for each took two signatures: all are looked through."""
FRAME = frozenset({"n", "at", "time", "clock", "policy", "kind", "sealed", "personal", "who"})


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction: its Entry and the Entry that it is of, what is right as rows of name and value."""

    n: int
    of: int
    time: str
    who: tuple[str, ...]
    reason: str
    right: tuple[tuple[str, str], ...]
    erased: bool


def corrections(of: int) -> list[Correction]:
    """Corrections of an Entry, the oldest first."""
    return [told(one) for one in _every() if one.get("of") == of]


def of_visit(visit: str) -> list[Correction]:
    """Corrections of any Entry of a visit, the oldest first; none where the log cannot be read now."""
    try:
        return [told(one) for one in _every() if (log.entry(int(one["of"])) or {}).get("visit") == visit]
    except IronroomError:
        return []


def told(entry: Entry) -> Correction:
    """A correction as it is shown."""
    claims: dict[str, Any] = {**entry.get("right", {}), "text": entry.get("text", "")}
    personal: Mapping[str, Mapping[str, Any]] = entry.get("personal", {})
    for one in personal.values():
        claims |= one
    shown = {name: str(value) for name, value in claims.items() if value and not name.startswith("_")}
    rows = sorted(shown.items(), key=lambda row: row[0] == "text")
    return Correction(
        int(entry["n"]),
        int(entry["of"]),
        str(entry.get("time", "")),
        tuple(entry.get("who", ())),
        str(entry.get("note", "")),
        tuple((_("Text") if name == "text" else name, masked(name, value)) for name, value in rows),
        any("_erased" in one for one in personal.values()),
    )


def names(entry: Entry) -> list[str]:
    """Names of the fields of an Entry that can be called wrong, those of people among them."""
    personal: Mapping[str, Mapping[str, Any]] = entry.get("personal", {})
    own = {name for claims in personal.values() for name in claims if not name.startswith("_")}
    return sorted({*entry} - FRAME | own - {"photo"})


def subject(entry: Entry) -> str:
    """Whose the personal part of an Entry is; "" where it has none."""
    return next(iter(entry.get("personal", {})), "")


def _every() -> list[Entry]:
    """Every correction, the oldest first."""
    asked, found, before = Question(kinds=frozenset({Kind.CORRECTED.value})), list[Entry](), 2**62
    while True:
        page = finder().find(asked, before, AT_ONCE, sealed=me().sees_sealed)
        found += page.entries
        if page.next is None:
            return found[::-1]
        before = page.next
