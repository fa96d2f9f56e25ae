"""A whole room beside a log witness: cosigned, shown, lost and back, and not started on an older log."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.errors import IronroomError
from controller.ledger.formats.note import SignedNote, verify
from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.log_key import load_key
from controller.log_witness.key import load_key as load_cosigner
from tests.wires.wired import SITE, Wired
from tests.witness.houses import founded, house, trust, until

SECTIONS = """
[log]
origin = "bank.example/vault-1"

[log_witness.branch]
url = "{url}"
vkey = "{vkey}"
"""


@pytest.fixture
def room(folder: Path, tmp_path: Path) -> Iterator[Wired]:
    founded(folder)
    with house(folder) as witness:
        text = SITE + SECTIONS.format(url=witness.url, vkey=witness.vkey)
        with Wired(tmp_path / "room", text) as room:
            room.up()
            trust(folder, log_key(room))
            yield room


def log_key(room: Wired) -> VerifierKey:
    key = load_key(room.bench.data)
    assert key
    return key.vkey


def all_cosigned(room: Wired) -> bool:
    log = room.view["log"]
    return bool(log["size"] == log["witnesses"]["branch"] and log["unwitnessed"] == 0)


def test_a_room_shows_what_its_log_witness_has_cosigned(room: Wired, folder: Path) -> None:
    until(lambda: all_cosigned(room))
    note = until(lambda: _published(room))
    cosigner = load_cosigner(folder).vkey
    assert verify(note, [log_key(room), cosigner]) == [log_key(room), cosigner]


def _published(room: Wired) -> SignedNote | None:
    file = room.bench.data / "checkpoint.cosigned"
    return SignedNote.parse(file.read_bytes()) if file.exists() else None


@pytest.mark.parametrize("forgotten", [False, True])
def test_a_rolled_back_data_folder_is_not_started(room: Wired, tmp_path: Path, forgotten: bool) -> None:
    until(lambda: all_cosigned(room))
    room.child.stop()
    shutil.copytree(room.bench.data, tmp_path / "old")
    room.child.start()
    until(lambda: all_cosigned(room))
    room.child.stop()
    for file in (*room.bench.data.glob("custody.*"), room.bench.data / "checkpoint.cosigned"):
        file.unlink()
    for file in (tmp_path / "old").glob("custody.*"):
        shutil.copy2(file, room.bench.data)
    if forgotten:  # then the log witness alone knows
        shutil.rmtree(room.bench.data / "witnessed")
    room.child.launch()
    with pytest.raises(IronroomError, match="the log witness branch contradicts this log"):
        until_ended(room)
    assert not room.bench.lock("main")


def until_ended(room: Wired) -> None:
    until(lambda: not room.child.running)
    raise IronroomError(room.child.words)
