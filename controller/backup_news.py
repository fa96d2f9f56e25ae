"""That a backup was written, or was not, is an Entry: by the controller at its gate, or by the log's owner.

Rule: what a running controller writes down may call the guard; what the owner writes while none runs does
not, and shows as a trouble of the log from the next start on.
"""

from __future__ import annotations

import time
from pathlib import Path
from threading import Event
from typing import Any

from controller.core.words import Kind
from controller.errors import BackupFailed, LogBusy
from controller.evidence_reading import AGAIN_S, GATE, LOG, PATIENCE_S, owner_stamp
from controller.gate_client import GateClient
from controller.ledger.custody_log import CustodyLog

LONGEST_WHY = 500


def tell_written(data: Path, to: Path, size: int, head: str) -> None:
    """Write down that a backup was written and verified; durable on return. BackupFailed if it is not."""
    _tell(data, Kind.BACKED_UP, {"to": str(to), "size": size, "head": head})


def tell_failed(data: Path, to: Path, why: str) -> None:
    """Write down that a backup was not written, which calls the guard; BackupFailed when it cannot be."""
    _tell(data, Kind.BACKUP_FAILED, {"to": str(to), "why": why[:LONGEST_WHY]})


def _tell(data: Path, kind: Kind, fields: dict[str, Any]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not (_controller_wrote(data, kind, fields) or _owner_wrote(data, kind, fields)):
        if time.monotonic() >= end:
            raise BackupFailed(f"{data}: another process keeps the log and has no gate, so nothing was noted")
        Event().wait(AGAIN_S)


def _controller_wrote(data: Path, kind: Kind, fields: dict[str, Any]) -> bool:
    said = {kind.value: fields["to"], **{name: value for name, value in fields.items() if name != "to"}}
    try:
        with GateClient(data / GATE) as gate:
            answer = gate.tell({"report": said})
    except (FileNotFoundError, ConnectionRefusedError):
        return False
    except OSError as error:
        raise BackupFailed(f"{data}: the controller did not note the backup ({error})") from error
    if not answer.get("accepted"):
        raise BackupFailed(f"{data}: the controller does not note the backup: {answer.get('refused')}")
    return True


def _owner_wrote(data: Path, kind: Kind, fields: dict[str, Any]) -> bool:
    try:
        with CustodyLog.open(data / LOG) as log:
            if log.size:
                log.append([{**owner_stamp(log), "kind": kind.value, **fields}])
    except LogBusy:
        return False
    return True
