"""The DESFire in software is a card: it answers everything, says of errors what cards say, and forgets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_shims.cards.desfire import FRAME_BYTES, Desfire
from firmware_shims.cards.desfire_commands import COMMANDS
from firmware_shims.cards.desfire_memory import Application, File
from hardware.credentials.desfire_reading import AID
from tests.credentials.tapping import UID, badge, make, read

CODES = [*COMMANDS, 0x5A, 0x71, 0xAA, 0xAF, 0xC4]


def said(card: Desfire, command: str) -> str:
    answer = card.answer(bytes.fromhex(command))
    assert answer is not None
    return answer.hex().upper()


def test_a_blank_card_has_no_application_and_tells_its_version_in_three_frames() -> None:
    card = Desfire(UID, 1)
    assert said(card, "906A000000") == "9100"
    assert said(card, "9045000000") == "0F019100"
    assert said(card, "9060000000") == "0401010100180591AF"
    assert said(card, "90AF000000") == "0401010100180591AF"
    assert said(card, "90AF000000") == UID.hex().upper() + "BA5EBA110001269100"
    assert said(card, "90AF000000") == "91CA"


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("905A00000300000100", "91A0"),  # no such application
        ("905A000002000000", "917E"),  # length
        ("90AA0000010000", "9140"),  # the card itself has no AES key
        ("9099000000", "911C"),  # no such command
        ("90AF000000", "91CA"),  # nothing to go on with
        ("90C4000002000000", "919D"),  # no application is selected
        ("90CA000005F49A010F0200", "919E"),  # DES keys are not shown
        ("00A4040000", "6E00"),
        ("905A00000500000000", "6700"),
        ("90", "6E00"),
    ],
)
def test_errors_are_said_as_cards_say_them(command: str, answer: str) -> None:
    assert said(Desfire(UID), command) == answer


def test_only_the_newer_generation_knows_ev2first() -> None:
    assert said(badge(generation=1), "905A000003F49A0100") == "9100"
    for generation, answer in ((1, "911C"), (2, "91AF")):
        card = badge(generation=generation)
        said(card, "905A000003F49A0100")
        assert said(card, "9071000002010000")[-4:] == answer


def test_an_application_is_made_once() -> None:
    card = Desfire(UID)
    assert said(card, "90CA000005F49A01018200") == "9100"
    assert said(card, "90CA000005F49A01018200") == "91DE"


def test_a_finished_badge_tells_nothing_to_whom_has_no_key() -> None:
    card = badge()
    said(card, "905A000003F49A0100")
    for command in ("9045000000", "906F000000", "90F50000010000", "90CD0000070103FF1010000000"):
        assert said(card, command) == "91AE"
    assert said(card, "90BD0000070000000010000000") == "91AE"


def test_a_long_answer_comes_in_frames() -> None:
    card = Desfire(UID)
    content = bytes(range(150))
    card.applications[AID] = Application(
        b"\x0f\x81", [bytes(16)], {0: File(0, b"\xee\xee", bytearray(content))}
    )
    said(card, "905A000003F49A0100")
    whole, answer = "", said(card, "90BD0000070000000000000000")
    while answer.endswith("91AF"):
        assert len(answer) == 2 * FRAME_BYTES + 4
        whole, answer = whole + answer[:-4], said(card, "90AF000000")
    assert bytes.fromhex(whole + answer[:-4]) == content


def test_out_of_the_field_the_session_is_gone_and_the_memory_stays() -> None:
    card = Desfire(UID)
    token = make(card).token
    card.power_on()
    assert said(card, "9045000000") == "0F019100"  # nothing is selected
    assert read(card).token == token


@given(
    st.lists(st.tuples(st.sampled_from(CODES), st.binary(max_size=60)), max_size=12), st.sampled_from([1, 2])
)
def test_the_card_answers_whatever_it_is_asked(asked: list[tuple[int, bytes]], generation: int) -> None:
    card = badge(generation=generation)
    before = list(card.applications[AID].keys), bytes(card.applications[AID].files[0].content)
    card.answer(b"\x90\x5a\x00\x00\x03" + AID + b"\x00")
    for code, body in asked:
        length = bytes([len(body)]) if body else b""
        answer = card.answer(bytes([0x90, code, 0, 0]) + length + body + b"\x00")
        assert answer is not None
        assert answer[-2] == 0x91
    assert (list(card.applications[AID].keys), bytes(card.applications[AID].files[0].content)) == before


@given(st.binary(max_size=300))
def test_the_card_answers_what_is_no_command(apdu: bytes) -> None:
    answer = badge().answer(apdu)
    assert answer is not None
    assert len(answer) >= 2
