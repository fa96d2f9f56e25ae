"""What a running controller does for its log: the key it names, changes and never swaps, its index."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.errors import IronroomError
from controller.ledger.formats.note import SignedNote, verify
from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.log_key import FileKeys, load_key
from controller.ledger.reading import LogReader
from controller.ledger.verify import verify as verify_log
from tests.wires.wired import Wired


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Wired]:
    with Wired(tmp_path) as room:
        yield room.founded()


def newest_note(room: Wired) -> SignedNote:
    with LogReader(room.log) as reader:
        return SignedNote.parse(reader.note() or b"")


def test_the_first_start_names_the_signing_key_and_further_ones_do_not(room: Wired) -> None:
    (entry,) = room.entries("log_key")
    vkey = VerifierKey.parse(entry["vkey"])
    assert vkey.name == "example"
    assert verify(newest_note(room), [vkey]) == [vkey]
    room.child.stop()
    room.up()
    assert len(room.entries("log_key")) == 1


def test_two_people_change_the_key_and_both_keys_sign_that(room: Wired) -> None:
    old = VerifierKey.parse(room.entries("log_key")[0]["vkey"])
    answer = room.child.ask("rotate_key", "zhao", "chen", reason="every two years")
    assert answer["accepted"]
    (entry,) = room.written("key_rotated", after=-1)
    new = VerifierKey.parse(entry["new"])
    assert entry["old"] == str(old)
    room.child.stop()
    assert verify(newest_note(room), [old, new]) == [new]
    key = load_key(room.log.parent)
    assert key is not None
    assert key.vkey == new
    report = verify_log(room.log)
    assert report.vkey == str(new)
    room.up()
    assert len(room.entries("key_rotated")) == 1


def test_one_person_alone_changes_no_key(room: Wired) -> None:
    answer = room.child.ask("rotate_key", "zhao")
    assert answer["refused"] == "needs_second"
    assert not room.entries("key_rotated", "key_rotation_asked")


def test_a_controller_does_not_run_with_a_key_that_the_log_does_not_name(room: Wired) -> None:
    room.child.stop()
    folder = room.log.parent
    keys = FileKeys(folder)
    stranger = keys.begin_next()
    (folder / "log.key.next").replace(folder / "log.key")
    assert load_key(folder) is not None
    with pytest.raises(IronroomError, match="is not signed by"):
        room.child.start()
    assert str(stranger.vkey) not in (folder / "custody.db").read_bytes().decode("latin-1")


def test_the_index_follows_what_is_committed(room: Wired) -> None:
    room.granted()
    room.child.stop()
    assert (room.log.parent / "search.db").stat().st_size > 0
