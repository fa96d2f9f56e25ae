"""A log in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.ledger.custody_log import CustodyLog


@pytest.fixture
def log(tmp_path: Path) -> Iterator[CustodyLog]:
    with CustodyLog.open(tmp_path / "data" / "custody.db", origin="bank.example/vault-1") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "witness"
