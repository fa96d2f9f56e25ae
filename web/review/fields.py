"""An Entry as fields, for whoever wants all of it. Rule: every field as it stands; nothing is invented."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from web.i18n import _
from web.log import Entry
from web.names import name

SHOWN_ABOVE = frozenset({"n", "kind", "time"})


def fields(entry: Entry) -> list[tuple[str, str]]:
    """Name and value of every field that the head of the page does not show, those of people last."""
    personal = entry.get("personal")
    rows = [(key, spelled(value)) for key, value in entry.items() if key not in {*SHOWN_ABOVE, "personal"}]
    return [*rows, *_personal(personal)]


def spelled(value: Any) -> str:
    """A value as text: lists of words with commas, what is nested as JSON."""
    if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
        return ", ".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _personal(personal: Any) -> Iterator[tuple[str, str]]:
    for person, claims in personal.items() if isinstance(personal, dict) else ():
        for claim, value in claims.items() if isinstance(claims, dict) else ():
            if not claim.startswith("_"):
                yield f"{name(person)} · {claim}", masked(claim, value)
        if isinstance(claims, dict) and "_erased" in claims:
            yield name(person), _("erased")


def masked(claim: str, value: Any) -> str:
    """A document's number keeps its last four signs; everything else is shown to who may see the Entry."""
    told = spelled(value)
    return f"{'•' * max(len(told) - 4, 4)}{told[-4:]}" if claim == "document" else told
