"""One look at evidence a question, written down before anything is shown (behaviour 61).

Rule: a later page, a detail, a picture of the same question shows the counter of that look, and the log tells
whether it was this person's, not long ago, and for this; else it is a look of its own.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from controller.core.words import Kind
from web.desk import look, me
from web.log import Entry, entry
from web.markup import instant

REVIEW = "review"
KEPT_S = 1_800.0


def looked(what: str, chosen: str, words: str, now: datetime, before: str = "") -> int:
    """Counter of the look for a question: that of ``before`` where it was for this one, else a new one."""
    if before.isdecimal() and is_for(written(before, now), what, chosen, words):
        return int(before)
    return look(what, chosen, words)


def written(before: str, now: datetime) -> Entry | None:
    """A look of this person within the last half hour, by its counter; None for anything else."""
    told = entry(int(before)) if before.isdecimal() and len(before) < 16 else None
    if told is None or told.get("kind") != Kind.EVIDENCE_READ or told.get("who") != [me().person]:
        return None
    at = instant(told["time"])
    return told if at is not None and abs((now - at).total_seconds()) < KEPT_S else None


def is_for(told: Entry | None, what: str, chosen: str, words: str) -> bool:
    """Whether a look was for exactly this."""
    return told is not None and (told["what"], told["filter"], words_of(told)) == (what, chosen, words)


def words_of(told: dict[str, Any]) -> str:
    """The free words of a look, as far as they were not erased."""
    personal = told.get("personal", {})
    claims: Any = next(iter(personal.values()), {}) if isinstance(personal, dict) else {}
    return str(claims.get("words", "")) if isinstance(claims, dict) else ""
