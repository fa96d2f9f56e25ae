"""What a pairing leaves in the key files of the box."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from controller.reader_keys import ReaderKeys
from firmware_shims.osdp_machine import IDENTITY
from hardware.signals import DeviceBack, ReaderPaired
from tests.hardware.osdp_pairing_bench import KEY, ends
from tests.hardware.osdp_pairing_room import Room

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("holds", [None, KEY], ids=["from the factory", "working"])
def test_after_a_pairing_and_a_restart_another_reader_with_the_same_key_is_not_believed(
    tmp_path: Path, holds: bytes | None
) -> None:
    room = Room(tmp_path, holds)
    room.bench.run(2.0)
    room.pair(30.0)
    assert ends(room.bench.run(4.0)) == [ReaderPaired("in", IDENTITY)]
    assert room.panel().identity == IDENTITY
    assert (room.panel().pending, room.panel().earlier) == (None, None)
    room.machine.identity = "1A2B3C-01-01-00000666"
    room.machine.forget()
    told = room.restarted().run(4.0)
    assert DeviceBack("in") not in told
    assert "not 1A2B3C-01-01-00000000" in str(told)


def unproved(keys: ReaderKeys) -> list[bytes]:
    """The keys that are not proved, the last one first."""
    return [one.key for one in (keys.pending("in"), keys.earlier("in")) if one is not None]


def test_of_the_keys_that_are_not_proved_the_last_two_are_kept(tmp_path: Path) -> None:
    keys, sent = ReaderKeys(tmp_path), [os.urandom(16) for _ in range(4)]
    kept = []
    for key in sent:
        keys.keep("in", key, "", proved=False)
        kept.append(unproved(keys))
    assert kept == [sent[:1], sent[1::-1], sent[2:0:-1], sent[3:1:-1]]


def test_a_key_that_is_kept_again_is_the_last_one_and_never_away_from_the_disk(tmp_path: Path) -> None:
    """The disk may be full, or the power gone, at any writing."""
    keys, held, unheard, fresh = ReaderKeys(tmp_path), *(os.urandom(16) for _ in range(3))
    keys.keep("in", held, "", proved=False)
    keys.keep("in", unheard, "", proved=False)
    in_the_way = tmp_path / "keys" / "in.pending.new"
    for key in (held, fresh):
        in_the_way.mkdir()
        with pytest.raises(OSError, match="pending"):
            keys.keep("in", key, "", proved=False)
        assert held in unproved(keys)
        in_the_way.rmdir()
        keys.keep("in", key, "", proved=False)
    assert unproved(keys) == [fresh, held]


def test_a_key_that_is_proved_is_the_only_one_left(tmp_path: Path) -> None:
    keys, proved = ReaderKeys(tmp_path), os.urandom(16)
    for key in (os.urandom(16), os.urandom(16), proved):
        keys.keep("in", key, "", proved=False)
    keys.keep("in", proved, IDENTITY, proved=True)
    assert unproved(keys) == []
    assert (keys.of("in").key, keys.of("in").identity) == (proved, IDENTITY)
