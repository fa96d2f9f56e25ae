"""Somebody at the wire or with another reader, against the whole panel on real ptys: one attack, one fact."""

import os
import subprocess
import sys
from collections.abc import Iterator
from time import monotonic

import pytest

from firmware_shims.osdp_bench import Listener, badge
from firmware_shims.osdp_machine import IDENTITY
from firmware_shims.osdp_peripheral import OsdpPeripheral
from firmware_shims.rs485 import Rs485Hub
from firmware_shims.wiretap import Wiretap
from hardware.osdp import OsdpBus, Peripheral
from hardware.osdp.codec import Frame, encode
from hardware.osdp.messages import Command, Nak, Reply
from hardware.osdp.secure import DEFAULT_KEY
from hardware.signals import CardRead, DeviceBack, DeviceLost, KeysTyped, PairingFailed, ReaderPaired, Signal

IN, OUT = os.urandom(16), os.urandom(16)
OTHER = "1A2B3C-01-01-00000666"


class Bench:
    """Reader "in" under attack, reader "out" beside it, a wiretap on their pair, a panel to be started."""

    def __init__(self, key: bytes | None = IN) -> None:
        self.hub = Rs485Hub(4)
        self.inner, self.outer = OsdpPeripheral(1, key), OsdpPeripheral(2, OUT)
        self.inner.start(self.hub.names[1])
        self.outer.start(self.hub.names[2])
        self.tap = Wiretap(self.hub)
        self.panel()

    def panel(self) -> None:
        """A panel after a restart: nothing of it is left but keys and identities."""
        self.heard = Listener()
        peripherals = [
            Peripheral(1, "in", IN, identity=IDENTITY),
            Peripheral(2, "out", OUT, identity=IDENTITY),
        ]
        self.bus = OsdpBus(self.hub.names[0], peripherals=peripherals, sink=self.heard)

    def up(self) -> int:
        """Starts the panel; gives how many signals there are once both readers are announced."""
        self.bus.start()
        for device in ("in", "out"):
            assert self.heard.wait(DeviceBack(device))
        return len(self.heard.heard)

    def suspected(self, why: str, since: int = 0) -> bool:
        """The inner reader is reported as suspect for this reason."""
        return self.heard.wait_for(lambda one: _suspect(one, why), since) is not None

    def told(self, since: int = 0) -> set[type]:
        """What kinds of things were told of the inner reader."""
        return {type(one) for one in self.heard.heard[since:] if getattr(one, "device", "") == "in"}

    def close(self) -> None:
        self.bus.stop()
        self.inner.stop()
        self.outer.stop()
        self.hub.close()


def _suspect(signal: Signal, why: str) -> bool:
    return isinstance(signal, DeviceLost) and signal.device == "in" and signal.suspect and why in signal.why


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.close()


@pytest.fixture
def factory() -> Iterator[Bench]:
    """The inner reader holds no key and offers the default one."""
    factory = Bench(None)
    yield factory
    factory.close()


def blocks(bench: Bench, code: Command) -> set[bytes]:
    return {frame.block for frame in bench.tap.said(code, reply=False) if frame.address == 1}


def test_a_reader_with_the_default_key_is_suspect_and_gets_no_key_and_no_word_in(factory: Bench) -> None:
    factory.inner.present("DEADBEEF")
    factory.inner.type_keys("1234#")
    factory.bus.start()
    assert factory.suspected("offers only the public default key")
    for _ in range(3):
        badge(factory.outer, "out", factory.heard)
    assert factory.told() == {DeviceLost}
    assert blocks(factory, Command.CHLNG) == {b"\x11\x01"}
    assert not factory.tap.said(Command.KEYSET, reply=False)


def test_a_reader_that_loses_its_key_in_operation_is_suspect_until_it_is_paired_again(bench: Bench) -> None:
    since = bench.up()
    bench.inner.reset(forget_key=True)
    assert bench.suspected("offers only the public default key", since)
    assert bench.told(since) == {DeviceLost}
    written: list[bytes] = []

    def keep(_: str, key: bytes, __: str, /, *, proved: bool) -> None:
        written.extend([key] * proved)

    bench.bus.pair("in", monotonic() + 60, keep)
    assert bench.heard.wait(ReaderPaired("in", IDENTITY), since)
    assert bench.heard.wait(DeviceBack("in"), since)
    badge(bench.inner, "in", bench.heard)
    assert bench.inner.key == written[0]
    since = len(bench.heard.heard)
    bench.inner.reset()
    assert bench.heard.wait(DeviceBack("in"), since)
    badge(bench.inner, "in", bench.heard)


def test_a_channel_taken_down_in_operation_brings_no_clear_text_back(bench: Bench) -> None:
    """A middleman answers in the reader's name that it knows no encryption, and adds cards in clear."""
    since = bench.up()

    def downgrade(frame: Frame) -> list[Frame]:
        if not frame.reply or frame.address != 1:
            return [frame]
        no_channel, no_encryption = [Reply.NAK, Nak.NO_SECURE_CHANNEL], [Reply.PDCAP, 9, 0, 0]
        body = bytes(no_channel if frame.block else no_encryption)
        return [Frame(1, reply=True, sequence=frame.sequence, block=b"", body=body)]

    bench.tap.edit = downgrade
    assert bench.suspected("refuses the secure channel", since)
    bench.inner.present("DEADBEEF")
    badge(bench.outer, "out", bench.heard)
    assert bench.told(since) == {DeviceLost}
    bench.tap.edit = None
    assert bench.heard.wait(DeviceBack("in"), since)


def test_a_card_in_clear_text_inside_the_channel_is_a_suspicion_and_no_card(bench: Bench) -> None:
    since = bench.up()

    def forged(frame: Frame) -> list[Frame]:
        if not frame.reply or frame.address != 1:
            return [frame]
        body = bytes([Reply.RAW, 0, 0, 32, 0]) + bytes.fromhex("DEADBEEF")
        return [Frame(1, reply=True, sequence=frame.sequence, block=b"", body=body)]

    bench.tap.edit = forged
    assert bench.suspected("", since)
    badge(bench.outer, "out", bench.heard)
    assert bench.told(since) == {DeviceLost}


def test_another_reader_on_the_wall_with_the_same_key_is_suspect_and_reads_no_card(bench: Bench) -> None:
    since = bench.up()
    bench.inner.swap(OTHER)
    bench.inner.present("DEADBEEF")
    assert bench.suspected(f"says it is {OTHER}, not {IDENTITY}", since)
    badge(bench.outer, "out", bench.heard)
    assert bench.told(since) == {DeviceLost}
    bench.inner.swap(IDENTITY)
    assert bench.heard.wait(DeviceBack("in"), since)
    badge(bench.inner, "in", bench.heard)


def test_another_reader_on_the_wall_with_another_key_is_suspect(bench: Bench) -> None:
    since = bench.up()
    bench.inner.swap(IDENTITY, os.urandom(16))
    assert bench.suspected("does not hold our key", since)
    assert bench.told(since) == {DeviceLost}


def test_a_whole_recorded_session_played_to_a_restarted_panel_opens_nothing(bench: Bench) -> None:
    """Every reply of a life with cards and keys in it, played back frame by frame without any key."""
    bench.up()
    badge(bench.inner, "in", bench.heard)
    bench.inner.type_keys("1234#")
    assert bench.heard.wait(KeysTyped("in", "1234#"))
    bench.bus.stop()
    tape = [frame for frame in bench.tap.frames if frame.reply and frame.address == 1]
    at = iter(())  # type: Iterator[Frame]

    def play(frame: Frame) -> list[Frame]:
        nonlocal at
        if not frame.reply or frame.address != 1:
            return [frame]
        if frame.sequence == 0:
            at = iter(tape)
        return [one for one in [next(at, None)] if one]

    bench.tap.edit = play
    bench.panel()
    bench.bus.start()
    assert bench.suspected("does not hold our key")
    badge(bench.outer, "out", bench.heard)
    assert bench.told() == {DeviceLost}


def test_every_frame_said_again_at_once_is_one_card_and_one_typing(bench: Bench) -> None:
    bench.tap.edit = lambda frame: [frame, frame]
    bench.up()
    tokens = [badge(bench.inner, "in", bench.heard) for _ in range(5)]
    bench.inner.type_keys("1234#")
    assert bench.heard.wait(KeysTyped("in", "1234#"))
    badge(bench.inner, "in", bench.heard)
    for token in tokens:
        assert bench.heard.heard.count(CardRead("in", token)) == 1
    assert bench.heard.heard.count(KeysTyped("in", "1234#")) == 1


def test_a_pin_recorded_on_the_wire_is_not_typed_again_by_playing_it(bench: Bench) -> None:
    bench.up()
    bench.inner.type_keys("80085#")
    assert bench.heard.wait(KeysTyped("in", "80085#"))
    typed = [frame for frame in bench.tap.said(Reply.KEYPAD, reply=True) if frame.address == 1]
    assert typed
    since = len(bench.heard.heard)
    assert b"80085" not in b"".join(encode(frame) for frame in bench.tap.frames)
    for sequence in (1, 2, 3):
        spoken = Frame(1, reply=True, sequence=sequence, block=typed[0].block, body=typed[0].body)
        bench.hub.say(encode(spoken))
        badge(bench.outer, "out", bench.heard)
    assert bench.heard.wait(DeviceLost, since)
    assert bench.heard.wait(DeviceBack("in"), since)
    badge(bench.inner, "in", bench.heard)
    assert bench.heard.heard.count(KeysTyped("in", "80085#")) == 1


def test_commands_of_an_earlier_session_do_nothing_at_the_reader(bench: Bench) -> None:
    """Who plays the panel's recorded commands to a reader lights no lamp: it has another session."""
    bench.up()
    bench.bus.stop()
    recorded = [frame for frame in bench.tap.frames if not frame.reply and frame.address == 1]
    shown = len(bench.inner.lamps)
    assert bench.tap.said(Command.LED, reply=False)
    for frame in recorded:
        bench.hub.say(encode(frame))
    bench.panel()
    bench.up()
    badge(bench.inner, "in", bench.heard)
    assert len(bench.inner.lamps) <= shown + 1


NONCES = """
import random
from hardware.osdp.codec import Frame, decode
from hardware.osdp.session import Session
random.seed(1)
for _ in range(50):
    session = Session(1, bytes(range(1, 33, 2)))
    session.hear(Frame(1, reply=True, sequence=0, block=b"", body=b"@"))
    print(decode(session.wire).body[1:].hex())
"""


def test_two_starts_of_the_panel_on_one_machine_never_show_the_same_random_number() -> None:
    """Not even with the same seed of everything that can be seeded."""
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    order = [sys.executable, "-c", NONCES]
    starts = [
        subprocess.run(order, capture_output=True, check=True, env=environment)  # our own text
        for _ in range(2)
    ]
    shown = [line for start in starts for line in start.stdout.split()]
    assert len(shown) == len(set(shown)) == 100
    assert all(len(line) == 16 for line in shown)


def test_a_fake_reader_in_the_window_cannot_take_the_place_of_one_that_works(bench: Bench) -> None:
    """While a working reader is paired, a middleman claims in its name that it holds no key."""
    since = bench.up()

    def claim(frame: Frame) -> list[Frame]:
        if not frame.reply or frame.address != 1 or frame.block[:1] != b"\x12":
            return [frame]
        return [Frame(1, reply=True, sequence=frame.sequence, block=b"\x12\x00", body=frame.body)]

    bench.tap.edit = claim
    written: list[bytes] = []

    def keep(_: str, key: bytes, __: str, /, *, proved: bool) -> None:
        assert not proved
        written.append(key)

    bench.bus.pair("in", monotonic() + 60, keep)
    failed = bench.heard.wait(PairingFailed, since)
    assert failed == PairingFailed("in", "in offers only the public default key")
    assert written == []
    assert blocks(bench, Command.CHLNG) == {b"\x11\x01"}


def test_neither_old_nor_new_key_is_readable_when_a_working_reader_is_paired(bench: Bench) -> None:
    since = bench.up()
    written: list[bytes] = []

    def keep(_: str, key: bytes, __: str, /, *, proved: bool) -> None:
        written.extend([key] * proved)

    bench.bus.pair("in", monotonic() + 60, keep)
    assert bench.heard.wait(ReaderPaired("in", IDENTITY), since)
    wire = b"".join(encode(frame) for frame in bench.tap.frames)
    assert all(key not in wire for key in (IN, OUT, DEFAULT_KEY, *written))
    assert {frame.block for frame in bench.tap.said(Command.KEYSET, reply=False)} == {b"\x17"}
