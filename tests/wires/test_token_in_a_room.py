"""A room whose log a token signs: it runs as any other, and without its token nothing opens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.errors import IronroomError, LookRefused
from controller.evidence_reading import record_look
from controller.ledger.formats.note import SignedNote, verify
from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.key_places import keys_of
from controller.ledger.private import make_folder
from controller.ledger.reading import LogReader
from controller.ledger.verify import verify as verify_log
from tests.ledger.tokens import Drawer
from tests.wires.wired import LONG, SITE, Wired


@pytest.fixture
def drawer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Drawer]:
    monkeypatch.setenv("SOFTHSM2_CONF", "")  # put back afterwards
    folder = tmp_path / "drawer"
    folder.mkdir()
    drawer = Drawer(folder)
    yield drawer
    drawer.look_again()


@pytest.fixture
def room(tmp_path: Path, drawer: Drawer) -> Iterator[Wired]:
    """A room whose site file says that keys are made in a token."""
    with Wired(tmp_path, SITE + f'\n[log]\nkey = "{drawer.add()}"\n') as room:
        yield room


def newest_note(room: Wired) -> SignedNote:
    with LogReader(room.log) as reader:
        return SignedNote.parse(reader.note() or b"")


def test_a_room_begins_its_log_in_the_token_and_starts_again_with_it(room: Wired, drawer: Drawer) -> None:
    room.founded().granted()
    (entry,) = room.entries("log_key")
    vkey = VerifierKey.parse(entry["vkey"])
    assert verify(newest_note(room), [vkey]) == [vkey]
    room.child.stop()
    assert drawer.objects() == [f"example+{vkey.key_id.hex()}"]
    room.up()
    assert len(room.entries("log_key")) == 1
    room.child.stop()
    assert verify_log(room.log).vkey == str(vkey)


def test_a_bolt_drops_and_the_room_ends_when_its_token_is_pulled_out(room: Wired, drawer: Drawer) -> None:
    room.founded().granted()
    drawer.pull()
    newest = room.newest
    room.bench.level("main.contact", "active")
    assert room.child.wait(LONG) == 70
    assert "the token vault: the key is not there any more" in room.child.words
    assert "nothing may open" in room.child.words
    assert room.bench.field.wait("main", energised=False, timeout=LONG)
    # That no camera has a picture of the grant may have been on its way.
    assert {entry["kind"] for entry in room.entries(after=newest)} <= {"no_picture"}
    with pytest.raises(IronroomError, match="the token vault") as told:
        room.child.start()
    assert told.value.exit_code == 70
    drawer.put_back()
    room.bench.level("main.contact", "normal")
    room.up()
    room.child.stop()
    verify_log(room.log)


def test_a_look_while_no_controller_runs_is_signed_by_the_token_or_not_shown(
    room: Wired, drawer: Drawer
) -> None:
    room.founded().child.stop()
    assert record_look(room.log.parent, "show") == room.newest
    assert room.entries("evidence_read")
    newest = room.newest
    drawer.pull()
    drawer.look_again()
    with pytest.raises(LookRefused, match="the token vault: no such token is there"):
        record_look(room.log.parent, "show")
    assert room.newest == newest


def test_two_people_move_the_key_of_a_running_room_into_its_token(room: Wired, drawer: Drawer) -> None:
    make_folder(room.log.parent)
    old = keys_of(room.log.parent).begin("example").vkey  # as it was before the token was bought
    room.founded()
    assert room.entries("log_key")[0]["vkey"] == str(old)
    assert drawer.objects() == []
    assert room.child.ask("rotate_key", "zhao", "chen", reason="into the token")["accepted"]
    (entry,) = room.written("key_rotated", after=-1)
    new = VerifierKey.parse(entry["new"])
    room.granted()
    room.child.stop()
    assert verify(newest_note(room), [old, new]) == [new]
    assert drawer.objects() == [f"example+{new.key_id.hex()}"]
    assert verify_log(room.log).vkey == str(new)


def test_a_token_that_is_not_there_yet_holds_up_a_rotation_and_no_door(room: Wired, drawer: Drawer) -> None:
    make_folder(room.log.parent)
    keys_of(room.log.parent).begin("example")
    room.founded()
    drawer.pull()
    assert room.child.ask("rotate_key", "zhao", "chen", reason="into the token")["accepted"]
    room.granted()
    assert not room.entries("key_rotated")
    assert room.view["log"]["rotation_asked"]
    assert room.child.words.count("cannot be made: the token vault: no such token is there") == 1
    room.child.stop()
    drawer.put_back()
    room.up()
    assert room.written("key_rotated", after=-1)
