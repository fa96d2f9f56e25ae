"""Does an Entry say so, where a body is missing? Rule: a missing body by itself proves nothing.

    {"kind": "pruned", "kept_from": 90112, "bodies": 4711, ...}

The Entry is durable before the first body goes (pruning.py), so that there are never more pruned bodies
than Entries count, and none from the largest `kept_from` on. A round that a power cut interrupted is
announced again: there may be fewer.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from controller.errors import LogDamaged

KIND = "pruned"
_REMEDY = "Keep the files as evidence and compare them with an older export or backup"


class Claim(NamedTuple):
    """What one Entry says: `bodies` of entries before counter `kept_from` go."""

    kept_from: int
    bodies: int


def claim_of(entry: dict[str, object]) -> Claim:
    """The claim of an Entry of kind `pruned`; one that says nothing lawful allows nothing."""
    kept_from, bodies = entry.get("kept_from"), entry.get("bodies")
    if type(kept_from) is int and type(bodies) is int and min(kept_from, bodies) >= 0:
        return Claim(kept_from, bodies)
    return Claim(0, 0)


def require_announced(file: Path, last: int, pruned: int, claims: Iterable[Claim]) -> None:
    """Raise LogDamaged when more bodies are missing than claims say; `last` is the last pruned counter."""
    said = list(claims)
    if last >= max((claim.kept_from for claim in said), default=0) and pruned:
        wrong = f"the body of entry {last} is missing, and no entry says that it was pruned"
        raise LogDamaged(file, wrong, _REMEDY, entry=last)
    allowed = sum(claim.bodies for claim in said)
    if pruned > allowed:
        raise LogDamaged(
            file, f"{pruned} bodies are missing, and entries say that {allowed} were pruned", _REMEDY
        )
