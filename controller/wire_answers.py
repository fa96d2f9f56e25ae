"""What became of a badge or a PIN on the wires, read from the Entries that followed it.

Rule: a reader is answered by its lamp alone; the Entries say what the lamp may not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from controller.core.effects import Answer, Body
from controller.core.sentences import NEEDS
from controller.core.words import Reason

LET_THROUGH = frozenset({"granted", "exit_waiting"})
AT_A_DOOR = LET_THROUGH | {"pending", "delay_started", "confirmed", "passback"}
REFUSED = frozenset({"refused", "wrong_pin"})


def about(reader: str, at: str, entries: Iterable[Body]) -> list[Body]:
    """Entries that a badge or a PIN at this reader, or at its door or cabinet, can have caused."""
    return [
        e
        for e in entries
        if reader in {e.get("reader"), e.get("place")} or (e["kind"] in AT_A_DOOR and e.get("place") == at)
    ]


def answer_of(found: Sequence[Body]) -> Answer:
    """The answer that a badge or a PIN was given: a refusal, unless somebody without rights was let out."""
    refusal = next((e for e in found if e["kind"] in REFUSED), None)
    if refusal is None:
        return Answer()
    reason = Reason(str(refusal.get("reason", Reason.WRONG_PIN)))
    let_out = any(e["kind"] in LET_THROUGH for e in found)
    if let_out and reason is Reason.UNKNOWN_BADGE:
        return Answer()
    return Answer(reason, NEEDS[reason])
