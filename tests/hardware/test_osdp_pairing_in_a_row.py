"""Pairings that fail, one after the other: they add up to nothing, and the reader can always be paired.

A listener has every key that was sent under the public default key, or under a key that was sent like that.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_shims.osdp_machine import IDENTITY, Machine
from hardware.osdp.codec import decode
from hardware.osdp.engine import Engine
from hardware.signals import DeviceBack, ReaderPaired
from tests.hardware.osdp_pairing_bench import KEY, Bench, Keeper, ends
from tests.hardware.osdp_pairing_room import Room, accepted

if TYPE_CHECKING:
    from hardware.osdp.peripheral import Peripheral

TURNS = 20
"""More exchanges than a pairing takes until it sends the key and the reader proves that it has it."""


class Life(NamedTuple):
    """What a box and a reader are left with: the reader's key, what is on disk, what a listener knows."""

    holds: bytes | None
    written: tuple[tuple[bytes, str, bool], ...]
    heard: frozenset[bytes]

    def bench(self) -> Bench:
        """The box and the reader after a restart."""
        bench = Bench(Machine(1, self.holds))
        bench.keeper.written = list(self.written)
        bench.engine = Engine(bench.keeper.peripheral(), bench.now)
        bench.run(0.4)
        return bench

    def panel(self) -> Peripheral:
        """What the box knows after a restart."""
        keeper = Keeper()
        keeper.written = list(self.written)
        return keeper.peripheral()

    def kind(self) -> tuple[object, ...]:
        """All that matters in it: which of its keys the reader holds and which of them are whose."""
        panel = self.panel()
        keys = (panel.key, panel.pending, panel.earlier)
        role = "none" if self.holds is None else keys.index(self.holds)
        who = (panel.identity, panel.pending_identity, panel.earlier_identity)
        return (role, *who, *(key and key in self.heard for key in keys))


def power_fails(life: Life, turns: int, *, heard: bool) -> Life | None:
    """The life after a pairing that the panel did not survive; None if it had ended well before."""
    bench = life.bench()
    bench.pair()
    for _ in range(turns):
        bench.turn()
    last = decode(bench.engine.ask(bench.now))
    if heard and last is not None:
        bench.machine.hear(last)
    if ends(bench.signals):
        assert isinstance(ends(bench.signals)[0], ReaderPaired)
        return None
    readable = life.holds is None or life.holds in life.heard
    fresh = {key for key, _, proved in bench.keeper.written if not proved} - {
        one for one, _, _ in life.written
    }
    known = life.heard | fresh if readable else life.heard
    return Life(bench.machine.key, tuple(bench.keeper.written), frozenset(known))


def every_life(first: Life) -> list[Life]:
    """All that any number of pairings in a row can leave behind, none of which ended well."""
    found, todo = {first.kind(): first}, [first]
    while todo:
        life = todo.pop()
        nexts = [power_fails(life, turns, heard=heard) for turns in range(TURNS) for heard in (True, False)]
        for new in nexts:
            if new is not None and new.kind() not in found:
                found[new.kind()] = new
                todo.append(new)
    return list(found.values())


@pytest.mark.parametrize(("holds", "kinds"), [(None, 6), (KEY, 9)], ids=["from the factory", "working"])
def test_no_number_of_pairings_that_power_cut_short_makes_an_overheard_key_count(
    holds: bytes | None, kinds: int
) -> None:
    lives = every_life(Life(holds, (), frozenset()))
    assert len(lives) >= kinds
    assert any(life.heard for life in lives) == (holds is None)
    for life in lives:
        panel = life.panel()
        assert not [key for key in life.heard if accepted(panel, key)]
        bench = life.bench()
        assert bench.engine.announced == (life.holds is not None and life.holds not in life.heard)
        bench.pair()
        assert ends(bench.run(4.0)) == [ReaderPaired("in", IDENTITY)]
        assert bench.engine.announced


CUTS = st.tuples(st.integers(0, TURNS), st.booleans(), st.booleans())


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([None, KEY]), st.lists(CUTS, min_size=2, max_size=3))
def test_pairings_cut_short_in_a_row_leave_nothing_to_a_listener_and_the_reader_to_us(
    holds: bytes | None, cuts: list[tuple[int, bool, bool]]
) -> None:
    """With the key files of the box; where the box goes on, its ring of keys says what its files say."""
    with TemporaryDirectory() as folder:
        room = Room(Path(folder), holds)
        room.bench.run(0.4)
        for turns, heard, dies in cuts:
            if any(isinstance(end, ReaderPaired) for end in room.cut(turns, heard=heard, dies=dies)):
                room.heard.clear()
            assert not [key for key in room.heard if accepted(room.panel(), key)]
            assert not [key for key in room.heard if room.believed(key)]
        room.pair(30.0)
        assert ReaderPaired("in", IDENTITY) in room.bench.run(6.0)
        assert DeviceBack("in") in room.restarted().run(0.4)


@pytest.mark.parametrize("holds", [None, KEY], ids=["from the factory", "working"])
@pytest.mark.parametrize("dies", [True, False], ids=["dies", "goes on"])
@pytest.mark.parametrize("heard", [[True], [True, True], [True, False, True]])
def test_a_reader_that_misses_one_key_after_the_other_is_still_reached(
    tmp_path: Path, holds: bytes | None, heard: list[bool], *, dies: bool
) -> None:
    """It holds the last key it heard; however many are sent after that, that one is not forgotten."""
    room = Room(tmp_path, holds)
    room.bench.run(0.4)
    for arrives in [*heard, False, False, False]:
        room.cut_at_the_key(heard=arrives, dies=dies)
        assert not [key for key in room.heard if accepted(room.panel(), key)]
    assert len(room.heard) == (len(heard) + 3 if holds is None else 0)
    room.pair(30.0)
    assert ReaderPaired("in", IDENTITY) in room.bench.run(6.0)
