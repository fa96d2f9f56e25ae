"""Giving a reader its key: when it works, and every other end."""

import os
from collections.abc import Callable

import pytest

from firmware_shims.osdp_bench import Lockstep
from firmware_shims.osdp_machine import IDENTITY, Machine
from hardware.osdp.codec import Frame
from hardware.osdp.messages import Command, Message, Reply
from hardware.osdp.secure import DEFAULT_KEY
from hardware.signals import CardRead, DeviceBack, DeviceLost, PairingFailed, ReaderPaired
from tests.hardware.osdp_pairing_bench import CARD, KEY, Bench, ends, from_factory, refusing, working

OTHER = "1A2B3C-01-01-00000666"


@pytest.mark.parametrize("begin", [working, from_factory])
def test_a_reader_is_paired_with_a_fresh_key_and_works_at_once(begin: Callable[[], Bench]) -> None:
    bench = begin()
    bench.pair()
    signals = bench.run(1.5)
    assert ends(signals) == [ReaderPaired("in", IDENTITY)]
    assert signals.index(ReaderPaired("in", IDENTITY)) < signals.index(DeviceBack("in"))
    assert [proved for _, __, proved in bench.keeper.written] == [False, True]
    (key,) = {key for key, _, __ in bench.keeper.written}
    # Whoever speaks under the default key has not shown who it is before it holds the new one.
    assert [who for _, who, __ in bench.keeper.written] == [IDENTITY if begin is working else "", IDENTITY]
    assert bench.machine.key == key
    assert key not in {KEY, DEFAULT_KEY}
    bench.machine.news.append(CARD)
    assert bench.run(0.1) == [CardRead("in", "DEADBEEF")]


def test_a_reader_that_works_is_paired_inside_its_own_channel_and_the_key_is_not_readable() -> None:
    bench = working()
    bench.commands.clear()
    bench.pair()
    bench.run(1.0)
    challenges = [frame.block for frame in bench.commands if frame.body[0] == Command.CHLNG]
    assert challenges == [b"\x11\x01"] * 2
    (keyset,) = [frame for frame in bench.commands if frame.body[0] == Command.KEYSET]
    assert keyset.block == b"\x17"
    assert bench.keeper.written[0][0] not in keyset.body


def test_a_second_pairing_gives_a_second_key() -> None:
    bench = working()
    for _ in range(3):
        bench.pair()
        bench.run(1.0)
    assert len({key for key, _, __ in bench.keeper.written}) == 3
    assert bench.machine.key == bench.keeper.written[-1][0]


def test_two_pairings_of_one_reader_at_a_time_are_refused() -> None:
    bench = working()
    bench.pair()
    with pytest.raises(RuntimeError, match="being paired already"):
        bench.pair()


def test_a_reader_that_is_silent_is_not_paired_in_the_time_allowed() -> None:
    bench = Bench()
    bench.wire = lambda _, __: []
    bench.run(3.0)
    bench.pair(5.0)
    assert ends(bench.run(4.0)) == []
    assert ends(bench.run(2.0)) == [PairingFailed("in", "in was not paired in the time allowed")]
    assert bench.keeper.written == []
    bench.wire = lambda _, reply: [reply]
    bench.machine.forget()
    assert DeviceBack("in") in bench.run(1.0)


def test_a_reader_that_falls_silent_in_a_pairing_is_reported_lost_as_ever() -> None:
    bench = working()
    bench.pair()
    bench.wire = lambda _, __: []
    signals = bench.run(2.2)
    assert PairingFailed("in", "in does not answer") in signals
    assert any(isinstance(one, DeviceLost) for one in signals)


def test_a_reader_with_a_key_of_somebody_else_is_not_paired() -> None:
    bench = Bench(Machine(1, os.urandom(16)))
    bench.run(3.0)
    bench.pair(5.0)
    assert ends(bench.run(6.0)) == [PairingFailed("in", "in was not paired in the time allowed")]
    assert bench.keeper.written == []


def test_a_reader_that_works_is_never_talked_down_to_the_default_key() -> None:
    bench = working()
    bench.machine.key = None
    bench.machine.forget()
    bench.pair()
    signals = bench.run(10.0)
    assert ends(signals) == [PairingFailed("in", "in offers only the public default key")]
    assert b"\x11\x00" not in {frame.block for frame in bench.commands}
    assert bench.keeper.written == []


def test_after_its_time_a_pairing_says_no_word_more() -> None:
    """The default key is tried in the window only, and nothing of it is left when the window closes."""
    bench = Bench(Machine(1, None))
    bench.run(3.0)
    until = bench.now + 0.9
    bench.pair(0.9)
    bench.machine.execute = refusing(bench.machine, Command.KEYSET)  # type: ignore[assignment,method-assign]
    times: list[tuple[float, Frame]] = []

    def watched(command: Frame, reply: Frame) -> list[Frame]:
        times.append((bench.now, command))
        return [reply]

    bench.wire = watched
    bench.run(20.0)
    late = [frame for at, frame in times if at >= until]
    assert any(frame.block == b"\x11\x00" for at, frame in times if at < until)
    assert late
    assert not any(frame.block == b"\x11\x00" or frame.body[0] == Command.KEYSET for frame in late)


def test_a_reader_that_refuses_the_key_keeps_its_old_one_and_works_on() -> None:
    bench = working()
    bench.machine.execute = refusing(bench.machine, Command.KEYSET)  # type: ignore[assignment,method-assign]
    bench.pair()
    signals = bench.run(2.0)
    assert ends(signals) == [PairingFailed("in", "in does not take the new key (NAK 9)")]
    assert bench.engine.announced
    assert not bench.engine.health().pending


def test_a_reader_that_says_yes_and_keeps_its_old_key_is_not_paired_and_works_on() -> None:
    bench = working()
    execute = bench.machine.execute
    bench.machine.execute = lambda asked: (  # type: ignore[method-assign]
        Message(Reply.ACK) if asked.code == Command.KEYSET else execute(asked)
    )
    bench.pair()
    signals = bench.run(5.0)
    assert "does not prove the new key" in str(ends(signals))
    assert bench.engine.announced
    assert bench.machine.key == KEY


def test_a_reader_that_is_another_one_after_it_got_the_key_is_not_paired() -> None:
    bench = working()

    def swap_after_keyset(command: Frame, reply: Frame) -> list[Frame]:
        if command.body[0] == Command.KEYSET:
            bench.machine.identity = OTHER
        return [reply]

    bench.wire = swap_after_keyset
    bench.pair()
    (failed,) = ends(bench.run(3.0))
    assert isinstance(failed, PairingFailed)
    assert f"says it is {OTHER} now" in failed.why
    assert not bench.engine.announced


@pytest.mark.parametrize(
    "answer", [Message(Reply.ACK), Message(Reply.PDID, b"\1\2\3"), Message(Reply.NAK, b"\3")]
)
def test_a_reader_that_does_not_say_who_it_is_gets_no_key(answer: Message) -> None:
    bench = working()
    execute = bench.machine.execute
    bench.machine.execute = lambda asked: answer if asked.code == Command.ID else execute(asked)  # type: ignore[method-assign]
    bench.pair()
    assert PairingFailed("in", "in does not say who it is") in bench.run(2.0)
    assert bench.keeper.written == []
    assert bench.sent(Command.KEYSET) == 0


def test_no_key_is_sent_that_could_not_be_written_down() -> None:
    bench = Bench(fails=1)
    bench.run(0.5)
    bench.pair()
    (failed,) = ends(bench.run(2.0))
    assert "cannot be written down (No space left on device)" in str(failed)
    assert bench.sent(Command.KEYSET) == 0
    assert bench.engine.announced


def test_a_key_that_is_proved_and_cannot_be_confirmed_still_works_now_and_after_a_restart() -> None:
    bench = Bench(fails=2)
    bench.run(0.5)
    bench.pair()
    assert isinstance(ends(bench.run(2.0))[0], PairingFailed)
    assert bench.engine.announced
    assert bench.engine.health().pending
    restarted = Lockstep(KEY, peripheral=bench.keeper.peripheral(), machine=bench.machine)
    assert DeviceBack("in") in restarted.run(1.0)
    assert restarted.engine.health().pending
