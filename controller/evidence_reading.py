"""Every look at evidence is an Entry, durable before anything is shown (behaviour 61).

Rule 1: a running controller writes it, asked at its gate; otherwise the log's owner writes it here;
otherwise nothing is shown. Rule 2: a look at what was written about looks is one look, and writing that
down is none, so that nothing runs in circles.

    {"kind": "evidence_read", "who": ["os:auditor"], "what": "show", "filter": "kind=granted limit=10", …}
"""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from threading import Event
from typing import Any

import click

from controller import keys
from controller.clock import system_wall_ms
from controller.core.custody import look
from controller.core.erasing import LONGEST_NOTE
from controller.core.turn import utc
from controller.core.words import Kind
from controller.errors import LogBusy, LogDead, LogMissing, LookRefused
from controller.gate_client import GateClient
from controller.ledger.custody_log import CustodyLog
from controller.os_users import os_user

LOG = "custody.db"
GATE = "gate.sock"
LOG_KEY = "log.key"
PATIENCE_S = 15.0
AGAIN_S = 0.05
UNCONFIRMED = "unconfirmed"
"""Clock of an Entry that no controller wrote: nobody has compared the system's clock with the room's."""

Asked = str | int | bool | None
_NOTHING = -1
_stays = re.compile(r"[a-z0-9][a-z0-9._,:+TZ-]{0,63}").fullmatch
"""Spelling of ids, stable words, places and times; anything else may be somebody's name."""


def record_look(data: Path, what: str, *, copy: bool = False, **asked: Asked) -> int | None:
    """Write down that the caller looks at the evidence in a data folder; durable on return.

    Answers the counter of the Entry, so that what is shown can end before it; None where none was written.
    ``what`` is one of ``custody.EVIDENCE``; ``asked`` is what was asked for, in the command's own words,
    None and False left out. Call it before anything is shown. With ``copy`` nothing is written: the
    folder must be nobody's live log. Raises LookRefused, LogMissing, LogDamaged and LogExposed.
    """
    if copy:
        _require_copy(data)
        click.echo(f"{data}: a copy; this look is written down nowhere", err=True)
        return None
    chosen, words = spelled(**asked)
    end = time.monotonic() + PATIENCE_S
    while (written := _written(data, what, chosen, words)) is None:
        if time.monotonic() >= end:
            raise LookRefused(f"{data}: {_UNWRITTEN}, because another process keeps the log and has no gate")
        Event().wait(AGAIN_S)
    return written if written >= 0 else None


def spelled(**asked: Asked) -> tuple[str, str]:
    """What was asked for, as text that may stay in the log for ever, and as words that may name somebody.

    ``words`` are free ones and always the latter; so is whatever is not spelled as the house spells.
    """
    chosen: list[str] = []
    words: list[str] = []
    for key, value in asked.items():
        if value is True:
            chosen.append(key)
        elif value is not None and value is not False and value != "":
            house = key != "words" and _stays(str(value))
            (chosen if house else words).append(f"{key}={value}")
    return " ".join(chosen)[:LONGEST_NOTE], " ".join(words)[:LONGEST_NOTE]


def _written(data: Path, what: str, chosen: str, words: str) -> int | None:
    """Counter of the Entry, _NOTHING where there is no evidence yet, None while the log is not to be had."""
    by_controller = _controller_wrote(data, what, chosen, words)
    return _owner_wrote(data, what, chosen, words) if by_controller is None else by_controller


def _controller_wrote(data: Path, what: str, chosen: str, words: str) -> int | None:
    """Ask a running controller to write it down; None when none runs, or it went away meanwhile."""
    try:
        with GateClient(data / GATE) as gate:
            answer = gate.ask("read_evidence", what=what, filter=chosen, words=words)
    except (FileNotFoundError, ConnectionRefusedError):
        return None
    except OSError as error:
        if isinstance(error, TimeoutError) or not _owned(data):
            raise LookRefused(
                f"{data}: {_UNWRITTEN} by the controller that runs ({error}); {_AS_OWNER}"
            ) from error
        return None
    if not answer.get("accepted") or type(answer.get("n")) is not int:
        raise LookRefused(
            f"{data}: {_UNWRITTEN}; the controller says {answer.get('refused')}, {answer.get('need')}"
        )
    return int(answer["n"])


def _owner_wrote(data: Path, what: str, chosen: str, words: str) -> int | None:
    """Write it down as the log's owner while no controller runs; None when somebody keeps the log."""
    if not _there(data):
        raise LogMissing(f"{data / LOG}: there is no custody log, name the folder of one")
    if not _owned(data):
        raise LookRefused(f"{data}: {_UNWRITTEN} by this user; {_AS_OWNER}")
    try:
        with CustodyLog.open(data / LOG) as log:
            if log.restored:
                raise LookRefused(
                    f"{data}: {_UNWRITTEN} before the restoration is: start the controller once"
                )
            return log.append([_draft(log, what, chosen, words)])[0] if log.size else _NOTHING
    except LogBusy:
        return None
    except LogDead as error:
        raise LookRefused(f"{data}: {_UNWRITTEN} ({error}); for a copy elsewhere add --copy") from error


def owner_stamp(log: CustodyLog) -> dict[str, Any]:
    """An Entry's stamp while no controller runs: room time stands still, the wall clock is the system's."""
    (newest,) = log.tail(log.size - 2)
    return {
        "at": log.last_at,
        "time": utc(system_wall_ms()),
        "clock": UNCONFIRMED,
        "policy": newest["policy"],
    }


def _draft(log: CustodyLog, what: str, chosen: str, words: str) -> dict[str, Any]:
    who = [os_user(os.geteuid())]
    return {**owner_stamp(log), "kind": Kind.EVIDENCE_READ.value, "who": who, **look(what, chosen, words)}


def _there(data: Path) -> bool:
    try:
        return (data / LOG).exists()
    except PermissionError as error:
        raise LookRefused(f"{data}: {_UNWRITTEN} by this user ({error}); {_AS_OWNER}") from error


def _owned(data: Path) -> bool:
    try:
        return (data / LOG).stat().st_uid == os.geteuid()
    except OSError:
        return False


def _require_copy(data: Path) -> None:
    """A folder with a gate or with the box's secrets is a controller's own; so is one of links into it."""
    for folder in {data, (data / LOG).resolve().parent}:
        for name in (GATE, keys.PEPPER, LOG_KEY):
            if (folder / name).exists():
                raise LookRefused(
                    f"{folder / name}: this folder is a controller's own and no copy; leave out --copy"
                )


_UNWRITTEN = "nothing is shown, because the look could not be written down"
_AS_OWNER = "run this as the owner of the log, or for a copy that is nobody's live log add --copy"
