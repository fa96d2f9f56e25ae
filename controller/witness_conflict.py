"""A log witness contradicts our log: what signed heads show it, and how it is told. Rule: evidence first."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from controller.core.custody import LONGEST_TEXT
from controller.core.events import LogNews
from controller.core.words import Kind
from controller.errors import IronroomError
from controller.ledger.continuity import Comparison, Verdict, compare, keep_evidence
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import SignedNote, verify
from controller.ledger.reading import LogReader
from controller.ledger.replacing import replace_file
from controller.ledger.signed_head import log_keys
from controller.witness_call import Conflict, WitnessCall
from controller.witness_memory import WitnessMemory


def evidence(
    call: WitnessCall, memory: WitnessMemory, ours: SignedNote, conflict: Conflict, reader: LogReader
) -> LogNews:
    """Keep the two heads as files (continuity.py), as far as the disk allows, and answer the news.

    The other head is the one that we remember, or that the log witness shows; a foreign one may show none.
    """
    name, origin = call.witness.name, Checkpoint.parse(ours.text).origin
    found = _contradiction(memory.note(name), ours, reader) or _contradiction(
        call.newest(origin), ours, reader
    )
    said = f"{call.witness.vkey.name}: {conflict.against}; size {conflict.size}"
    with suppress(OSError):  # a full disk hides nothing: the Entry holds both heads
        _keep(memory.fraud_folder(name), ours, found, said)
    fields = {"log_witness": name, "ours": _text(ours), "theirs": _text(found.theirs) if found else said}
    return LogNews(0, Kind.LOG_CONFLICT, "", fields)


def _keep(folder: Path | None, ours: SignedNote, found: Comparison | None, said: str) -> None:
    if folder is None:
        return
    if found:
        keep_evidence(found, folder)
    else:
        replace_file(folder / "ours.checkpoint", ours.to_bytes())
    replace_file(folder / "said.txt", f"{said}\n".encode())


def _contradiction(theirs: SignedNote | None, ours: SignedNote, reader: LogReader) -> Comparison | None:
    """What these two heads are to each other, None where they go together or are of two logs."""
    if theirs is None:
        return None
    try:
        verify(theirs, log_keys(reader))  # else it proves nothing about our log
        found = compare(ours, theirs, reader.subtree, reader.file)
    except IronroomError:
        return None
    return None if found.verdict is Verdict.CONTINUED else found


def _text(note: SignedNote) -> str:
    whole = note.to_bytes().decode()
    return whole if len(whole.encode()) <= LONGEST_TEXT else note.text
