"""A log's name comes from strangers: nothing of it reaches a terminal as it is."""

from pathlib import Path

import pytest

from controller.ledger.custody_log import CustodyLog
from tests.ledger.export.exporting import Make, exported
from tests.ledger.export.test_proof_commands import run

NAME = "bank.example/\x9b2J\u202evault"


@pytest.fixture
def data(file: Path, draft: Make, folder: Path) -> Path:
    with CustodyLog.open(file, origin=NAME) as log:
        log.append([draft(kind="log_key", vkey=str(log.vkey))])
        exported(log, folder)
        (file.parent / "vkey").write_text(str(log.vkey))
    return file.parent


def test_no_command_shows_a_name_that_commands_the_terminal(data: Path, folder: Path, tmp_path: Path) -> None:
    vkey, receipt, entry = (data / "vkey").read_text(), tmp_path / "0.tlog-proof", tmp_path / "0.json"
    commands: list[tuple[object, ...]] = [
        ("prove", 0, "--data", data, "--out", receipt, "--entry", entry),
        ("verify", folder, "--vkey", vkey, "--jobs", 1),
        ("check", receipt, "--entry", entry, "--vkey", vkey),
        ("slip", "--data", data),
    ]
    for words in commands:
        told = run(*words)
        assert told.exit_code == 0
        assert not set(told.output) & {"\x9b", "\u202e"}, words[0]
