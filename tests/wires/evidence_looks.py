"""Looks at evidence by command, and what they leave in the log."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from controller.ledger.commands import log_group
from controller.ledger.reading import LogReader
from controller.os_users import os_user

ME = os_user(os.geteuid())
DRAFT = {"at": 7, "time": "2026-03-02T01:00:00.007Z", "clock": "trusted", "policy": "p1", "kind": "granted"}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(log_group, [str(argument) for argument in arguments], catch_exceptions=False)


def looks(data: Path) -> list[dict[str, Any]]:
    with LogReader(data / "custody.db") as reader:
        return list(reader.entries(kind="evidence_read"))


def refused(result: Result) -> str:
    """What a command said that showed nothing."""
    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr
