"""Who a reader says it is inside the channel, what makes it suspect, and what it says of its supply."""

import os

import pytest

from firmware_shims.osdp_bench import Lockstep
from firmware_shims.osdp_machine import IDENTITY, Machine
from hardware.osdp.codec import Frame
from hardware.osdp.messages import Command, MalformedError, Message, Nak, Reply, identity
from hardware.osdp.peripheral import Peripheral
from hardware.signals import CardRead, DeviceBack, DeviceLost, PowerLevel, TamperLevel

KEY, OTHER_KEY = os.urandom(16), os.urandom(16)
OTHER = "1A2B3C-01-01-00000666"
CARD = Message(Reply.RAW, bytes([0, 0, 32, 0]) + bytes.fromhex("DEADBEEF"))


def bench(expected: str = IDENTITY, key: bytes | None = KEY, said: str = IDENTITY) -> Lockstep:
    return Lockstep(
        KEY, peripheral=Peripheral(1, "in", KEY, identity=expected), machine=Machine(1, key, 0, said)
    )


def losses(pair: Lockstep) -> list[DeviceLost]:
    return [signal for signal in pair.signals if isinstance(signal, DeviceLost)]


def test_an_identity_is_maker_model_version_and_serial_without_the_firmware() -> None:
    data = bytes.fromhex("1A2B3C 05 02 EFBEADDE 010203")
    assert identity(data) == "1A2B3C-05-02-DEADBEEF"
    assert identity(data[:9] + b"\xff\xff\xff") == identity(data)
    for wrong in (b"", data[:-1], data + b"\0"):
        with pytest.raises(MalformedError):
            identity(wrong)


def test_a_reader_is_asked_who_it_is_inside_the_channel_before_it_is_believed() -> None:
    pair = bench()
    pair.machine.news.append(CARD)
    heard: list[int] = []
    execute = pair.machine.execute

    def listening(asked: Message) -> Message:
        if pair.machine.channel is not None:
            heard.append(asked.code)
        return execute(asked)

    pair.machine.execute = listening  # type: ignore[method-assign]
    pair.run(0.5)
    assert heard[0] == Command.ID
    assert pair.signals[0] == DeviceBack("in")
    assert pair.engine.health().identity == IDENTITY


def test_a_reader_of_whom_nothing_is_known_is_believed_and_its_identity_told() -> None:
    pair = bench(expected="", said=OTHER)
    assert DeviceBack("in") in pair.run(0.5)
    assert pair.engine.health().identity == OTHER


def test_another_reader_with_the_same_key_is_suspect_and_never_announced() -> None:
    pair = bench(said=OTHER)
    pair.machine.news.append(CARD)
    pair.run(60.0)
    assert pair.signals == [DeviceLost("in", f"in says it is {OTHER}, not {IDENTITY}", suspect=True)]
    assert pair.engine.health().sessions < 35


def test_a_reader_swapped_in_operation_is_suspect_until_the_right_one_hangs_there_again() -> None:
    pair = bench()
    pair.run(0.5)
    pair.machine.identity = OTHER
    pair.machine.forget()
    pair.run(3.0)
    assert [loss.suspect for loss in losses(pair)] == [False, True]
    assert not pair.engine.announced
    pair.machine.identity = IDENTITY
    pair.machine.forget()
    pair.signals.clear()
    assert DeviceBack("in") in pair.run(10.0)


@pytest.mark.parametrize("answer", [Message(Reply.ACK), Message(Reply.PDID), Message(Reply.PDCAP, bytes(12))])
def test_a_reader_that_does_not_say_who_it_is_is_suspect(answer: Message) -> None:
    pair = bench(expected="")
    execute = pair.machine.execute
    pair.machine.execute = (  # type: ignore[method-assign]
        lambda asked: answer if asked.code == Command.ID and pair.machine.channel else execute(asked)
    )
    assert pair.run(5.0) == [DeviceLost("in", "in does not say who it is", suspect=True)]


def test_a_reader_that_refuses_to_say_who_it_is_is_not_there() -> None:
    pair = bench()
    execute = pair.machine.execute
    pair.machine.execute = (  # type: ignore[method-assign]
        lambda asked: (
            Message(Reply.NAK, b"\3") if asked.code == Command.ID and pair.machine.channel else execute(asked)
        )
    )
    assert pair.run(5.0) == [DeviceLost("in", "in refuses what it is asked (NAK 3)")]


def test_an_identity_in_clear_is_not_believed_neither_the_right_nor_a_wrong_one() -> None:
    pair = bench()

    def lying(command: Frame, reply: Frame) -> list[Frame]:
        if command.block or command.body[0] != Command.ID:
            return [reply]
        return [pair.machine.clear(Message(Reply.PDID, bytes(12)))]

    pair.wire = lying
    assert DeviceBack("in") in pair.run(0.5)
    assert pair.engine.health().identity == IDENTITY


def test_a_reader_that_holds_the_pending_key_is_found_and_must_be_the_one_that_got_it() -> None:
    for said, back in ((IDENTITY, True), (OTHER, False)):
        peripheral = Peripheral(1, "in", KEY, pending=OTHER_KEY, pending_identity=IDENTITY)
        pair = Lockstep(KEY, peripheral=peripheral, machine=Machine(1, OTHER_KEY, 0, said))
        pair.run(1.0)
        assert pair.engine.announced == back
        assert pair.engine.health().pending == back
        assert bool(losses(pair)) != back


def test_of_two_keys_the_one_that_stands_is_used_and_a_third_is_suspect() -> None:
    given = Peripheral(1, "in", KEY, pending=OTHER_KEY, pending_identity=IDENTITY)
    for key in (KEY, OTHER_KEY):
        pair = Lockstep(KEY, peripheral=given, machine=Machine(1, key))
        assert pair.run(1.0)[0] == DeviceBack("in")
        assert pair.engine.health().pending == (key == OTHER_KEY)
    pair = Lockstep(KEY, peripheral=given, machine=Machine(1, os.urandom(16)))
    assert pair.run(2.0) == [DeviceLost("in", "in does not hold our key", suspect=True)]


def test_a_pending_key_that_was_sent_readable_for_everybody_opens_no_session() -> None:
    given = Peripheral(1, "in", KEY, pending=OTHER_KEY)
    pair = Lockstep(KEY, peripheral=given, machine=Machine(1, OTHER_KEY))
    assert pair.run(30.0) == [DeviceLost("in", "in does not hold our key", suspect=True)]


def test_a_suspicion_is_said_at_once_and_stands_until_the_return() -> None:
    pair = bench()
    pair.wire = lambda _, __: []
    pair.run(3.0)
    pair.machine.key = os.urandom(16)
    pair.wire = lambda _, reply: [reply]
    pair.run(1.0)
    pair.wire = lambda _, __: []
    pair.run(60.0)
    assert losses(pair) == [
        DeviceLost("in", "in does not answer"),
        DeviceLost("in", "in does not hold our key", suspect=True),
    ]


@pytest.mark.parametrize("reason", [Nak.CHECK, Nak.SEQUENCE])
def test_a_handshake_that_noise_spoils_is_no_suspicion(reason: Nak) -> None:
    pair = bench()
    pair.wire = lambda command, reply: (
        [pair.machine.clear(Message(Reply.NAK, bytes([reason])))]
        if command.body[0] == Command.CHLNG
        else [reply]
    )
    pair.run(20.0)
    assert [loss.suspect for loss in losses(pair)] == [False]


@pytest.mark.parametrize("capability", [b"\x09\x00\x00", b"\x09\x01\x00", b""])
def test_capabilities_edited_on_the_wire_change_nothing(capability: bytes) -> None:
    """A middleman answers whatever is asked in clear with a PDCAP that knows no encryption."""
    pair = bench()

    def edited(command: Frame, reply: Frame) -> list[Frame]:
        return [reply] if command.block else [pair.machine.clear(Message(Reply.PDCAP, capability))]

    pair.wire = edited
    assert DeviceBack("in") in pair.run(0.5)
    pair.run(5.0)
    assert all(frame.block for frame in pair.commands if frame.sequence)


@pytest.mark.parametrize("capability", [b"\x09\x00\x00", b"\x09\x01\x00"])
def test_a_reader_that_claims_to_know_no_encryption_is_suspect_and_nothing_it_says_in_clear_counts(
    capability: bytes,
) -> None:
    pair = bench()
    pair.run(0.5)
    pair.machine.forget()
    pair.machine.news.append(CARD)

    def downgraded(command: Frame, _: Frame) -> list[Frame]:
        pair.machine.channel, pair.machine.sequence = None, command.sequence
        if command.block:
            return [pair.machine.clear(Message(Reply.NAK, bytes([Nak.UNKNOWN_COMMAND])))]
        said = Message(Reply.PDCAP, capability) if len(pair.commands) % 2 else CARD
        return [pair.machine.clear(said)]

    pair.wire = downgraded
    pair.run(20.0)
    assert losses(pair)[-1].suspect
    assert not any(isinstance(signal, CardRead) for signal in pair.signals)
    assert not pair.engine.announced


def test_a_failed_supply_is_told_and_its_end_and_with_every_return() -> None:
    pair = bench()
    pair.run(0.5)
    assert pair.signals[:3] == [
        DeviceBack("in"),
        TamperLevel("in", active=False),
        PowerLevel("in", lost=False),
    ]
    for lost in (True, False, True):
        pair.machine.power_lost = lost
        assert pair.run(1.2) == [PowerLevel("in", lost)]
    pair.machine.forget()
    pair.signals.clear()
    pair.run(1.0)
    assert pair.signals[1:] == [
        DeviceBack("in"),
        TamperLevel("in", active=False),
        PowerLevel("in", lost=True),
    ]


@pytest.mark.parametrize(
    ("said", "why"),
    [("1a2b3c-01-01-00000000", "no identity"), ("ABC", "no identity"), (IDENTITY + "\n", "no identity")],
)
def test_an_identity_that_no_reader_can_have_is_refused_in_the_site(said: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Peripheral(1, "in", KEY, identity=said)
    with pytest.raises(ValueError, match=why):
        Peripheral(1, "in", KEY, pending_identity=said)


def test_a_pending_key_is_checked_like_every_other_key() -> None:
    with pytest.raises(ValueError, match="pending key is a simple row"):
        Peripheral(1, "in", KEY, pending=bytes(16))
