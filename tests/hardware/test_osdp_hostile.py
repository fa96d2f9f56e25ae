"""Readers that lie, wires that are listened to and spoken on: nothing false gets in, the true comes back."""

import os
import random
from collections.abc import Iterator

import pytest

from firmware_shims.osdp_bench import Listener, badge
from firmware_shims.osdp_lies import Lie
from firmware_shims.osdp_peripheral import OsdpPeripheral
from firmware_shims.rs485 import Rs485Hub
from hardware.osdp import OsdpBus, Peripheral
from hardware.osdp.codec import Frame, Parser, encode
from hardware.osdp.messages import Command, Reply
from hardware.osdp.secure import DEFAULT_KEY
from hardware.signals import CardRead, DeviceBack, DeviceLost, KeysTyped, Lamp, Signal

LIARS = {
    Lie.WRONG_KEY: "does not hold our key",
    Lie.DEFAULT_KEY: "offers only the public default key",
    Lie.CLEAR_TEXT: "refuses the secure channel",
    Lie.WRONG_VERDICT: "does not accept our proof",
    Lie.WRONG_MAC: "forged",
    Lie.WRONG_SEQUENCE: "out of sequence",
    Lie.CLEAR_CARD: "in clear text inside the secure channel",
    Lie.NAK: "refuses what it is asked",
    Lie.BUSY: "is busy",
    Lie.MUTE: "does not answer",
}


class Bench:
    """An honest reader at address 0, others behind it, and a panel that is not yet started."""

    def __init__(self, others: int) -> None:
        self.hub = Rs485Hub(others + 2)
        keys = [os.urandom(16) for _ in range(others + 1)]
        self.readers = [OsdpPeripheral(address, key) for address, key in enumerate(keys)]
        for reader, port in zip(self.readers, self.hub.names[1:], strict=True):
            reader.start(port)
        self.heard = Listener()
        peripherals = [Peripheral(address, f"r{address}", key) for address, key in enumerate(keys)]
        self.secrets = keys
        self.bus = OsdpBus(self.hub.names[0], peripherals=peripherals, sink=self.heard)

    def up(self) -> int:
        """Starts the panel; gives how many signals there are once all readers are announced."""
        self.bus.start()
        for address in range(len(self.readers)):
            assert self.heard.wait(DeviceBack(f"r{address}"))
        return len(self.heard.heard)

    def works(self, address: int, since: int = 0) -> str:
        """A badge at this reader arrives; gives its token."""
        assert self.heard.wait(DeviceBack(f"r{address}"), since)
        return badge(self.readers[address], f"r{address}", self.heard)

    def loses(self, address: int, why: str, since: int = 0) -> bool:
        """This reader is reported lost for this reason, be it not the first reason that is found."""
        lost = self.heard.wait_for(lambda signal: _loss_of(signal, address, why), since, timeout=40)
        return lost is not None

    def of(self, address: int) -> list[Signal]:
        return [signal for signal in self.heard.heard if getattr(signal, "device", "") == f"r{address}"]

    def close(self) -> None:
        self.bus.stop()
        for reader in self.readers:
            reader.stop()
        self.hub.close()


def _loss_of(signal: Signal, address: int, why: str) -> bool:
    return isinstance(signal, DeviceLost) and signal.device == f"r{address}" and why in signal.why


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench(1)
    yield bench
    bench.close()


@pytest.fixture
def crowd() -> Iterator[Bench]:
    crowd = Bench(len(LIARS))
    yield crowd
    crowd.close()


def test_on_a_line_full_of_liars_only_the_honest_reader_gets_a_word_in(crowd: Bench) -> None:
    for reader, lie in zip(crowd.readers[1:], LIARS, strict=True):
        reader.lie(lie)
        reader.present("DEADBEEF")
        reader.type_keys("1234#")
    crowd.bus.start()
    for address, why in enumerate(LIARS.values(), start=1):
        assert crowd.loses(address, why)
    for _ in range(2):
        crowd.works(0)
    for address in range(1, len(crowd.readers)):
        assert {type(signal) for signal in crowd.of(address)} == {DeviceLost}


def test_a_babbling_reader_does_not_silence_the_good_one(bench: Bench) -> None:
    bench.readers[1].lie(Lie.BABBLE)
    bench.bus.start()
    assert bench.loses(1, "does not answer")
    for _ in range(3):
        bench.works(0)
    assert bench.bus.rubbish > 0
    bench.readers[1].lie(None)
    bench.works(1)


def test_readers_that_turn_are_lost_and_are_back_when_they_are_themselves_again(crowd: Bench) -> None:
    since = crowd.up()
    for reader, lie in zip(crowd.readers[1:], LIARS, strict=True):
        reader.lie(lie)
    # The handshake is over: this lie shows only when the session must be built anew.
    turned = [1 + number for number, lie in enumerate(LIARS) if lie != Lie.WRONG_VERDICT]
    assert all(crowd.loses(address, "", since) for address in turned)
    for address in turned:
        crowd.readers[address].present("DEADBEEF")
    crowd.works(0)
    for address in turned:
        crowd.readers[address].lie(None)
    for address in turned:
        crowd.works(address, since)
    tokens = [signal.token for signal in crowd.heard.heard if isinstance(signal, CardRead)]
    assert "DEADBEEF" not in tokens
    assert len(set(tokens)) == len(tokens)


def test_a_recorded_session_cannot_be_played_back_to_a_new_one(bench: Bench) -> None:
    bench.up()
    bench.works(1)
    bench.bus.stop()
    since = len(bench.heard.heard)
    bench.readers[1].lie(Lie.REPLAY)
    bench.bus.start()
    assert bench.loses(1, "does not hold our key", since)
    assert not any(isinstance(signal, CardRead | DeviceBack) for signal in bench.of(1)[since:])


class Tap:
    """Listens on the pair and keeps every frame; ``spoil`` may change a burst on its way."""

    def __init__(self) -> None:
        self.parser = Parser()
        self.frames: list[Frame] = []

    def __call__(self, _: int, data: bytes) -> bytes:
        self.frames += self.parser.feed(data)
        return data

    def said(self, code: int, *, reply: bool) -> list[Frame]:
        return [frame for frame in self.frames if frame.reply == reply and frame.body[0] == code]


def test_frames_of_this_very_session_played_back_open_nothing(bench: Bench) -> None:
    tap = Tap()
    bench.hub.mangle = tap
    bench.up()
    token = bench.works(1)
    card = tap.said(Reply.RAW, reply=True)[-1]
    for _ in range(10):
        bench.hub.say(encode(card))
        bench.works(0)
    assert bench.of(1).count(CardRead("r1", token)) == 1


def test_a_middleman_who_says_everything_twice_achieves_nothing(bench: Bench) -> None:
    bench.hub.mangle = lambda _, data: data + data
    bench.up()
    tokens = [bench.works(1) for _ in range(10)]
    assert all(bench.of(1).count(CardRead("r1", token)) == 1 for token in tokens)


def test_no_two_starts_of_the_panel_challenge_with_the_same_random_number(bench: Bench) -> None:
    seen: set[tuple[int, bytes]] = set()
    for _ in range(5):
        bench.hub.mangle = tap = Tap()
        bench.up()
        bench.bus.stop()
        bench.heard = bench.bus._sink = Listener()
        randoms = {(frame.address, frame.body[1:]) for frame in tap.said(Command.CHLNG, reply=False)}
        assert len(randoms) >= 2
        assert not randoms & seen
        seen |= randoms


def test_neither_keys_nor_cards_nor_pins_are_readable_on_the_wire(bench: Bench) -> None:
    wire = bytearray()

    def listen(_: int, data: bytes) -> bytes:
        wire.extend(data)
        return data

    bench.hub.mangle = listen
    bench.up()
    token = bench.works(1)
    bench.readers[1].type_keys("80085#")
    assert bench.heard.wait(KeysTyped("r1", "80085#"))
    for secret in (bytes.fromhex(token), b"80085", DEFAULT_KEY, *bench.secrets):
        assert secret not in wire
    assert bytes([Command.KEYSET]) not in {frame.body[:1] for frame in Parser().feed(bytes(wire))}


def test_noise_on_the_line_brings_nothing_false_loses_no_card_and_passes(bench: Bench) -> None:
    dice = random.Random(9600)  # noqa: S311  # reproducible noise, not a secret

    def noise(_: int, data: bytes) -> bytes:
        spoilt = bytearray(data)
        if dice.random() < 0.05:
            spoilt[dice.randrange(len(spoilt))] ^= 1 << dice.randrange(8)
        if dice.random() < 0.02:
            del spoilt[dice.randrange(len(spoilt))]
        return bytes(spoilt)

    bench.up()
    bench.hub.mangle = noise
    presented = [f"{number:08X}" for number in range(60)]
    for token in presented:
        bench.readers[1].present(token)
        assert bench.heard.wait(CardRead("r1", token))
    bench.hub.mangle = None
    bench.works(0)
    read = [signal.token for signal in bench.of(1) if isinstance(signal, CardRead)]
    assert read == presented
    assert bench.bus.rubbish > 0
    bench.bus.show("r1", Lamp.REFUSED)
    assert bench.readers[1].wait_lamp(Lamp.REFUSED, 30)
