"""What a guard does now: steps for every kind of alarm.

Rule: three to six short steps, the first one at the desk; none of them asks anybody to go alone, and none
holds a person in (behaviour 15); at a duress or a copied badge nothing is shown outside (behaviour 35).
"""

from __future__ import annotations

from collections.abc import Callable

from controller.core.words import AlarmKind
from web.feed.procedures_people import PEOPLE
from web.feed.procedures_things import THINGS

PROCEDURES: dict[AlarmKind, tuple[str, ...]] = PEOPLE | THINGS


def procedure(word: str, _: Callable[[str], str]) -> tuple[str, ...]:
    """Steps for an alarm by its stored word; one of another version has the steps of an intrusion."""
    kind = AlarmKind(word) if word in set(AlarmKind) else AlarmKind.INTRUSION
    return tuple(_(step) for step in PROCEDURES[kind])
