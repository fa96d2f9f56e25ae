import random
import threading
from collections.abc import Callable
from typing import Any

import pytest

from hardware.analogue.ads1115 import Ads1115
from hardware.analogue.converter import ConverterError
from hardware.signals import DeviceBack, DeviceLost, DeviceNoisy, Level, LineLevel, LoopLearned, LoopMoved

LINE, OTHER = "main.contact", "main.bolt"
BOTH_CUT = [LineLevel(LINE, Level.CUT), LineLevel(OTHER, Level.CUT)]


def cut_after_loss(bench: Any) -> bool:
    told = bench.heard.all
    lost = next(n for n, signal in enumerate(told) if isinstance(signal, DeviceLost))
    return bool(told[lost + 1 : lost + 3] == BOTH_CUT)


def lost_once_then_back_with_every_level(bench: Any, heal: Callable[[], None]) -> None:
    assert bench.heard.wait(BOTH_CUT[1])
    assert cut_after_loss(bench)
    heal()
    assert bench.heard.wait(DeviceBack("adc"))
    assert bench.heard.wait(LineLevel(LINE, Level.NORMAL), count=2)
    assert bench.heard.wait(LineLevel(OTHER, Level.NORMAL), count=2)
    assert len(bench.heard.of(DeviceLost)) == 1


def test_a_converter_that_is_gone_cuts_its_loops_and_comes_back_with_their_levels(bench: Any) -> None:
    bench.rest()
    bench.bus.vanish()
    lost_once_then_back_with_every_level(bench, bench.bus.back)


def test_a_chip_that_does_not_acknowledge_cuts_its_loops(bench: Any) -> None:
    bench.rest()
    bench.bus.errno = 121
    lost_once_then_back_with_every_level(bench, lambda: setattr(bench.bus, "errno", 0))


def test_a_transfer_that_never_comes_back_is_noticed_by_the_thread_that_judges(bench: Any) -> None:
    bench.rest()
    bench.bus.stall()
    lost_once_then_back_with_every_level(bench, bench.bus.flow)
    (lost,) = bench.heard.of(DeviceLost)
    assert lost == DeviceLost("adc", "it has not answered for too long")


def test_a_driver_whose_bus_hangs_can_still_be_stopped(bench: Any) -> None:
    driver = bench.rest()
    bench.bus.stall()
    driver.stop()
    assert not driver._thread.is_alive()
    assert bench.heard.of(DeviceLost) in ([], [DeviceLost("adc", "it has not answered for too long")])


@pytest.mark.parametrize("stuck", [b"\x00", b"\xff"])
def test_a_wire_that_sticks_never_reads_as_rest(bench: Any, stuck: bytes) -> None:
    bench.rest()
    bench.bus.mangle = lambda answer: stuck * len(answer)
    lost_once_then_back_with_every_level(bench, lambda: setattr(bench.bus, "mangle", None))


def test_bits_that_stick_in_every_answer_never_read_as_rest(bench: Any) -> None:
    bench.loop.cut = True
    bench.rest()
    bench.bus.mangle = lambda answer: bytes(byte & 0x7F | 0x10 for byte in answer)
    assert bench.heard.wait_kind(DeviceLost)
    assert cut_after_loss(bench)
    assert LineLevel(LINE, Level.NORMAL) not in bench.heard.all


@pytest.mark.parametrize("volts", [1.6, 0.0])
def test_a_supply_outside_its_limits_cuts_every_loop_on_it(bench: Any, volts: float) -> None:
    bench.rest()
    bench.world.field.supply_v = volts
    lost_once_then_back_with_every_level(bench, lambda: setattr(bench.world.field, "supply_v", 3.3))
    (lost,) = bench.heard.of(DeviceLost)
    assert isinstance(lost, DeviceLost)
    assert "the supply of its loops is" in lost.why


def test_a_converter_missing_at_the_start_is_lost_and_found_later(bench: Any) -> None:
    bench.bus.vanish()
    bench.start()
    assert bench.heard.wait_kind(DeviceLost)
    assert cut_after_loss(bench)
    bench.bus.back()
    assert bench.heard.wait(LineLevel(LINE, Level.NORMAL))


def test_what_was_learned_still_holds_after_a_loss(bench: Any) -> None:
    bench.rest({LINE: 500_000})
    bench.bus.vanish()
    assert bench.heard.wait_kind(DeviceLost)
    bench.loop.series = 4900
    bench.bus.back()
    assert bench.heard.wait_kind(DeviceBack)
    assert bench.heard.wait(LineLevel(LINE, Level.CUT), count=2)
    assert bench.heard.wait_kind(LoopMoved)
    assert bench.heard.of(LineLevel).count(LineLevel(LINE, Level.NORMAL)) == 1


def test_a_converter_that_is_lost_learns_nothing(bench: Any) -> None:
    driver = bench.rest()
    bench.bus.vanish()
    assert bench.heard.wait_kind(DeviceLost)
    driver.learn([LINE])
    assert bench.heard.wait(LoopLearned(LINE, -1))


def test_a_line_of_another_converter_is_refused_to_the_caller(bench: Any) -> None:
    with pytest.raises(KeyError, match=r"elsewhere\.contact"):
        bench.rest().learn([LINE, "elsewhere.contact"])


def test_ten_thousand_random_answers_never_read_as_rest_and_the_driver_outlives_them(bench: Any) -> None:
    chance, enough, answers = random.Random(26), threading.Event(), iter(range(10_000))  # noqa: S311

    def rubbish(answer: bytes) -> bytes:
        if next(answers, None) is None:
            enough.set()
        return chance.randbytes(len(answer))

    bench.loop.cut = True
    converter = bench.converter()
    converter.open()
    if isinstance(converter, Ads1115):
        converter._pause.set()  # nobody waits for conversions whose results are rubbish
    bench.bus.mangle = rubbish
    believed = 0
    while not enough.is_set():
        try:
            believed += 0 <= converter.read(0) <= converter.full_scale
        except ConverterError:
            continue
    converter.close()
    # One in 131,072 of either part's answers is right by chance.
    assert believed <= 3
    bench.start()
    assert bench.heard.wait(BOTH_CUT[1])
    bench.bus.mangle = None
    assert bench.heard.wait(LineLevel(OTHER, Level.NORMAL))
    assert bench.heard.wait(LineLevel(LINE, Level.CUT), count=2)
    assert LineLevel(LINE, Level.NORMAL) not in bench.heard.all


def test_single_bad_bits_now_and_then_are_counted_and_no_level_is_invented(bench: Any) -> None:
    chance = random.Random(27)  # noqa: S311

    def flipped(answer: bytes) -> bytes:
        if chance.random() > 1 / 30:
            return answer
        bit = 1 << chance.randrange(8 * len(answer))
        return (int.from_bytes(answer, "big") ^ bit).to_bytes(len(answer), "big")

    bench.rest({LINE: 500_000, OTHER: 500_000})
    bench.bus.mangle = flipped
    assert bench.heard.wait(DeviceNoisy("adc"))
    bench.bus.mangle = None
    told = {signal for signal in bench.heard.of(LineLevel) if signal.level is not Level.NORMAL}
    assert told <= (set(BOTH_CUT) if bench.heard.of(DeviceLost) else set())
    assert bench.heard.of(LoopMoved) == []
