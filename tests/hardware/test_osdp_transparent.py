"""Cards read through a reader in transparent mode: the card proves itself, the reader only carries."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from firmware_shims.osdp_transparent import Habits
from hardware.credentials.uid import UID
from hardware.osdp.messages import Message
from hardware.osdp.transparent_messages import XRD
from hardware.osdp.transparent_reading import SAME_CARD, CardReading
from hardware.signals import CardFault, CardRead, Signal
from tests.hardware.osdp_card_bench import CHALLENGE, NUMBER, SELECT, STRONG, CardBench, PlainCard


def read(said: list[Signal]) -> CardRead:
    """The one card that was read, without the time it took."""
    assert len(said) == 1, said
    assert isinstance(said[0], CardRead)
    return replace(said[0], took_ms=0)


PROVED = CardRead("in", "5A" * 16, "strong", uid=NUMBER.hex().upper(), counter=7)

WAYS = {
    "tells the number at a scan": Habits(),
    "tells it when the card is asked": Habits(tells_number=False),
    "answers with a later poll": Habits(later=True),
    "both": Habits(tells_number=False, later=True),
    "takes 128 bytes at a time": Habits(buffer=128),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_card_proves_itself_through_every_kind_of_reader(way: str) -> None:
    assert read(CardBench(habits=WAYS[way]).hold(PlainCard())) == PROVED


def test_the_time_since_the_card_was_first_seen_is_told() -> None:
    (said,) = CardBench().hold(PlainCard())
    assert isinstance(said, CardRead)
    assert 5 <= said.took_ms < 500


def test_a_card_of_another_scheme_is_read_in_that_one() -> None:
    assert read(CardBench().hold(PlainCard(knows=("plain",)))).scheme == "plain"


def test_a_card_that_speaks_no_scheme_is_its_number_and_no_more() -> None:
    said = read(CardBench().hold(PlainCard(knows=())))
    assert (said.token, said.scheme, said.fault) == (NUMBER.hex().upper(), "uid", None)


def test_a_card_that_fails_a_scheme_is_asked_for_no_weaker_one() -> None:
    card = PlainCard(knows=("strong", "plain"), wrong=True)
    said = read(CardBench().hold(card))
    assert (said.token, said.scheme, said.fault) == (NUMBER.hex().upper(), "strong", CardFault.WRONG_KEY)
    assert CHALLENGE not in card.heard


def test_without_a_site_key_a_keyed_badge_is_no_uid_badge() -> None:
    bench = CardBench(CardReading((STRONG, UID)))
    said = read(bench.hold(PlainCard()))
    assert (said.scheme, said.fault) == ("strong", CardFault.NO_KEY)


def test_a_card_whose_number_is_not_known_is_asked_without_keys_only() -> None:
    nameless = Habits(tells_number=False, knows_pseudo=False)
    card = PlainCard(knows=("strong", "plain"))
    said = read(CardBench(habits=nameless).hold(card))
    assert (said.scheme, said.uid) == ("plain", "")
    assert SELECT not in card.heard
    assert CardBench(habits=nameless).hold(PlainCard(knows=())) == []


@pytest.mark.parametrize("command", range(1, 5))
def test_a_card_torn_away_is_no_card_and_the_next_one_is_read(command: int) -> None:
    bench = CardBench()
    assert bench.hold(PlainCard(silent_from=command)) == []
    assert read(bench.hold(PlainCard())) == PROVED


def test_a_card_that_is_reported_gone_in_the_middle_is_no_card() -> None:
    bench = CardBench(habits=Habits(later=True))
    bench.reader.put(PlainCard())
    for _ in range(4):
        bench.pair.turn()
    bench.reader.take()
    assert not [one for one in bench.pair.run(1.0) if isinstance(one, CardRead)]
    assert read(bench.hold(PlainCard())) == PROVED


def test_a_card_that_lies_there_is_read_once_and_again_when_it_was_away() -> None:
    bench = CardBench(habits=Habits(again=True))
    read(bench.hold(PlainCard(), seconds=5.0))
    bench.take()
    read(bench.hold(PlainCard(), seconds=5.0))


def test_another_card_counts_at_once() -> None:
    bench = CardBench(CardReading((UID,)))
    bench.reader.put(PlainCard())
    bench.reader.put(PlainCard(uid=bytes(7)))
    first = bench.pair.run(SAME_CARD / 2)
    bench.reader.put(PlainCard(uid=b"\x01" * 4))
    second = bench.pair.run(SAME_CARD / 2)
    tokens = [one.token for one in [*first, *second] if isinstance(one, CardRead)]
    assert tokens[-1] == "01010101"


def late(by: float) -> Callable[[CardBench], None]:
    """Every answer of a card comes so many seconds later."""

    def slow(bench: CardBench) -> None:
        honest = bench.reader.execute

        def execute(asked: Message) -> Message:
            said = honest(asked)
            if said.code == XRD and said.data[:2] == b"\x01\x02":
                bench.pair.now += by
            return said

        bench.reader.execute = execute  # type: ignore[method-assign]

    return slow


@pytest.mark.parametrize(("by", "fault"), [(0.1, None), (0.18, CardFault.SLOW), (0.4, CardFault.SLOW)])
def test_a_relay_that_delays_every_answer_is_refused(by: float, fault: CardFault | None) -> None:
    bench = CardBench()
    late(by)(bench)
    assert read(bench.hold(PlainCard(), seconds=8.0)).fault == fault
