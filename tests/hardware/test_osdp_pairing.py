"""Giving a reader its key: when it works, how it can end, and what every interruption leaves behind."""

import os
from collections.abc import Callable

import pytest

from firmware_shims.osdp_bench import Lockstep
from firmware_shims.osdp_machine import IDENTITY, Machine
from hardware.osdp.codec import Frame, decode
from hardware.osdp.messages import Command, Message, Nak, Reply, message
from hardware.osdp.pairing import Pairing
from hardware.osdp.peripheral import Peripheral
from hardware.osdp.secure import DEFAULT_KEY
from hardware.signals import CardRead, DeviceBack, DeviceLost, PairingFailed, ReaderPaired, Signal

KEY = os.urandom(16)
CARD = Message(Reply.RAW, bytes([0, 0, 32, 0]) + bytes.fromhex("DEADBEEF"))
OTHER = "1A2B3C-01-01-00000666"


class Keeper:
    """Where keys are written down; ``fails`` on this writing, counted from 1."""

    def __init__(self, fails: int = 0) -> None:
        self.written: list[tuple[bytes, str, bool]] = []
        self._fails = fails

    def __call__(self, device: str, key: bytes, identity: str, *, proved: bool) -> None:
        assert device == "in"
        if len(self.written) + 1 == self._fails:
            raise OSError(28, "No space left on device")
        self.written.append((key, identity, proved))

    def peripheral(self) -> Peripheral:
        """What the site knows after a restart, from what was written down."""
        proved = [(key, identity) for key, identity, proved in self.written if proved]
        key, identity = proved[-1] if proved else (KEY, "")
        last = self.written[-1] if self.written and not self.written[-1][2] else None
        if last is None:
            return Peripheral(1, "in", key, identity=identity)
        return Peripheral(1, "in", key, identity=identity, pending=last[0], pending_identity=last[1])


class Bench(Lockstep):
    """A panel and a reader, with a keeper."""

    def __init__(self, machine: Machine | None = None, fails: int = 0) -> None:
        super().__init__(KEY, machine=machine)
        self.keeper = Keeper(fails)

    def pair(self, seconds: float = 30.0) -> None:
        self.engine.pair(Pairing("in", self.now + seconds, self.keeper))

    def sent(self, code: int) -> int:
        """How often this command left the panel readable from outside."""
        return sum(frame.body[0] == code for frame in self.commands)


def from_factory() -> Bench:
    bench = Bench(Machine(1, None))
    bench.run(3.0)
    return bench


def working() -> Bench:
    bench = Bench()
    bench.run(0.5)
    assert bench.engine.announced
    return bench


def ends(signals: list[Signal]) -> list[Signal]:
    return [one for one in signals if isinstance(one, ReaderPaired | PairingFailed)]


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
    bench.machine.execute = _refusing(bench.machine, Command.KEYSET)  # type: ignore[assignment,method-assign]
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


def _refusing(machine: Machine, code: int) -> Callable[[Message], Message]:
    execute = machine.execute

    def refuse(asked: Message) -> Message:
        return Message(Reply.NAK, bytes([Nak.RECORD])) if asked.code == code else execute(asked)

    return refuse


def test_a_reader_that_refuses_the_key_keeps_its_old_one_and_works_on() -> None:
    bench = working()
    bench.machine.execute = _refusing(bench.machine, Command.KEYSET)  # type: ignore[assignment,method-assign]
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
