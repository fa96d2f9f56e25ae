"""A legal hold as the room remembers it (erasing.py sets and lifts it).

Rule: while one stands, nothing is pruned, and nobody it covers is erased.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LegalHold:
    """Who forbade erasing and pruning: of one person's data, or with ``person`` empty of anybody's."""

    person: str
    by: str
    since: int
