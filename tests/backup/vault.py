"""The folders of a test: a log, a medium for its backups, and an identity that the box does not have."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pyrage
from click.testing import CliRunner, Result
from pyrage import x25519

from controller.backup_command import backup, restore_command
from controller.backup_tar import ABOUT, LOG, Packed, member
from controller.ledger.custody_log import CustodyLog
from controller.ledger.reading import LogReader

Erase = Callable[[Path], None]
STAMP = {"at": 7, "time": "2026-03-02T01:00:00.007Z", "clock": "trusted", "policy": "p1"}
ORIGIN = "bank.example/vault"


def draft(kind: str = "granted", **more: object) -> dict[str, Any]:
    return {**STAMP, "kind": kind, **more}


def append(data: Path, *drafts: dict[str, Any]) -> None:
    with CustodyLog.open(data / "custody.db") as log:
        log.append(drafts)


class Vault(NamedTuple):
    """Folders of one test, and who may open its backups."""

    data: Path
    medium: Path
    key: Path
    recipient: str

    def backup(self, *more: object) -> Result:
        """Run the command."""
        return run(backup, self.medium, "--data", self.data, "--recipient", self.recipient, *more)

    def made(self, *more: object) -> Path:
        """The file of a backup that was written."""
        before = set(self.medium.glob("*.age"))
        result = self.backup(*more)
        assert result.exit_code == 0, result.output
        (file,) = set(self.medium.glob("*.age")) - before
        return file

    def restore(self, file: Path, *more: object) -> Result:
        """Run the command."""
        return run(restore_command, file, "--identity", self.key, *more)

    def restored(self, file: Path, *more: object) -> Path:
        """A folder that a backup was restored into."""
        new = self.data.parent / "new"
        result = self.restore(file, "--data", new, *more)
        assert result.exit_code == 0, result.output
        return new


def run(command: Any, *arguments: object) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments], catch_exceptions=False)


def entries(data: Path, kind: str) -> list[dict[str, Any]]:
    with LogReader(data / "custody.db") as reader:
        return list(reader.entries(kind=kind))


def failed(vault: Vault, *more: object, code: int = 74) -> str:
    """What a backup said that was not written; nothing of it is left."""
    before = set(vault.medium.iterdir()) if vault.medium.is_dir() else set()
    result = vault.backup(*more)
    assert result.exit_code == code, result.output
    assert not list(vault.data.glob(".backup-*"))
    if vault.medium.is_dir():
        assert set(vault.medium.iterdir()) == before
    return result.stderr


def refused(vault: Vault, file: Path, *more: object, code: int = 1) -> str:
    """What a restoration said that was none; nothing of it is left."""
    new = vault.data.parent / "new"
    before = set(vault.data.parent.iterdir())
    result = vault.restore(file, "--data", new, *more)
    assert result.exit_code == code, result.output
    assert set(vault.data.parent.iterdir()) == before
    return result.stderr


def names(data: Path) -> list[object]:
    """What the log in a folder still discloses about people."""
    with LogReader(data / "custody.db") as reader:
        told = [entry.get("personal") for entry in reader.entries() if entry["kind"] != "evidence_read"]
    return [one for one in told if one]


def note(data: Path) -> bytes:
    with LogReader(data / "custody.db") as reader:
        return reader.note() or b""


def key(data: Path) -> str:
    with CustodyLog.open(data / "custody.db") as log:
        return str(log.vkey)


def begin(data: Path) -> None:
    """What a start does first with a restored log."""
    with CustodyLog.open(data / "custody.db") as log:
        assert log.restored is not None
        log.append([draft("restored", **log.restored.fields)])
        log.append([draft("log_key", vkey=str(log.vkey))])


def hostile(vault: Vault, database: bytes, about: bytes) -> Path:
    """A backup as anybody could seal it, who has the recipient."""
    packed = Packed([member(ABOUT, about), member(LOG, database)])
    octets = b"".join(iter(lambda: packed.read(65536), b""))
    file = vault.medium / "hostile.age"
    file.write_bytes(pyrage.encrypt(octets, [x25519.Recipient.from_str(vault.recipient)]))
    return file
