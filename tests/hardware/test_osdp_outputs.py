"""Outputs of OSDP boards: the board keeps the time, and what it says is what is reported."""

import os

import pytest

from firmware_shims.osdp_bench import Lockstep
from firmware_shims.osdp_outputs import OutputMachine
from hardware.osdp.duties import Duties
from hardware.osdp.messages import Command, Message, Nak, Reply
from hardware.osdp.outputs import FRESH, OutputErrand, set_output
from hardware.osdp.transparent import CardErrand
from hardware.osdp.transparent_reading import CardReading
from hardware.signals import DeviceLost, LateRelease, Level, LineLevel, Signal

KEY = os.urandom(16)
ON, OFF, CUT = Level.ACTIVE, Level.NORMAL, Level.CUT


class Bench:
    """Panel and a board of ``there`` relays face to face; outputs 0 and 1 are in use."""

    def __init__(self, there: int = 2, *, cards: bool = False) -> None:
        self.pair = Lockstep(KEY)
        self.board = OutputMachine(1, KEY, there, lambda: self.pair.now)
        self.pair.machine = self.board
        self.outputs = OutputErrand("board", (0, 1), lambda: self.pair.now)
        reading = CardErrand("board", CardReading(), lambda: self.pair.now)
        self.pair.engine.entrust(Duties(self.outputs, reading if cards else None))
        self.before = self.run(0.6)

    def run(self, seconds: float) -> list[tuple[str, Level]]:
        """What is said of outputs in so many seconds."""
        return told(self.pair.run(seconds))


def told(said: list[Signal]) -> list[tuple[str, Level]]:
    return [(one.line, one.level) for one in said if isinstance(one, LineLevel)]


ORDERS = {
    (3, True, None): "03020000",
    (3, False, None): "03010000",
    (0, True, 2.0): "00051400",
    (0, False, 0.05): "00060100",
    (63, True, 6553.5): "3f05ffff",
    (1, True, 0.31): "01050400",
}


@pytest.mark.parametrize("order", ORDERS)
def test_an_order_says_which_output_how_and_for_how_long(order: tuple[int, bool, float | None]) -> None:
    assert set_output(*order) == Message(Command.OUT, bytes.fromhex(ORDERS[order]))


@pytest.mark.parametrize("order", [(64, True, None), (-1, True, None), (0, True, 0.0), (0, True, 6553.6)])
def test_an_order_that_no_board_can_keep_is_refused(order: tuple[int, bool, float | None]) -> None:
    with pytest.raises(ValueError, match="output"):
        set_output(*order)


def test_outputs_are_told_when_the_board_first_tells_them() -> None:
    assert Bench().before == [("board.out0", OFF), ("board.out1", OFF)]


def test_the_board_ends_a_time_by_itself_and_that_is_told() -> None:
    bench = Bench()
    bench.outputs.set(1, True, 2.0)
    assert bench.run(1.0) == [("board.out1", ON)]
    assert bench.run(2.0) == [("board.out1", OFF)]
    assert [order.hex() for order in bench.board.orders] == ["01051400"]


def test_a_time_ends_even_if_the_panel_is_gone() -> None:
    bench = Bench()
    bench.outputs.set(0, True, 1.0)
    bench.run(0.2)
    assert bench.board.states()[0] == 1
    bench.pair.now += 1.0
    assert bench.board.states()[0] == 0


def test_an_output_may_be_set_for_good_and_back() -> None:
    bench = Bench()
    bench.outputs.set(0, True)
    assert bench.run(3.0) == [("board.out0", ON)]
    bench.outputs.set(0, False)
    assert bench.run(3.0) == [("board.out0", OFF)]


def test_a_change_at_the_board_itself_is_told_within_its_second() -> None:
    bench = Bench()
    bench.board.execute(set_output(1, True, None))
    assert bench.run(1.2) == [("board.out1", ON)]


def test_an_output_that_the_board_does_not_have_is_cut() -> None:
    bench = Bench(there=1)
    assert bench.before == [("board.out0", OFF), ("board.out1", CUT)]


def test_an_order_that_the_board_refuses_is_told() -> None:
    bench = Bench()
    honest = bench.board.execute
    refusal = Message(Reply.NAK, bytes([Nak.RECORD]))
    bench.board.execute = (  # type: ignore[method-assign]
        lambda asked: refusal if asked.code == Command.OUT else honest(asked)
    )
    bench.outputs.set(0, True, 1.0)
    said = bench.run(0.3)
    assert said[0] == ("board.out0", CUT)


def test_an_output_not_in_use_cannot_be_set() -> None:
    with pytest.raises(KeyError, match="output 5"):
        Bench().outputs.set(5, True)


def test_an_order_that_found_the_board_away_is_void_and_told() -> None:
    bench = Bench()
    bench.pair.hold()
    bench.pair.run(4.0)
    bench.outputs.set(0, True, 3.0)
    bench.pair.run(FRESH + 1.0)
    bench.pair.wire = lambda _, reply: [reply]
    said = bench.pair.run(6.0)
    late = [one for one in said if isinstance(one, LateRelease)]
    assert [one.line for one in late] == ["board.out0"]
    assert late[0].late_ms >= FRESH * 1000
    assert bench.board.orders == []


def test_an_order_that_was_taken_up_and_not_sent_is_not_forgotten() -> None:
    now = [0.0]
    errand = OutputErrand("board", (0, 1), lambda: now[0])
    errand.set(1, True, 3.0)
    assert errand.next() == set_output(1, True, 3.0)
    errand.lost()
    now[0] += 1.0
    assert errand.next() == set_output(1, True, 3.0)
    errand.lost()
    now[0] += FRESH
    errand.next()
    errand.sent()
    said = errand.heard(Message(Reply.OSTATR, bytes(2)))
    assert said[0] == LateRelease("board.out1", 3000)


def test_a_newer_order_takes_the_place_of_an_older_one_that_was_not_sent() -> None:
    errand = OutputErrand("board", (0, 1), lambda: 0.0)
    errand.set(0, True, 3.0)
    errand.set(1, True)
    errand.set(0, False)
    assert [errand.next(), errand.next()] == [set_output(1, True, None), set_output(0, False, None)]


@pytest.mark.parametrize("states", [b"", b"\x01", b"\x02\x02", b"\xff" * 64])
def test_reserved_and_missing_states_are_never_taken_for_off(states: bytes) -> None:
    errand = OutputErrand("board", (0, 1), lambda: 0.0)
    said = told(errand.heard(Message(Reply.OSTATR, states)))
    assert ("board.out1", CUT) in said
    assert all(level != OFF for _, level in said)


def test_cards_and_outputs_of_one_device_do_not_wait_for_each_other() -> None:
    bench = Bench(cards=True)
    lost = [one for one in bench.pair.signals if isinstance(one, DeviceLost)]
    assert len(lost) == 1, "the board has no transparent mode, which only the other duty minds"
    bench.outputs.set(1, True, 0.5)
    assert bench.run(0.4) == [("board.out1", ON)]
    assert bench.run(1.0) == [("board.out1", OFF)]
