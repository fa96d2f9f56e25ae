"""Backups beside a running room, and a room that starts on a restored log."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyrage import x25519

from controller.child import Child
from controller.gate_client import GateClient
from controller.ledger import restored
from controller.ledger.reading import LogReader
from controller.ledger.verify import verify
from controller.os_users import os_user
from tests.backup.vault import Vault
from tests.wires.wired import Wired


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    with Wired(tmp_path_factory.mktemp("room")) as room:
        yield room.founded()


@pytest.fixture
def vault(room: Wired, tmp_path: Path) -> Vault:
    return vault_of(room, tmp_path)


def vault_of(room: Wired, tmp_path: Path) -> Vault:
    """A medium for the room's backups, and who may open them."""
    identity = x25519.Identity.generate()
    key, medium = tmp_path / "key.age", tmp_path / "medium"
    key.touch(0o600)
    key.write_text(str(identity))
    medium.mkdir()
    return Vault(room.bench.data, medium, key, str(identity.to_public()))


def test_a_backup_beside_a_running_controller_is_its_entry_and_stops_nothing(
    room: Wired, vault: Vault
) -> None:
    before = room.newest
    file = vault.made()
    look, written = room.entries("evidence_read", "backed_up", after=before)
    assert (look["what"], look["who"], written["to"]) == ("backup", [os_user(os.geteuid())], str(file))
    assert written["clock"] == "trusted"
    assert room.child.running


def test_a_failed_backup_calls_the_guard_and_the_next_good_one_ends_the_trouble(
    room: Wired, vault: Vault
) -> None:
    before = room.newest
    vault.medium.rmdir()
    assert vault.backup().exit_code == 74
    (failed,) = room.entries("backup_failed", after=before)
    assert "is the disk in place?" in failed["why"]
    assert [entry["alarm"] for entry in room.entries("alarm_raised", after=before)] == ["backup_late"]
    vault.medium.mkdir()
    vault.made()
    assert len(room.entries("backed_up", after=before)) == 1


@pytest.mark.parametrize(
    "report",
    [
        {"backed_up": "x", "size": "7", "head": "x"},
        {"backed_up": "x", "size": -1, "head": "x"},
        {"backup_failed": ["x"], "why": "x"},
        {"restored": "x", "old_size": 7},
        {"log_key": "x"},
    ],
)
def test_at_the_gate_only_news_of_a_backup_is_taken_and_only_whole(room: Wired, report: object) -> None:
    before = room.newest
    with GateClient(room.bench.data / "gate.sock") as gate:
        assert gate.tell({"report": report})["refused"] == "not_understood"
    kinds = ("backed_up", "backup_failed", "restored", "log_key")
    assert not room.entries(*kinds, after=before)


def test_a_room_that_starts_on_a_restored_log_says_so_first_sounds_and_goes_on_under_its_new_name(
    tmp_path: Path,
) -> None:
    with Wired(tmp_path / "room") as room:
        vault = vault_of(room.founded(), tmp_path)
        file = vault.made()
        assert room.child.stop() == 0
        new = vault.restored(file, "--live", vault.data)
        mark = restored.load(new)
        assert mark is not None
        with Child(room.bench.site, new, room.bench.environment()) as child:
            alarms = {alarm["alarm"] for alarm in child.look(sealed=True)["alarms"]}
            with LogReader(new / "custody.db") as reader:
                first = list(reader.entries(after=mark.old_size - 1))
            assert child.stop() == 0
    assert [first[0]["kind"], first[0]["old_head"]] == ["restored", mark.old_head]
    assert first[1]["alarm"] == "log_restored"
    assert "log_restored" in alarms
    assert [entry["vkey"] for entry in first if entry["kind"] == "log_key"] == [mark.vkey]
    report = verify(new / "custody.db", restored=restored.known(new))
    assert (report.vkey, report.entries > mark.old_size) == (mark.vkey, True)
