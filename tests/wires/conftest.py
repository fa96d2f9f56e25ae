"""What looks at evidence begin with, with a controller beside them and without."""

from __future__ import annotations

from pathlib import Path

import pytest

from controller.ledger.custody_log import CustodyLog
from tests.wires.evidence_looks import DRAFT


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A log of two entries that no controller keeps."""
    folder = tmp_path / "data"
    with CustodyLog.open(folder / "custody.db") as log:
        log.append([DRAFT, {**DRAFT, "policy": "p2"}])
    return folder
