"""What the log tells of one person: personal data, and what was lately written about them.

Rule 1: the look is an Entry, durable before anything is shown. Rule 2: a document is never shown whole.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from controller.core.words import Kind
from controller.errors import UserMistake
from controller.ledger.search.question import Question
from web.desk import look, me
from web.feed.row import Row
from web.log import finder
from web.now.feed import told

CLAIMS = ("name", "document", "company", "contact")
_NAMED = frozenset({Kind.ENROLLED.value, Kind.PERSON_CHANGED.value})
SHOWN = 40
READ = 200
_KEPT_AT_ENDS = 7
"""Signs of a document below which only its end is shown."""


class Book(NamedTuple):
    """``claims``: what is personal, by its claim; ``lines``: newest first; ``more``: there is more."""

    claims: dict[str, str]
    lines: list[Row]
    more: bool


def looked_up(person: str) -> Book:
    """Everything about a person; that one looks is written down first. Raises Refused and LogMissing & co."""
    look("show", f"person={person}"[:400])
    entries = _about(person)
    return Book(_claims(person), told(entries[:SHOWN][::-1]), len(entries) > SHOWN)


def masked(document: str) -> str:
    """A document's number by its ends alone: ``110***********002X``."""
    if len(document) <= _KEPT_AT_ENDS:
        return "*" * max(0, len(document) - 2) + document[-2:]
    return document[:3] + "*" * (len(document) - _KEPT_AT_ENDS) + document[-4:]


def _claims(person: str) -> dict[str, str]:
    """Newest of each claim; what was erased is not there."""
    found: dict[str, str] = {}
    for entry in _found(person, _NAMED):
        personal = entry.get("personal")
        own = personal.get(person) if isinstance(personal, dict) else None
        for claim, value in own.items() if isinstance(own, dict) else ():
            if claim in CLAIMS and isinstance(value, str):
                found.setdefault(claim, masked(value) if claim == "document" else value)
    return {claim: found[claim] for claim in CLAIMS if found.get(claim)}


def _about(person: str) -> list[dict[str, Any]]:
    """Entries that name somebody, as who did something or as whom it is about; the newest first."""
    page = finder().find(Question(who=person), limit=READ, sealed=me().sees_sealed)
    did = [dict(entry) for entry in page.entries]
    both = {int(entry["n"]): entry for entry in [*did, *_found(person, frozenset())]}
    return [both[n] for n in sorted(both, reverse=True)]


def _found(person: str, kinds: frozenset[str]) -> list[dict[str, Any]]:
    """Entries about somebody; the words find more, such as another number that begins alike."""
    try:
        page = finder().find(Question(kinds=kinds, words=person), limit=READ, sealed=me().sees_sealed)
    except UserMistake:
        return []
    return [dict(entry) for entry in page.entries if names(dict(entry), person)]


def names(entry: dict[str, Any], person: str) -> bool:
    """Whether an Entry is about somebody, and does not only hold a word like their number."""
    about = entry.get("person")
    of = about.get("id") if isinstance(about, dict) else about
    return person in {of, *(str(entry.get(key, "")) for key in ("holder", "host", "escort", "visitor"))} or (
        person in (entry.get("personal") or {})
    )
