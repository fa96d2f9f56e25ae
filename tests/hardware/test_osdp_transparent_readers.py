"""Readers in transparent mode that cannot, will not or lie: no card that was not proved, no standstill."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_shims.osdp_lies import FORGED_CARD
from firmware_shims.osdp_transparent import Habits
from hardware.credentials.exchange import Exchange, Proof, Scheme
from hardware.credentials.running import Bounds
from hardware.credentials.site_keys import SiteKeys
from hardware.credentials.uid import UID
from hardware.osdp.messages import Message, Reply
from hardware.osdp.transparent import CardErrand
from hardware.osdp.transparent_messages import XRD
from hardware.osdp.transparent_reading import CardReading
from hardware.signals import CardRead, DeviceLost, Signal
from tests.hardware.osdp_card_bench import NUMBER, READING, CardBench, PlainCard

PROVED = CardRead("in", "5A" * 16, "strong", uid=NUMBER.hex().upper(), counter=7)


def read(said: list[Signal]) -> CardRead:
    """The one card that was read, without the time it took."""
    assert len(said) == 1, said
    assert isinstance(said[0], CardRead)
    return replace(said[0], took_ms=0)


def endless(uid: bytes, _: SiteKeys | None) -> Exchange:
    yield bytes(300)
    return Proof("00")


def test_a_scheme_that_needs_a_longer_message_than_the_reader_takes_does_not_fit() -> None:
    long = Scheme("long", "a test", keyed=False, read=endless)
    said = read(CardBench(CardReading((long, UID))).hold(PlainCard()))
    assert said.scheme == "uid"


@pytest.mark.parametrize("habits", [Habits(offers=False)])
def test_a_reader_without_transparent_mode_is_a_lost_reader(habits: Habits) -> None:
    bench = CardBench(habits=habits)
    lost = [one for one in bench.before if isinstance(one, DeviceLost)]
    assert [one.device for one in lost] == ["in"]
    assert "transparent mode" in lost[0].why


def test_a_reader_that_answers_nothing_at_all_to_a_command_is_asked_again() -> None:
    bench = CardBench(replace(READING, bounds=Bounds(each_ms=100)))
    honest = bench.reader.execute
    bench.reader.execute = (  # type: ignore[method-assign]
        lambda asked: honest(Message(0x60)) if asked.data[:2] == b"\x01\x01" else honest(asked)
    )
    assert bench.hold(PlainCard(), seconds=3.0) == []
    bench.reader.execute = honest  # type: ignore[method-assign]
    bench.take()
    assert read(bench.hold(PlainCard())) == PROVED


@pytest.mark.parametrize("offers", [True, False])
def test_cards_that_such_a_reader_reads_by_itself_count_for_nothing(offers: bool) -> None:
    bench = CardBench(habits=Habits(offers=offers))
    for _ in range(3):
        bench.reader.news.append(FORGED_CARD)
    assert not [one for one in bench.pair.run(1.0) if isinstance(one, CardRead)]
    said = bench.hold(PlainCard())
    assert (read(said) == PROVED) if offers else (said == [])


@pytest.mark.parametrize("word", [b"\x01\x02\x00", b"\x01\x00\x01", b""])
def test_whatever_a_reader_says_when_its_card_is_left_it_was_left(word: bytes) -> None:
    bench = CardBench()
    honest = bench.reader.execute
    bench.reader.execute = (  # type: ignore[method-assign]
        lambda asked: Message(XRD, word) if asked.data[:2] == b"\x01\x02" else honest(asked)
    )
    read(bench.hold(PlainCard()))
    bench.take()
    assert read(bench.hold(PlainCard())) == PROVED


def test_after_a_session_was_lost_the_mode_is_set_anew() -> None:
    bench = CardBench()
    bench.reader.forget()
    bench.pair.run(5.0)
    assert bench.reader.mode == 1
    assert read(bench.hold(PlainCard())) == PROVED


@pytest.mark.parametrize(
    "nonsense",
    [
        b"",
        b"\x01",
        b"\x01\x01",
        b"\x01\x01\x01",
        b"\x01\x01\x00\x09",
        b"\x01\x02",
        b"\x01\x02\x00",
        b"\x02\x00\x00",
        b"\x00\x02\x00\x01\x09\x00\x01",
        b"\x00\x02\x00\x01\x00\x00",
        b"\x01\x02\x00\x00" + bytes(259),
    ],
)
def test_nonsense_from_a_reader_is_no_card_and_ends_nothing(nonsense: bytes) -> None:
    bench = CardBench()
    bench.reader.news.append(Message(XRD, nonsense))
    assert not [one for one in bench.pair.run(0.5) if isinstance(one, CardRead | DeviceLost)]
    honest = bench.reader.execute
    bench.reader.execute = (  # type: ignore[method-assign]
        lambda asked: Message(XRD, nonsense) if asked.data[:2] == b"\x01\x01" else honest(asked)
    )
    assert bench.hold(PlainCard()) == []
    bench.reader.execute = honest  # type: ignore[method-assign]
    assert read(bench.hold(PlainCard())) == PROVED


HEADS = [b"\x00\x01", b"\x00\x02\x00\x01", b"\x01\x01\x00", b"\x01\x02\x00\x00", b"\x01\x00"]
replies = st.one_of(
    st.builds(lambda head, rest: Message(XRD, head + rest), st.sampled_from(HEADS), st.binary(max_size=20)),
    st.builds(lambda code: Message(code, b"\x01"), st.sampled_from([Reply.ACK, Reply.NAK, Reply.PDCAP])),
)


@given(st.lists(st.tuples(st.booleans(), replies), max_size=40))
def test_no_row_of_replies_proves_a_card_that_did_not_answer(row: list[tuple[bool, Message]]) -> None:
    errand = CardErrand("in", READING, lambda: 0.0)
    said = errand.heard(Message(Reply.PDCAP, bytes([12, 1, 0])))
    for asked, reply in row:
        if asked and errand.next() is not None:
            errand.sent()
        said += errand.heard(reply)
    assert not [one for one in said if isinstance(one, CardRead) and one.scheme == "strong" and not one.fault]
