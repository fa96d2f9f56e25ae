"""The folders of a test: a log, a medium for its backups, and an identity that the box does not have."""

from pathlib import Path
from typing import Any, NamedTuple

from click.testing import CliRunner, Result

from controller.backup_command import backup, restore_command
from controller.ledger.custody_log import CustodyLog

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
