from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_shims.cards.iso_dep import DESFIRE_ATS, IsoDep, card
from firmware_shims.cards.type_a import ISO_DEP, STORAGE, Card

RATS = b"\xe0\x80"


@dataclass
class Echo:
    uid: bytes = b"\1\2\3\4"
    heard: list[bytes] = field(default_factory=list)
    fields: int = 0
    dead: bool = False

    def answer(self, apdu: bytes) -> bytes | None:
        self.heard.append(apdu)
        return None if self.dead else apdu + b"\x90\x00"

    def power_on(self) -> None:
        self.fields += 1


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def dep(echo: Echo) -> IsoDep:
    dep = IsoDep(echo)
    assert dep(RATS) == DESFIRE_ATS
    return dep


def test_a_card_is_silent_until_it_is_activated(echo: Echo) -> None:
    dep = IsoDep(echo)
    for frame in (b"", b"\x02\x60", b"\xe0", b"\xe0\x8f", b"\xc2", b"\x30\x00"):
        assert dep(frame) is None
    assert dep(b"\xe0\x80") == DESFIRE_ATS


def test_a_command_and_its_answer_carry_the_same_number(dep: IsoDep) -> None:
    assert [dep(bytes((2 | turn, 0x60))) for turn in (0, 1, 0)] == [
        bytes((2 | turn, 0x60, 0x90, 0x00)) for turn in (0, 1, 0)
    ]


def test_an_answer_is_given_again_when_it_is_asked_for_again(dep: IsoDep, echo: Echo) -> None:
    said = dep(b"\x02\x60")
    assert dep(b"\xb2") == said
    assert dep(b"\xb2") == said
    assert echo.heard == [b"\x60"]


def test_a_command_that_never_came_is_told_by_an_old_number(dep: IsoDep, echo: Echo) -> None:
    dep(b"\x02\x60")
    # Rule 12: the block with number 1 was lost; the card says which it had last.
    assert dep(b"\xb3") == b"\xa2"
    assert dep(b"\x03\x61") == b"\x03\x61\x90\x00"
    assert echo.heard == [b"\x60", b"\x61"]


def test_a_command_in_parts_is_acknowledged_part_by_part(dep: IsoDep, echo: Echo) -> None:
    assert dep(b"\x12ab") == b"\xa2"
    assert dep(b"\x13cd") == b"\xa3"
    assert dep(b"\x02ef") == b"\x02abcdef\x90\x00"
    assert echo.heard == [b"abcdef"]


def test_an_answer_longer_than_the_readers_frame_comes_in_parts() -> None:
    dep = IsoDep(Echo())
    dep(b"\xe0\x00")
    assert dep(b"\x02" + b"x" * 20) == b"\x12" + b"x" * 13
    assert dep(b"\xa3") == b"\x03" + b"x" * 7 + b"\x90\x00"


def test_a_card_that_needs_time_asks_before_it_answers() -> None:
    dep = IsoDep(Echo(), pleas=2, factor=5)
    dep(RATS)
    assert [dep(b"\x02\x60"), dep(b"\xf2\x05"), dep(b"\xf2\x05")] == [
        b"\xf2\x05",
        b"\xf2\x05",
        b"\x02\x60\x90\x00",
    ]
    assert dep(b"\xf2\x05") is None


def test_a_deselected_card_answers_once_more_and_must_be_activated_again(dep: IsoDep) -> None:
    assert dep(b"\xc2") == b"\xc2"
    assert dep(b"\x02\x60") is None
    assert dep(RATS) == DESFIRE_ATS


def test_a_reader_may_ask_for_its_speed_before_it_speaks(dep: IsoDep) -> None:
    assert dep(b"\xd0\x11\x00") == b"\xd0"
    dep(b"\x02\x60")
    assert dep(b"\xd0\x11\x00") is None


def test_an_applet_learns_of_every_new_field_and_may_say_nothing(echo: Echo) -> None:
    whole = card(echo)
    before = echo.fields
    whole.reset()
    assert echo.fields == before + 1
    whole.talk(RATS)
    echo.dead = True
    assert whole.talk(b"\x02\x60") is None


@given(st.lists(st.binary(max_size=70), max_size=30))
def test_no_frame_makes_a_card_stumble(frames: list[bytes]) -> None:
    dep = IsoDep(Echo(), pleas=1)
    dep(RATS)
    for frame in frames:
        dep(frame)
    dep.reset()
    assert dep(RATS) == DESFIRE_ATS


def test_a_card_that_talks_promises_it_and_a_mute_one_does_not(echo: Echo) -> None:
    assert card(echo).selected == ISO_DEP
    assert Card(b"\1\2\3\4").selected == STORAGE
    assert Card(b"\1\2\3\4", sak=0).selected == 0
