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

from controller.reader_keys import ReaderKeys
from firmware_shims.osdp_bench import Lockstep
from firmware_shims.osdp_machine import IDENTITY, Machine
from hardware.osdp.codec import decode
from hardware.osdp.engine import Engine
from hardware.osdp.pairing import Pairing
from hardware.osdp.peripheral import Peripheral
from hardware.signals import DeviceBack, ReaderPaired
from tests.hardware.osdp_pairing_bench import KEY, Bench, Keeper, ends

if TYPE_CHECKING:
    from hardware.osdp.codec import Frame
    from hardware.signals import Signal

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


def accepted(panel: Peripheral, key: bytes) -> bool:
    """Whether somebody who has this key, and says what the reader says, is believed in operation."""
    return DeviceBack("in") in Lockstep(key, peripheral=panel, machine=Machine(1, key)).run(1.0)


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


class Room:
    """A box with its key files, a reader, and a listener; everything that may happen to a pairing."""

    def __init__(self, folder: Path, holds: bytes | None) -> None:
        self._files = ReaderKeys(folder)
        if holds is not None:
            self._files.keep("in", holds, IDENTITY, proved=True)
        self.machine = Machine(1, holds)
        self.heard: set[bytes] = set()
        self.bench = self.restarted()

    def panel(self) -> Peripheral:
        """What the box knows after a restart."""
        key, pending = self._files.of("in"), self._files.pending("in")
        earlier = self._files.earlier("in")
        return Peripheral(
            1,
            "in",
            key.key,
            identity=key.identity,
            pending=pending.key if pending else None,
            pending_identity=pending.identity if pending else "",
            earlier=earlier.key if earlier else None,
            earlier_identity=earlier.identity if earlier else "",
        )

    def restarted(self) -> Lockstep:
        """The box after a restart; the reader stays as it is."""
        return Lockstep(KEY, peripheral=self.panel(), machine=self.machine)

    def pair(self, seconds: float) -> None:
        """Begins a pairing; the listener has whatever is sent under a key that it has."""
        readable = self.machine.key is None or self.machine.key in self.heard

        def keep(device: str, key: bytes, identity: str, /, *, proved: bool) -> None:
            self._files.keep(device, key, identity, proved=proved)
            if readable:
                self.heard.add(key)

        self.bench.engine.pair(Pairing("in", self.bench.now + seconds, keep))

    def cut(self, turns: int, *, heard: bool, dies: bool) -> list[Signal]:
        """A pairing whose wire is cut in one or both directions, with the box going on or dying."""
        self.pair(5.0)
        told = [signal for _ in range(turns) for signal in self.bench.turn()]
        hear = self.machine.hear
        self.bench.wire = lambda _, __: []
        if not heard:
            self.machine.hear = self._deaf  # type: ignore[assignment,method-assign]
        told += self.bench.turn() if dies else self.bench.run(8.0)
        self.machine.hear = hear  # type: ignore[method-assign]
        self.machine.forget()
        self.bench.wire = lambda _, reply: [reply]
        if dies:
            self.bench = self.restarted()
        self.bench.run(0.4)
        return ends(told)

    @staticmethod
    def _deaf(_: Frame) -> None:
        return None

    def believed(self, key: bytes) -> bool:
        """Whether the box that goes on now believes somebody with this key in the place of the reader."""
        held, since = self.machine.key, len(self.bench.signals)
        self.machine.key = key
        self.machine.forget()
        self.bench.run(40.0)
        self.machine.key = held
        self.machine.forget()
        return DeviceBack("in") in self.bench.signals[since:]


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
