import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_shims import pi_host
from firmware_shims.heard import Heard
from firmware_shims.pinboard import PinBoard
from hardware import pins
from hardware.gpio import GpioBoard
from hardware.gpio_chip import Chip
from hardware.gpio_relays import Relays
from hardware.gpio_turns import REST_S
from hardware.pins import PinError
from hardware.signals import DeviceBack, DeviceLost, LateRelease

Build = Callable[..., GpioBoard]
LONG = 20.0
A, B, C = (pins.output(f"relay/{n}", f"c{n}") for n in (1, 2, 3))
MAGNET = pins.output("relay/4", "magnet", power_to_lock=True)
SET = ("c1", "c2")


def moves(world: PinBoard) -> list[tuple[int, bool]]:
    return [(bcm, level) for _, bcm, level in list(world.history)]


def test_the_second_begins_when_the_first_has_ended(world: PinBoard, build: Build) -> None:
    board = build((A, B), (), (), one_at_a_time=SET)
    board.release("c1", time.monotonic() + 0.3)
    board.release("c2", time.monotonic() + 1000)
    assert not world.level(B.pin.bcm)
    assert world.wait(B.pin.bcm, 1, LONG)
    assert moves(world) == [(A.pin.bcm, True), (A.pin.bcm, False), (B.pin.bcm, True)]
    (_, ended), (_, begun) = [(n, at) for n, (at, _, _) in enumerate(world.history)][1:]
    assert begun - ended >= REST_S


def test_a_line_outside_the_set_never_waits(world: PinBoard, build: Build) -> None:
    board = build((A, B, C), (), (), one_at_a_time=SET)
    board.release("c1", time.monotonic() + 1000)
    board.release("c3", time.monotonic() + 1000)
    assert world.level(C.pin.bcm)


def test_who_waits_longer_than_its_own_time_is_late(world: PinBoard, build: Build, heard: Heard) -> None:
    board = build((A, B), (), (), one_at_a_time=SET)
    board.release("c1", time.monotonic() + 1000)
    board.release("c2", time.monotonic() + 0.2)
    assert heard.wait_kind(LateRelease)
    assert [s.line for s in heard.of(LateRelease) if isinstance(s, LateRelease)] == ["c2"]
    board.secure("c1")
    assert moves(world) == [(A.pin.bcm, True), (A.pin.bcm, False)]


def test_what_is_secured_waits_no_longer(world: PinBoard, build: Build, heard: Heard) -> None:
    board = build((A, B, C), (), (), one_at_a_time=("c1", "c2", "c3"))
    for line in ("c1", "c2", "c3"):
        board.release(line, time.monotonic() + 1000)
    board.secure("c2")
    board.secure("c1")
    assert world.wait(C.pin.bcm, 1, LONG)
    board.release("c1", time.monotonic() + 1000)
    board.secure_all()
    board.release("c2", time.monotonic() + 1000)
    assert world.wait(B.pin.bcm, 1, LONG)
    wanted = [(A, True), (A, False), (C, True), (C, False), (B, True)]
    assert moves(world) == [(bolt.pin.bcm, level) for bolt, level in wanted]
    assert not heard.of(LateRelease)


def test_what_is_no_bolt_cannot_take_turns(build: Build) -> None:
    with pytest.raises(PinError, match="there is c1, c2"):
        build((A, B), (), (), one_at_a_time=("c1", "c9"))
    siren = pins.output("relay/7", "siren", latching=True)
    with pytest.raises(PinError, match="stays as told"):
        build((A, siren), (), (), one_at_a_time=("c1", "siren"))
    build((A, B, siren), (), (), one_at_a_time=SET)


class Bench:
    """Relays in virtual time on the wire of a real chip: what a dead man without delay would do."""

    def __init__(self, world: PinBoard, relays: Relays) -> None:
        self.world, self.relays, self.now = world, relays, 0.0
        self.until: dict[str, float] = {}

    def step(self, wish: tuple[str, str, int]) -> None:
        what, line, span = wish
        if what == "release":
            self.until[line] = self.now + span / 10
            self.relays.release(line, self.now + span / 10)
        elif what == "late":
            self.relays.release(line, self.now - span / 10)
        elif what == "secure":
            self.secure([line], lambda: self.relays.bolt(line))
        elif what == "secure_all":
            self.secure([bolt.line for bolt in BOLTS], self.relays.bolt_all)
        elif what == "brown_out":
            self.brown_out()
        else:
            self.pass_time(self.now + span / 10)

    def secure(self, lines: list[str], how: Callable[[], object]) -> None:
        how()
        for line in lines:
            self.until.pop(line, None)
            assert line not in self.open(), f"{line} was secured and is open"

    def brown_out(self) -> None:
        released = [bolt.line for bolt in BOLTS if bolt.line in self.open() and not bolt.power_to_lock]
        self.world.brown_out()
        self.world_is_told()
        self.relays.check()
        # What had current has lost it, and for longer than this moment.
        for line in released:
            del self.until[line]
        self.world.history.clear()

    def pass_time(self, end: float) -> None:
        while (due := self.relays.wake()) is not None and due <= end:
            self.now = max(self.now, due)
            self.relays.settle()
            self.judge()
        self.now = end

    def world_is_told(self) -> None:
        # A packet that is answered comes after all that was sent before it.
        self.relays.switch("siren", on=False)

    def open(self) -> set[str]:
        return {b.line for b in BOLTS if self.world.level(b.pin.bcm) == b.current(released=True)}

    def judge(self) -> None:
        """Nobody is open beyond what was asked for, and of the set one at most."""
        open_now = self.open()
        assert all(self.until.get(line, -1.0) >= self.now for line in open_now), (self.now, self.until)
        assert len(open_now & TURNS) <= 1


BOLTS = (A, B, C, MAGNET, pins.output("relay/5", "magnet2", power_to_lock=True))
TURNS = {"c1", "c2", "magnet2"}
SIREN = pins.output("relay/7", "siren", latching=True)
WISHES = st.tuples(
    st.sampled_from(["release"] * 6 + ["secure", "late", "secure_all", "brown_out"] + ["time"] * 4),
    st.sampled_from([bolt.line for bolt in BOLTS]),
    st.integers(1, 30),
)


@contextmanager
def bench_of(chip: Chip, world: PinBoard) -> Iterator[Bench]:
    bench: Bench
    relays = Relays(chip, (*BOLTS, SIREN), TURNS, clock=lambda: bench.now)
    bench = Bench(world, relays)
    world.history.clear()
    yield bench
    relays.bolt_all()


@pytest.fixture(scope="module")
def wired() -> Iterator[tuple[Chip, PinBoard]]:
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setenv("IRONROOM_PINBOARD", "")
        patch.setenv("RPI_LGPIO_REVISION", "")
        with PinBoard(Path(folder) / "pins") as world:
            pi_host.adopt(Path(folder) / "pins")
            yield Chip(), world


@settings(deadline=None)
@given(wishes=st.lists(WISHES, max_size=30))
def test_whatever_is_asked_in_whatever_order_no_two_of_the_set_and_nobody_beyond_its_time(
    wired: tuple[Chip, PinBoard], wishes: list[tuple[str, str, int]]
) -> None:
    chip, world = wired
    with bench_of(chip, world) as bench:
        for wish in wishes:
            bench.step(wish)
            bench.judge()
        bench.pass_time(bench.now + 10)
        assert bench.open() == set()
        assert_never_two(world)


def assert_never_two(world: PinBoard) -> None:
    # Between the steps too: the order in which the pins moved tells.
    of = {bolt.pin.bcm: bolt for bolt in BOLTS if bolt.line in TURNS}
    opened: set[str] = set()
    for _, bcm, level in list(world.history):
        if bcm in of and of[bcm].current(released=True) == level:
            opened.add(of[bcm].line)
        elif bcm in of:
            opened.discard(of[bcm].line)
        assert len(opened) <= 1


def test_changes_come_in_the_order_of_time(wired: tuple[Chip, PinBoard]) -> None:
    chip, world = wired
    with bench_of(chip, world) as bench:
        for line in ("c1", "c2", "c1", "magnet2"):
            bench.step(("release", line, 20))
        bench.pass_time(100)
        times = [at for at, _, _ in world.history]
        assert all(before <= after for before, after in pairwise(times))
        assert [bcm for _, bcm, _ in world.history] == [A.pin.bcm, A.pin.bcm]


def test_a_new_release_after_a_fall_that_nobody_saw_yet_tells_of_the_fall(
    wired: tuple[Chip, PinBoard],
) -> None:
    chip, world = wired
    with bench_of(chip, world) as bench:
        bench.relays.release("c3", 1000)
        world.brown_out()
        bench.world_is_told()
        found = bench.relays.release("c3", 1000)
        assert [type(signal) for signal in found] == [DeviceLost, DeviceBack]
        assert [level for _, bcm, level in world.history if bcm == C.pin.bcm] == [True, False, True]
