"""Before anything opens: is our log behind what its log witnesses have seen? Rule: there is no way around it.

Who is silent prevents no start; what it cosigned before and we remember counts all the same.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

from controller.errors import FormatRefused, IronroomError, LogDamaged, ProofRefused
from controller.ledger.custody_log import CustodyLog
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import SignedNote, verify
from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.proofs import consistency_proof
from controller.ledger.reading import LogReader
from controller.site_log import LogWitness
from controller.witness_call import Conflict, Cosigned, Outcome, Silent, WitnessCall
from controller.witness_conflict import evidence
from controller.witness_memory import WitnessMemory

START_S = 7.0
"""All log witnesses together are waited for so long at most."""

_REMEDY = (
    "Somebody put an older log back, or rewrote it. Keep the files as evidence, with what the log witness "
    "has, and restore the newest backup: it goes on under a new name, which the log witness must be told"
)


def require_continued(witnesses: Sequence[LogWitness], log: CustodyLog) -> None:
    """Raise LogDamaged when a log witness has seen more of this log, or another one, than is here."""
    memory = WitnessMemory(log.file)
    for witness in witnesses:
        _require_remembered(witness, memory.note(witness.name), log)
    octets = log.note()
    if octets is None or not witnesses:
        return
    ours = SignedNote.parse(octets)
    # The newest head of a log just restored has the name that it had before; it goes on under a new one.
    if Checkpoint.parse(ours.text).origin == log.vkey.name:
        _require_agreed(witnesses, memory, ours, log.file)


def _require_remembered(witness: LogWitness, note: SignedNote | None, log: CustodyLog) -> None:
    if note is None or not _is_signed(note, (log.vkey, witness.vkey)):
        return
    had = Checkpoint.parse(note.text)
    if had.origin != log.vkey.name:
        return
    if had.size > log.size:
        raise _damaged(log.file, witness, f"it has cosigned {had.size} entries and here are {log.size}")
    try:
        same = log.subtree(0, had.size) == had.root
    except ProofRefused:
        same = False
    if not same:
        raise _damaged(log.file, witness, f"it has cosigned other entries among the first {had.size}")


def _is_signed(note: SignedNote, vkeys: Sequence[VerifierKey]) -> bool:
    try:
        verify(note, vkeys)
        Checkpoint.parse(note.text)
    except FormatRefused:
        return False
    return True


def _require_agreed(
    witnesses: Sequence[LogWitness], memory: WitnessMemory, ours: SignedNote, file: Path
) -> None:
    outcomes: dict[str, Outcome] = {}
    threads = [
        Thread(target=_ask, args=(one, memory, ours, file, outcomes), daemon=True) for one in witnesses
    ]
    for thread in threads:
        thread.start()
    end = time.monotonic() + START_S
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    for witness in witnesses:
        outcome = outcomes.get(witness.name)
        if isinstance(outcome, Conflict):
            raise _damaged(file, witness, f"{outcome.against} (size {outcome.size})")


def _ask(
    witness: LogWitness, memory: WitnessMemory, ours: SignedNote, file: Path, outcomes: dict[str, Outcome]
) -> None:
    call = WitnessCall(witness)
    size = memory.size(witness.name, Checkpoint.parse(ours.text).origin)
    try:
        with LogReader(file) as reader:
            outcome = call.ask(ours, size, lambda old, new: consistency_proof(old, new, reader.subtree))
            outcomes[witness.name] = outcome
            if isinstance(outcome, Cosigned):
                memory.keep(witness.name, ours.joined([outcome.signature]))
            elif isinstance(outcome, Conflict):
                evidence(call, memory, ours, outcome, reader)
    except (IronroomError, OSError) as error:  # our own side: nothing was contradicted
        outcomes.setdefault(witness.name, Silent(str(error)))
    finally:
        call.close()


def _damaged(file: Path, witness: LogWitness, wrong: str) -> LogDamaged:
    return LogDamaged(file, f"the log witness {witness.name} contradicts this log: {wrong}", _REMEDY)
