import pytest

from firmware_shims.cards.type_a import Card
from firmware_shims.pn532_field import RfField

OFF, ON = b"\x01\x02", b"\x01\x03"
ONE, TWO = b"\x01\x02\x03\x04", b"\x02\x02\x03\x04\x05\x06\x07"


def talking(uid: bytes) -> Card:
    return Card(uid, talk=lambda frame: uid[:1] + frame)


@pytest.fixture
def field() -> RfField:
    field = RfField()
    field.keep([talking(ONE), talking(TWO)])
    return field


def test_only_a_selected_card_hears(field: RfField) -> None:
    assert field.through(b"?") == b"\x01"
    assert [card.uid for card in field.list(1, b"")] == [ONE]
    assert field.through(b"?") == b"\x00\x01?"


def test_with_room_for_two_both_are_listed_and_none_hears_before_it_is_selected(field: RfField) -> None:
    assert {card.uid for card in field.list(2, b"")} == {ONE, TWO}
    assert field.through(b"?") == b"\x01"
    assert field.select(2) == b"\x00"
    assert field.through(b"?") == b"\x00\x02?"
    assert field.select(3) == field.select(0) == b"\x27"


@pytest.mark.parametrize("wanted", [TWO, b"\x88" + TWO, ONE])
def test_a_card_is_found_by_its_uid_alone_with_or_without_cascade_tag(field: RfField, wanted: bytes) -> None:
    (card,) = field.list(1, wanted)
    assert card.uid in wanted


def test_a_uid_of_ten_bytes_has_two_cascade_tags() -> None:
    field = RfField()
    field.keep([talking(bytes(range(10)))])
    assert field.list(1, b"\x88\x00\x01\x02\x88\x03\x04\x05\x06\x07\x08\x09")


@pytest.mark.parametrize("end", ["off", "release", "taken"])
def test_an_activation_ends_with_the_field_the_release_and_the_card(end: str) -> None:
    resets: list[int] = []
    field = RfField()
    field.keep([Card(ONE, talk=lambda frame: frame, reset=lambda: resets.append(1))])
    field.list(1, b"")
    assert field.through(b"?") == b"\x00?"
    if end == "off":
        assert field.configured(OFF) == b""
    elif end == "release":
        assert field.release() == b"\x00"
    else:
        field.keep([])
    assert resets == [1]
    assert field.through(b"?") == b"\x01"


def test_switching_the_field_on_ends_nothing(field: RfField) -> None:
    field.list(1, b"")
    field.configured(ON)
    assert field.through(b"?") == b"\x00\x01?"


def test_a_card_is_torn_away_after_so_many_frames(field: RfField) -> None:
    field.list(1, b"")
    field.frames_left = 2
    assert [field.through(b"?") for _ in range(3)] == [b"\x00\x01?", b"\x00\x01?", b"\x01"]
    assert field.cards == []


def test_the_chip_waits_for_a_relayed_answer_only_as_long_as_it_was_told(field: RfField) -> None:
    field.list(1, b"")
    field.delay_s = 0.004
    # RFConfiguration item 2: 100 microseconds doubled n - 1 times: 3.2 ms, then 6.4 ms.
    field.configured(b"\x02\x00\x0b\x06")
    assert field.through(b"?") == b"\x01"
    field.configured(b"\x02\x00\x0b\x07")
    assert field.through(b"?") == b"\x00\x01?"
