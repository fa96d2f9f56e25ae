import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_shims.adc_chips import Ads1115Chip, Mcp3208Chip
from firmware_shims.adc_field import Field, FieldLoop
from firmware_shims.adc_world import AdcWorld
from hardware.analogue import mcp3208
from hardware.analogue.ads1115 import Ads1115
from hardware.analogue.converter import Converter, ConverterError
from hardware.analogue.judge import Supply
from hardware.analogue.loops import AnalogueLoops
from hardware.analogue.mcp3208 import Mcp3208
from hardware.analogue.zones import LoopZone


@pytest.fixture
def converter(bench: Any) -> Iterator[Converter]:
    converter: Converter = bench.converter()
    with closing(converter):
        converter.open()
        yield converter


def millivolts(converter: Converter, channel: int) -> float:
    return converter.read(channel) * converter.full_scale_mv / converter.full_scale


def test_every_channel_reads_the_volts_on_it(bench: Any, converter: Converter) -> None:
    bench.world.field.loops[0].contact_open = True
    expected = [2200.0, 1650.0, 0.0, 1650.0]
    assert [millivolts(converter, n) for n in range(4)] == pytest.approx(expected, abs=2)


def test_all_eight_channels_of_the_mcp3208_are_told_apart(hook: None, tmp_path: Path) -> None:
    loops = {n: FieldLoop(series=4700.0 * 0.8**n) for n in range(7)}
    with closing(AdcWorld(tmp_path, Field(loops, supply_channel=7), reference_v=3.3)) as world:
        with closing(Mcp3208(world.spi.path)) as converter:
            converter.open()
            found = [converter.read(n) for n in range(8)]
        assert sorted(set(found[:7]), reverse=True) == found[:7]
        assert found[:7] == pytest.approx([4096 * loops[n].share() for n in range(7)], abs=1)
        assert found[7] == converter.full_scale
        # Mode 0, 500 kHz, eight bits, as spidev has them.
        assert world.spi.settings == {1: b"\x00", 4: (500_000).to_bytes(4, "little"), 3: b"\x08"}


def test_volts_above_the_range_are_the_greatest_count_and_below_ground_is_nothing(
    bench: Any, converter: Converter
) -> None:
    bench.world.field.supply_v = 9.0
    assert converter.read(3) == converter.full_scale
    bench.world.field.supply_v = -1.0
    assert converter.read(3) == 0


def test_a_channel_that_the_part_does_not_have_is_refused(converter: Converter) -> None:
    with pytest.raises(ValueError, match="this converter has 0 to"):
        converter.read(converter.channels)


def test_a_converter_that_is_not_open_says_so(bench: Any) -> None:
    with pytest.raises(ConverterError, match="is not open"):
        bench.converter().read(0)


def test_a_bus_that_is_not_there_is_one_kind_of_error(bench: Any) -> None:
    bench.bus.vanish()
    with pytest.raises(ConverterError, match="cannot be opened"):
        bench.converter().open()


def test_a_bus_that_goes_away_is_one_kind_of_error_and_can_be_opened_again(
    bench: Any, converter: Converter
) -> None:
    bench.bus.vanish()
    with pytest.raises(ConverterError, match="No such device"):
        converter.read(0)
    bench.bus.back()
    converter.open()
    assert millivolts(converter, 0) == pytest.approx(1650, abs=2)


@given(st.integers(0, 4095), st.integers(0, 7), st.integers(0, 2047))
def test_the_mcp3208_and_its_reader_agree_on_every_bit(result: int, channel: int, unknown: int) -> None:
    chip = Mcp3208Chip(lambda n: (result + 0.5) / 4096 if n == channel else 0.0, lambda: 1.0)
    answer = chip.transfer(mcp3208.request(channel))
    # Nobody drives the wire during the first eleven clocks.
    floating = unknown << 29 | int.from_bytes(answer, "big") & 0x1FFF_FFFF
    assert mcp3208.counts(floating.to_bytes(5, "big")) == result


@given(st.integers(0, 4095), st.integers(0, 28))
def test_one_wrong_bit_in_an_answer_of_the_mcp3208_is_noticed_or_is_the_least(result: int, bit: int) -> None:
    chip = Mcp3208Chip(lambda _: (result + 0.5) / 4096, lambda: 1.0)
    wrong = int.from_bytes(chip.transfer(mcp3208.request(0)), "big") ^ 1 << bit
    if bit == 16:
        assert mcp3208.counts(wrong.to_bytes(5, "big")) == result ^ 1
        return
    with pytest.raises(ConverterError, match="contradicts itself"):
        mcp3208.counts(wrong.to_bytes(5, "big"))


@given(st.binary(max_size=9))
def test_any_bytes_are_counts_or_one_kind_of_error(answer: bytes) -> None:
    try:
        found = mcp3208.counts(answer)
    except ConverterError:
        return
    assert 0 <= found <= 4095


class Forgetful(Ads1115Chip):
    """Loses its supply in the middle of every conversion."""

    def write(self, data: bytes) -> None:
        super().write(data)
        if len(data) > 1:
            self.power_up()


def test_an_ads1115_that_lost_its_settings_is_not_believed(hook: None, tmp_path: Path) -> None:
    field = Field({0: FieldLoop()}, supply_channel=3)
    with closing(AdcWorld(tmp_path, field)) as world, closing(Ads1115(world.i2c.path)) as converter:
        world.i2c.chips[0x48] = Forgetful(field.volts)
        converter.open()
        with pytest.raises(ConverterError, match="its configuration reads 0x8583"):
            converter.read(0)


@pytest.mark.parametrize("which", range(4))
@pytest.mark.parametrize("bit", [0, 9, 14])
def test_one_wrong_bit_in_any_answer_of_an_ads1115_is_noticed(
    hook: None, tmp_path: Path, which: int, bit: int
) -> None:
    # Configuration, result, configuration again, result again.
    answers = iter(range(4))

    def wrong(answer: bytes) -> bytes:
        flipped = 1 << bit if next(answers) == which else 0
        return (int.from_bytes(answer, "big") ^ flipped).to_bytes(2, "big")

    world = AdcWorld(tmp_path, Field({0: FieldLoop()}, supply_channel=3))
    with closing(world), closing(Ads1115(world.i2c.path)) as converter:
        converter.open()
        world.i2c.mangle = wrong
        with pytest.raises(ConverterError, match=r"is not set as it was told|two results"):
            converter.read(0)


def test_an_ads1115_is_found_at_its_own_address_only(hook: None, tmp_path: Path) -> None:
    world = AdcWorld(tmp_path, Field({0: FieldLoop()}, supply_channel=3))
    with closing(world), closing(Ads1115(world.i2c.path, address=0x49)) as converter:
        converter.open()
        with pytest.raises(ConverterError, match="address 0x49 does not answer"):
            converter.read(0)
        world.i2c.chips[0x49] = Ads1115Chip(world.field.volts)
        assert millivolts(converter, 0) == pytest.approx(1650, abs=2)


@pytest.mark.parametrize("address", [0x47, 0x4C])
def test_an_address_that_no_ads1115_has_is_refused(address: int) -> None:
    with pytest.raises(ValueError, match="must be 0x48 to 0x4b"):
        Ads1115("/dev/i2c-1", address=address)


def test_a_reference_that_no_mcp3208_takes_is_refused() -> None:
    with pytest.raises(ValueError, match="must be 250 to 5500"):
        Mcp3208("/dev/spidev0.0", reference_mv=200)


@pytest.mark.parametrize("build", [Mcp3208, Ads1115])
def test_without_the_bus_library_a_converter_is_not_built(
    build: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "periphery", None)
    with pytest.raises(ConverterError, match=r"install ironroom\[pi\]"):
        build("/dev/nothing")


@pytest.mark.parametrize(
    ("zones", "supply", "words"),
    [
        ([LoopZone("a", 0), LoopZone("a", 1)], 3, "a is used twice"),
        ([LoopZone("a", 0), LoopZone("b", 0)], 3, "0 is used twice"),
        ([LoopZone("a", 3)], 3, "3 is used twice"),
        ([LoopZone("a", 8)], 3, "channel 8: this converter has 0 to"),
        ([LoopZone("a", 0)], -1, "channel -1"),
    ],
)
def test_a_channel_serves_one_line_and_a_line_has_one_channel(
    bench: Any, zones: list[LoopZone], supply: int, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        AnalogueLoops("adc", bench.converter(), zones, supply=Supply(supply), sink=bench.heard)
