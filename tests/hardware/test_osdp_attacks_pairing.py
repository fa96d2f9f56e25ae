"""Somebody at the wire while a reader gets its key: who can gain what."""

from collections.abc import Iterator
from time import monotonic

import pytest

from firmware_shims.osdp_bench import badge
from firmware_shims.osdp_machine import IDENTITY
from hardware.osdp.codec import Frame, encode
from hardware.osdp.messages import Command
from hardware.osdp.secure import DEFAULT_KEY
from hardware.signals import DeviceBack, DeviceLost, PairingFailed, ReaderPaired
from tests.hardware.osdp_attack_bench import IN, OUT, Bench, blocks


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.close()


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


def test_a_bus_that_is_stopped_ends_its_pairings_with_a_word(bench: Bench) -> None:
    def keep(_: str, __: bytes, ___: str, /, *, proved: bool) -> None:
        raise AssertionError(proved)

    bench.hub.cut(0)
    bench.bus.start()
    assert bench.heard.wait(DeviceLost)
    bench.bus.pair("in", monotonic() + 60, keep)
    bench.bus.stop()
    ends = [one for one in bench.heard.heard if isinstance(one, PairingFailed)]
    assert ends == [PairingFailed("in", "in was not paired: its bus was stopped")]
