"""Pairings that are cut short: what every interruption leaves behind, and who gains nothing by it."""

import os
from collections.abc import Callable

import pytest

from firmware_shims.osdp_bench import Lockstep
from firmware_shims.osdp_machine import IDENTITY, Machine
from hardware.osdp.codec import Frame, decode
from hardware.osdp.messages import Command, Reply, message
from hardware.osdp.peripheral import Peripheral
from hardware.signals import DeviceBack, DeviceLost, PairingFailed, ReaderPaired
from tests.hardware.osdp_pairing_bench import KEY, Bench, ends, from_factory, working


@pytest.mark.parametrize("begin", [working, from_factory])
@pytest.mark.parametrize("dies_after", range(30))
@pytest.mark.parametrize("heard", [True, False], ids=["heard", "unheard"])
def test_whenever_the_panel_dies_the_next_one_can_talk_to_the_reader(
    begin: Callable[[], Bench], dies_after: int, *, heard: bool
) -> None:
    """Power fails before or after any command reaches the reader; what was written down is enough."""
    bench = begin()
    bench.pair()
    for _ in range(dies_after):
        bench.turn()
    last = decode(bench.engine.ask(bench.now))
    if heard and last is not None:
        bench.machine.hear(last)
    in_secret = begin is working or bench.keeper.written[-1:] == [(bench.machine.key, IDENTITY, True)]
    restarted = Bench(bench.machine)
    restarted.keeper = bench.keeper
    restarted.engine = type(bench.engine)(bench.keeper.peripheral(), restarted.now)
    restarted.run(2.0)
    assert restarted.engine.announced == in_secret
    restarted.pair()
    assert ends(restarted.run(2.0)) == [ReaderPaired("in", IDENTITY)]
    assert restarted.engine.announced


@pytest.mark.parametrize("lost", range(1, 13))
@pytest.mark.parametrize("command", [True, False], ids=["command", "reply"])
def test_a_lost_frame_delays_a_pairing_and_does_not_end_it(lost: int, *, command: bool) -> None:
    bench = from_factory()
    heard: list[Frame] = []
    hear = bench.machine.hear

    def deaf(frame: Frame) -> Frame | None:
        heard.append(frame)
        return None if len(heard) == lost and command else hear(frame)

    bench.machine.hear = deaf  # type: ignore[method-assign]
    bench.wire = lambda _, reply: [] if len(heard) == lost and not command else [reply]
    bench.pair()
    assert ends(bench.run(8.0)) == [ReaderPaired("in", IDENTITY)]


def test_a_key_that_was_given_and_not_proved_survives_the_next_pairing() -> None:
    """A pending key that the reader holds is confirmed before another pending key takes its place."""
    pending = os.urandom(16)
    peripheral = Peripheral(1, "in", KEY, pending=pending, pending_identity=IDENTITY)
    bench = Bench(Machine(1, pending))
    bench.engine = type(bench.engine)(peripheral, bench.now)
    bench.run(1.0)
    assert bench.engine.announced
    bench.pair()
    assert ends(bench.run(1.0)) == [ReaderPaired("in", IDENTITY)]
    (first, *_, last) = bench.keeper.written
    assert first == (pending, IDENTITY, True)
    assert last[0] == bench.machine.key


def test_a_busy_reader_is_paired_when_it_has_time() -> None:
    bench = working()
    busy = Frame(1, reply=True, sequence=0, block=b"", body=bytes([Reply.BUSY]))
    seen: set[Frame] = set()

    def first_busy(command: Frame, reply: Frame) -> list[Frame]:
        fresh = command not in seen
        seen.add(command)
        return [busy] if fresh and bench.engine.health().pairing else [reply]

    bench.wire = first_busy
    bench.pair()
    assert ReaderPaired("in", IDENTITY) in bench.run(5.0)


def test_a_stopped_bus_ends_a_pairing() -> None:
    bench = working()
    bench.pair()
    assert bench.engine.give_up() == [PairingFailed("in", "in was not paired: its bus was stopped")]
    assert bench.engine.give_up() == []


def test_the_factory_reader_answers_the_default_key_only_until_it_has_its_own() -> None:
    bench = from_factory()
    bench.pair()
    bench.run(2.0)
    machine = bench.machine
    machine.forget()
    machine.hear(Frame(1, reply=False, sequence=0, block=b"", body=bytes([Command.ID, 0])))
    challenge = Frame(1, reply=False, sequence=1, block=b"\x11\x00", body=bytes([Command.CHLNG]) + bytes(8))
    refused = machine.hear(challenge)
    assert refused is not None
    assert message(refused.body).code == Reply.NAK


def test_who_takes_a_key_under_the_default_one_and_does_not_prove_it_has_gained_nothing() -> None:
    """A fake reader in the window: the pairing fails, and the key it was sent opens no session later."""
    bench = from_factory()

    def breaks_off(command: Frame, reply: Frame) -> list[Frame]:
        return [] if bench.machine.key and command.body[0] == Command.SCRYPT else [reply]

    bench.wire = breaks_off
    bench.pair(3.0)
    assert isinstance(ends(bench.run(4.0))[0], PairingFailed)
    assert bench.machine.key == bench.keeper.written[0][0]
    bench.wire = lambda _, reply: [reply]
    bench.machine.forget()
    bench.signals.clear()
    bench.run(30.0)
    assert {type(one) for one in bench.signals} <= {DeviceLost}
    restarted = Lockstep(KEY, peripheral=bench.keeper.peripheral(), machine=bench.machine)
    assert restarted.run(2.0) == [DeviceLost("in", "in does not hold our key", suspect=True)]


def test_a_reader_that_got_its_key_and_could_not_prove_it_is_paired_again_without_a_reset() -> None:
    bench = from_factory()
    bench.wire = lambda command, reply: (
        [] if bench.machine.key and command.body[0] == Command.SCRYPT else [reply]
    )
    bench.pair(3.0)
    bench.run(4.0)
    bench.wire = lambda _, reply: [reply]
    bench.machine.forget()
    bench.commands.clear()
    bench.pair()
    assert ReaderPaired("in", IDENTITY) in bench.run(3.0)
    assert b"\x11\x00" not in {frame.block for frame in bench.commands}
    assert bench.engine.announced


def test_a_reader_that_works_is_never_talked_down_to_a_key_that_others_have_read() -> None:
    """A fake in a failed pairing got a key; the next pairing of the reader that works again is not for it."""
    overheard = os.urandom(16)
    bench = Bench()
    bench.keeper.written = [(overheard, "", False)]
    bench.engine = type(bench.engine)(bench.keeper.peripheral(), bench.now)
    bench.run(1.0)
    assert bench.engine.announced
    bench.pair()
    bench.machine.key = overheard
    bench.machine.forget()
    assert isinstance(ends(bench.run(5.0))[0], PairingFailed)
    assert len(bench.keeper.written) == 1
    assert not bench.engine.announced


@pytest.mark.parametrize("proved", [True, False])
def test_who_says_it_is_another_counts_only_when_its_pairing_has_ended_well(*, proved: bool) -> None:
    """Under a key of ours, and under one that a failed pairing gave to the reader that was meant."""
    given = os.urandom(16)
    bench = Bench(Machine(1, given))
    bench.keeper.written = [(KEY, IDENTITY, True), (given, IDENTITY, proved)]
    bench.engine = type(bench.engine)(bench.keeper.peripheral(), bench.now)
    bench.machine.identity = "1A2B3C-01-01-00000666"
    bench.run(2.0)
    bench.wire = lambda command, reply: (
        [] if bench.machine.key != given and command.body[0] == Command.SCRYPT else [reply]
    )
    bench.pair(3.0)
    assert isinstance(ends(bench.run(4.0))[0], PairingFailed)
    assert bench.machine.key != given
    bench.wire = lambda _, reply: [reply]
    bench.machine.forget()
    assert DeviceBack("in") not in bench.run(30.0)
    bench.pair()
    assert ends(bench.run(5.0)) == [ReaderPaired("in", bench.machine.identity)]
    assert bench.engine.announced
