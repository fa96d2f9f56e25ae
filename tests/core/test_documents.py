"""Document numbers: what is wrong is found, and nobody who is real is turned away."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from controller.core.documents import (
    DocumentKind,
    DocumentWrongError,
    Fault,
    check_character,
    document,
    document_tag,
    masked,
    resident_id,
)

TODAY = date(2026, 3, 2)
days = st.dates(date(1900, 1, 1), date(2026, 3, 1))


@st.composite
def resident_ids(draw: st.DrawFn) -> str:
    place = draw(st.integers(100_000, 999_999))
    digits = f"{place}{draw(days):%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return digits + check_character(digits)


def fault(kind: str, text: str) -> Fault | None:
    try:
        document(kind, text, TODAY)
    except DocumentWrongError as error:
        return error.fault
    return None


@given(resident_ids())
def test_a_resident_id_of_any_place_and_any_past_day_is_right(number: str) -> None:
    assert resident_id(number, TODAY).number == number


@given(resident_ids(), st.integers(0, 17), st.sampled_from("0123456789"))
def test_one_wrong_digit_of_a_resident_id_is_always_found(number: str, place: int, digit: str) -> None:
    assume(digit != number[place])
    assert fault("resident_id", number[:place] + digit + number[place + 1 :]) is not None


@given(resident_ids(), st.integers(0, 16))
def test_two_swapped_neighbours_of_a_resident_id_are_always_found(number: str, place: int) -> None:
    one, two = number[place], number[place + 1]
    assume(one != two)
    assert fault("resident_id", number[:place] + two + one + number[place + 2 :]) is not None


@pytest.mark.parametrize(
    ("number", "whose"),
    [
        ("11010519491231002X", "the example of GB 11643"),
        ("810000199408230021", "a permit of somebody from Hong Kong"),
        ("412723198001010014", "somebody of a county that is no more"),
        ("911840198503020014", "a foreigner with permanent residence"),
    ],
)
def test_nobody_who_is_real_is_turned_away(number: str, whose: str) -> None:
    right = number[:-1] + check_character(number[:-1])
    assert resident_id(right, TODAY).place == number[:6], whose


def test_the_published_examples_have_the_check_characters_they_have() -> None:
    assert fault("resident_id", "11010519491231002X") is None
    assert fault("resident_id", "440524188001010014") is None
    assert fault("resident_id", "810000199408230021") is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("11010519491231002", Fault.LENGTH),
        ("11010519491231002XX", Fault.LENGTH),
        ("1101051949123100XX", Fault.CHARACTERS),
        ("01010519491231002X", Fault.CHARACTERS),
        ("110105194912310021", Fault.CHECK_DIGIT),
        ("", Fault.LENGTH),
    ],
)
def test_a_wrong_resident_id_tells_which_check_failed(text: str, why: Fault) -> None:
    assert fault("resident_id", text) is why


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("20260302", Fault.FUTURE),
        ("20270101", Fault.FUTURE),
        ("19490231", Fault.DATE),
        ("19491301", Fault.DATE),
        ("00000101", Fault.DATE),
        ("17990101", Fault.DATE),
        ("20260301", None),
        ("20000229", None),
        ("19000229", Fault.DATE),
    ],
)
def test_the_day_of_birth_must_exist_and_be_past(day: str, why: Fault | None) -> None:
    digits = f"110105{day}002"
    assert fault("resident_id", digits + check_character(digits)) is why


@pytest.mark.parametrize(
    "text", ["110105 19491231 002x", "110105-19491231-002X", "\uff11\uff11010519491231002\uff38"]
)
def test_how_a_number_is_typed_makes_no_difference(text: str) -> None:
    assert resident_id(text, TODAY).number == "11010519491231002X"
    assert document_tag(b"pepper", text) == document_tag(b"pepper", "11010519491231002X")


@pytest.mark.parametrize(
    ("kind", "text", "why"),
    [
        ("passport", "E12345678", None),
        ("passport", "l898902c3", None),
        ("passport", "E1234567890", Fault.LENGTH),
        ("passport", "E123", Fault.LENGTH),
        ("passport", "ABCDEFGH", Fault.CHARACTERS),
        ("passport", "E1234567\u00d8", Fault.CHARACTERS),
        ("hk_macao_permit", "H12345678", None),
        ("hk_macao_permit", "M1234567801", None),
        ("hk_macao_permit", "A12345678", Fault.CHARACTERS),
        ("hk_macao_permit", "H1234567", Fault.LENGTH),
        ("taiwan_permit", "12345678", None),
        ("taiwan_permit", "1234567801(B)", None),
        ("taiwan_permit", "1234567", Fault.LENGTH),
        ("taiwan_permit", "1234A678", Fault.CHARACTERS),
        ("other", "D23145890734", None),
        ("other", "D23", Fault.LENGTH),
        ("library card", "D23145890734", Fault.KIND),
        ("", "", Fault.KIND),
    ],
)
def test_passports_and_permits_are_judged_by_length_and_characters(
    kind: str, text: str, why: Fault | None
) -> None:
    assert fault(kind, text) is why


@given(st.sampled_from([*DocumentKind, "none"]), st.text(max_size=80))
def test_whatever_is_typed_is_a_document_or_a_fault(kind: str, text: str) -> None:
    assert fault(kind, text) in {None, *Fault}


def test_a_screen_shows_beginning_and_end_of_a_number_alone() -> None:
    assert masked("11010519491231002X") == "110***********002X"
    assert masked("E12345678") == "E******78"
    assert masked("D231") == "****"
    assert masked("") == ""


def test_a_tag_needs_the_pepper_and_tells_no_number() -> None:
    one, other = document_tag(b"pepper", "E12345678"), document_tag(b"salt", "E12345678")
    assert one != other
    assert len(one) == 64
    assert "12345678" not in one
