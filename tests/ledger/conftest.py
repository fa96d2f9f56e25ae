"""A log in a folder of its own, and drafts to fill it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from controller.ledger import custody_log
from controller.ledger.custody_log import CustodyLog
from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.key_places import keys_of
from controller.ledger.sqlite import sqlite3
from tests.ledger.tokens import Drawer

Draft = dict[str, object]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "custody.db"


@pytest.fixture
def log(file: Path) -> Iterator[CustodyLog]:
    with CustodyLog.open(file) as opened:
        yield opened


@pytest.fixture
def draft() -> Callable[..., Draft]:
    def make(at: int = 0, **more: object) -> Draft:
        return {
            "at": at,
            "time": f"2026-03-02T01:00:{at // 1000 % 60:02}.{at % 1000:03}Z",
            "clock": "synced",
            "policy": "p1",
            "kind": "granted",
            "place": "main",
            "who": ["li", "wang"],
            **more,
        }

    return make


@pytest.fixture
def drawer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Drawer]:
    monkeypatch.setenv("SOFTHSM2_CONF", "")  # put back afterwards
    drawer = Drawer(tmp_path)
    yield drawer
    drawer.look_again()


@pytest.fixture
def begun(file: Path, draft: Callable[..., Draft], drawer: Drawer) -> VerifierKey:
    """A log of one Entry that a token signs."""
    keys = keys_of(file.parent, drawer.add())
    with CustodyLog.open(file, origin="bank.example/vault-1", keys=keys) as log:
        log.append([draft(kind="log_key", vkey=str(log.vkey))])
        return log.vkey


@pytest.fixture
def small(file: Path, draft: Callable[..., Draft], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A closed log of 12 entries in 8 commits, with several stored heads and a saved state."""
    monkeypatch.setattr(custody_log, "ANCHOR_EVERY", 4)
    with CustodyLog.open(file) as log:
        for at in range(4):
            log.append([draft(at, kind=f"k{at}")])
            log.append([draft(at, reason="late"), draft(at, personal={f"v{at}": {"name": "Anna"}})])
        log.save_state(11, b"room")
    return file


@pytest.fixture
def connection(small: Path) -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(small, isolation_level=None)
    yield opened
    opened.close()
