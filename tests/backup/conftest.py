"""A stopped log of 12 entries, one of them about a visitor."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pyrage import x25519

from controller.ledger.custody_log import CustodyLog
from tests.backup.vault import ORIGIN, Vault, append, draft


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """A stopped log of 12 entries, one of them about the visitor v17."""
    identity = x25519.Identity.generate()
    key, medium, data = tmp_path / "key.age", tmp_path / "medium", tmp_path / "data"
    key.touch(0o600)
    key.write_text(f"# made for a test\n{identity}\n")
    medium.mkdir()
    with CustodyLog.open(data / "custody.db", origin=ORIGIN) as log:
        log.append([draft("log_key", vkey=str(log.vkey))])
        log.append([draft(personal={"v17": {"name": "Anna Möller"}})])
        log.append([draft()] * 10)
    for name, content in (
        ("pepper", b"p" * 32),
        ("keys/r1.key", b"0" * 32),
        (f"policies/{'ab' * 8}.toml", b"x" * 150_000),
    ):
        (data / name).parent.mkdir(exist_ok=True, mode=0o700)
        (data / name).touch(0o600)
        (data / name).write_bytes(content)
    return Vault(data, medium, key, str(identity.to_public()))


@pytest.fixture
def erase() -> Callable[[Path], None]:
    """Erase what is personal about v17."""

    def erased(data: Path) -> None:
        append(data, draft("erased", person="v17", erases=["v17"]))

    return erased
