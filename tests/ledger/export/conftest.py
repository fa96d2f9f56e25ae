"""A log of 600 entries, and the folder that it is exported into."""

from pathlib import Path

import pytest

from controller.ledger.custody_log import CustodyLog
from tests.ledger.export.exporting import DIGEST, PICTURE, Make


@pytest.fixture
def grown(log: CustodyLog, draft: Make) -> CustodyLog:
    """600 entries: two full bundles and a partial one, a key entry, personal data and a picture."""
    log.append([draft(kind="log_key", vkey=str(log.vkey))])
    log.append([draft(pictures=[{"sha256": DIGEST, "size": len(PICTURE)}])])
    log.append([draft(at, personal={"v1": {"name": "Anna"}}) for at in range(598)])
    (log.file.parent / "pictures").mkdir()
    (log.file.parent / "pictures" / DIGEST).write_bytes(PICTURE)
    return log


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "export"
