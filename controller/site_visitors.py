"""What a site file says of visitors. Rule: a purpose is a word of the house, never of a person."""

from __future__ import annotations

from controller.core.visit_words import OTHER
from controller.site_faults import Faults, Path, shown
from controller.site_keys import Key, Table
from controller.site_values import Value, list_of, text

LONGEST_PURPOSE, MOST_PURPOSES = 40, 20


def _purpose() -> Value:
    """A purpose that can be chosen; "other" is there always, for words of one's own."""
    line = text(LONGEST_PURPOSE)
    right = f'{line.right}, not "{OTHER}"'

    def take(raw: object, at: Path, faults: Faults) -> str | None:
        if raw == OTHER:
            faults.add(at, f"{shown(raw)} can be chosen always", "leave it out")
            return None
        taken: str | None = line.take(raw, at, faults)
        return taken

    return Value(right, take)


VISITORS = Table(
    "visitors",
    "The visitor desk.",
    (
        Key(
            "purposes",
            list_of(_purpose(), 1, MOST_PURPOSES),
            "what a visit can be for; stands in the log for good, so no names [57]",
            "purposes",
        ),
    ),
    named=False,
)
