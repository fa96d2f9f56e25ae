"""Somebody at the wire or with another reader, against the whole panel: one attack, one fact."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from firmware_shims.osdp_bench import badge
from firmware_shims.osdp_machine import IDENTITY
from hardware.osdp.codec import Frame, encode
from hardware.osdp.messages import Command, Nak, Reply
from hardware.signals import CardRead, DeviceBack, DeviceLost, KeysTyped
from tests.hardware.osdp_attack_bench import OTHER, Bench, blocks


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
