"""A display and the panel face to face, on a clock of their own: pages, ends, losses, and what it costs."""

import os

import pytest

from firmware_shims.osdp_bench import Lockstep
from firmware_shims.osdp_display import DisplayMachine, Screen
from firmware_shims.osdp_machine import Machine
from hardware.osdp.codec import encode
from hardware.osdp.display import Display
from hardware.osdp.duties import Duties
from hardware.osdp.messages import Command, Message, Nak, Reply
from hardware.osdp.outputs import OutputErrand
from hardware.osdp.texts import MOST_NOTICES, PAGE_EVERY, STANDS_S, TextErrand
from hardware.signals import CardRead, DeviceBack, DeviceLost

KEY = os.urandom(16)
FOR_EVER = 1e9
WAITS = "RELEASE main\n4F2A-91C0 WAITS"


class Bench:
    """The controller's end and a display of ``size``, of which it believes that it is as ``meant``."""

    def __init__(self, size: Display | None = None, meant: Display | None = None) -> None:
        self.screen = Screen(size or Display(), lambda: self.pair.now)
        self.pair = Lockstep(KEY, machine=DisplayMachine(1, KEY, self.screen))
        self.texts = TextErrand("p1", meant or Display(), lambda: self.pair.now)
        self.pair.engine.entrust(Duties(OutputErrand("p1", ()), texts=self.texts))

    def after(self, seconds: float) -> tuple[str, ...]:
        """What stands on the display after so many seconds."""
        self.pair.run(seconds)
        return self.screen.rows()


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.pair.run(1.0)
    return bench


def test_a_text_stands_at_once_and_until_its_end(bench: Bench) -> None:
    bench.texts.show("4F2A", WAITS, bench.pair.now + 30)
    assert bench.after(0.5) == ("RELEASE main", "4F2A-91C0 WAITS")
    for _ in range(28):
        assert bench.after(1.0) == ("RELEASE main", "4F2A-91C0 WAITS")
    bench.pair.run(4.0)
    assert bench.screen.rows() == ("", "")


def test_a_text_is_replaced_and_taken_off_by_its_name(bench: Bench) -> None:
    bench.texts.show("4F2A", WAITS, FOR_EVER)
    bench.pair.run(0.5)
    bench.texts.show("4F2A", "RELEASE main\n4F2A-91C0 DONE", FOR_EVER)
    assert bench.after(0.5) == ("RELEASE main", "4F2A-91C0 DONE")
    bench.texts.show("4F2A", "", FOR_EVER)
    assert bench.after(2.0) == ("", "")


def test_a_long_text_is_shown_page_by_page(bench: Bench) -> None:
    bench.texts.show("4F2A", "one\ntwo\nthree", FOR_EVER)
    seen = [bench.after(PAGE_EVERY / 4) for _ in range(24)]
    whole = [page for page in seen if page in {("one", "two"), ("three", "")}]
    assert set(whole) == {("one", "two"), ("three", "")}
    assert len(whole) >= len(seen) - 6, "between two pages rows of both stand for a moment"


def test_several_texts_take_turns_and_a_new_one_comes_first(bench: Bench) -> None:
    for name in ("a", "b"):
        bench.texts.show(name, name, FOR_EVER)
        assert bench.after(0.5)[0] == name
    seen = {bench.after(0.5)[0] for _ in range(12)}
    assert seen == {"a", "b"}


def test_of_too_many_texts_the_oldest_go(bench: Bench) -> None:
    for number in range(MOST_NOTICES + 3):
        bench.texts.show(f"n{number}", f"n{number}", FOR_EVER)
    seen = {bench.after(0.5)[0] for _ in range(int(4 * PAGE_EVERY * MOST_NOTICES))}
    assert seen == {f"n{number}" for number in range(3, MOST_NOTICES + 3)}


def test_a_display_whose_controller_died_falls_blank_by_itself(bench: Bench) -> None:
    bench.texts.show("4F2A", WAITS, FOR_EVER)
    bench.pair.run(0.5)
    bench.pair.now += STANDS_S + 0.1
    assert bench.screen.rows() == ("", "")


def test_a_display_that_comes_back_shows_what_is_so_now(bench: Bench) -> None:
    bench.texts.show("4F2A", WAITS, FOR_EVER)
    bench.pair.hold()
    bench.pair.run(5.0)
    assert any(isinstance(one, DeviceLost) for one in bench.pair.signals)
    bench.texts.show("4F2A", "RELEASE main\n4F2A-91C0 DONE", FOR_EVER)
    bench.pair.wire = lambda _, reply: [reply]
    assert bench.after(8.0) == ("RELEASE main", "4F2A-91C0 DONE")


def test_what_stood_on_it_for_good_is_wiped_off() -> None:
    bench = Bench()
    bench.screen.take(bytes([0, 1, 0, 1, 1, 7]) + b"WELCOME")
    bench.texts.show("4F2A", "x", 0.0)
    assert bench.after(2.0) == ("", "")


@pytest.mark.parametrize(
    ("size", "meant", "fault"),
    [(Display(1, 16), Display(2, 16), "has a display of 1 rows, not 2"), (None, Display(2, 40), "refuses")],
)
def test_a_display_that_is_another_one_is_told_once_a_session(
    size: Display | None, meant: Display, fault: str
) -> None:
    bench = Bench(size, meant)
    bench.texts.show("4F2A", WAITS, FOR_EVER)
    (lost,) = [one for one in bench.pair.run(10.0) if isinstance(one, DeviceLost)]
    assert fault in lost.why
    assert not lost.suspect


def test_a_device_without_a_display_is_told_once_and_is_told_no_text() -> None:
    bench = Bench()
    bench.pair.machine = Machine(1, KEY)
    bench.texts.show("4F2A", WAITS, FOR_EVER)
    (lost,) = [one for one in bench.pair.run(10.0) if isinstance(one, DeviceLost)]
    assert lost == DeviceLost("p1", "p1 has no display")


def test_a_device_that_does_not_say_what_it_can_do_has_no_display() -> None:
    bench = Bench()
    honest = bench.pair.machine.execute
    refusal = Message(Reply.NAK, bytes([Nak.UNKNOWN_COMMAND]))
    bench.pair.machine.execute = (  # type: ignore[method-assign]
        lambda asked: refusal if asked.code == Command.CAP else honest(asked)
    )
    said = bench.pair.run(5.0)
    assert [type(one) for one in said if isinstance(one, DeviceLost | DeviceBack)] == [DeviceBack, DeviceLost]


def test_a_display_never_has_more_than_every_tenth_of_a_second_of_the_line(bench: Bench) -> None:
    for number in range(MOST_NOTICES):
        bench.texts.show(f"n{number}", f"{number} " * 40, FOR_EVER)
    bench.pair.run(1.0)
    texts, before = len(bench.screen.heard), len(bench.pair.commands)
    bench.pair.run(10.0)
    asked, told = len(bench.pair.commands) - before, len(bench.screen.heard) - texts
    assert 0 < told <= 10.0 / 0.1
    assert told < asked / 5
    assert max(len(encode(one)) for one in bench.pair.commands) <= 64, "60 ms of 9600 baud"


def test_a_card_at_the_device_itself_is_read_while_it_is_written_to(bench: Bench) -> None:
    bench.texts.show("4F2A", WAITS * 9, FOR_EVER)
    bench.pair.run(1.0)
    bench.pair.machine.news.append(Message(Reply.RAW, bytes([0, 0, 32, 0]) + bytes.fromhex("CAFEBABE")))
    assert CardRead("in", "CAFEBABE") in bench.pair.run(0.3)
