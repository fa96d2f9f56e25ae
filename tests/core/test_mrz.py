"""Machine-readable zones, by the examples that ICAO 9303 prints, and with every digit wrong once."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from controller.core.documents import DocumentWrongError, Fault
from controller.core.mrz import check_digit, read_zone

TODAY = date(2026, 3, 2)
TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
TD2 = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
TD1 = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
"""Examples of ICAO 9303: appendix B of part 4, of part 6 and of part 5."""
CHECKED = {3: [(0, 5, 15), (1, 0, 7), (1, 8, 15)], 2: [(1, 0, 10), (1, 13, 20), (1, 21, 28)]}
"""By number of lines: line and columns whose digits have a check digit; in TD3 and TD2 alike."""


def fault(lines: tuple[str, ...], today: date = TODAY) -> Fault | None:
    try:
        read_zone(lines, today)
    except DocumentWrongError as error:
        return error.fault
    return None


@pytest.mark.parametrize(
    ("lines", "form", "number"),
    [(TD3, "TD3", "L898902C3"), (TD2, "TD2", "D23145890"), (TD1, "TD1", "D23145890")],
)
def test_the_standards_own_examples_are_read(lines: tuple[str, ...], form: str, number: str) -> None:
    zone = read_zone(lines, TODAY)
    assert (zone.form, zone.number, zone.issuer, zone.nationality) == (form, number, "UTO", "UTO")
    assert (zone.surname, zone.given, zone.sex) == ("ERIKSSON", "ANNA MARIA", "F")
    assert (zone.born, zone.expires) == (date(1974, 8, 12), date(2012, 4, 15))


@given(st.sampled_from([TD1, TD2, TD3]), st.data())
def test_one_wrong_digit_in_number_dates_or_check_digits_is_always_found(
    lines: tuple[str, ...], data: st.DataObject
) -> None:
    row, begin, end = data.draw(st.sampled_from(CHECKED[len(lines)]))
    column = data.draw(st.integers(begin, end - 1))
    digit = data.draw(st.sampled_from("0123456789"))
    assume(lines[row][column].isdigit() and lines[row][column] != digit)
    wrong = list(lines)
    wrong[row] = lines[row][:column] + digit + lines[row][column + 1 :]
    assert fault(tuple(wrong)) is not None


@given(st.sampled_from([TD1, TD2, TD3]), st.data())
def test_swapped_neighbours_are_found_unless_they_differ_by_five(
    lines: tuple[str, ...], data: st.DataObject
) -> None:
    row, begin, end = data.draw(st.sampled_from(CHECKED[len(lines)]))
    column = data.draw(st.integers(begin, end - 3))
    one, two = lines[row][column], lines[row][column + 1]
    assume(one.isdigit() and two.isdigit() and abs(int(one) - int(two)) not in {0, 5})
    wrong = list(lines)
    wrong[row] = lines[row][:column] + two + one + lines[row][column + 2 :]
    assert fault(tuple(wrong)) is not None


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ((TD3[0], "L898902C37" + TD3[1][10:]), Fault.NUMBER_CHECK),
        ((TD3[0], TD3[1][:19] + "3" + TD3[1][20:]), Fault.BIRTH_CHECK),
        ((TD3[0], TD3[1][:27] + "8" + TD3[1][28:]), Fault.EXPIRY_CHECK),
        ((TD3[0], TD3[1][:42] + "20"), Fault.OPTIONAL_CHECK),
        ((TD3[0], TD3[1][:43] + "1"), Fault.COMPOSITE_CHECK),
        ((TD2[0], TD2[1][:35] + "7"), Fault.COMPOSITE_CHECK),
        ((TD1[0], TD1[1][:29] + "7", TD1[2]), Fault.COMPOSITE_CHECK),
        ((TD3[0], TD3[1][:-1]), Fault.LENGTH),
        ((TD3[0],), Fault.LENGTH),
        ((), Fault.LENGTH),
        ((TD3[0].replace("ERIK", "ER!K"), TD3[1]), Fault.CHARACTERS),
    ],
)
def test_a_wrong_zone_tells_which_check_failed(lines: tuple[str, ...], why: Fault) -> None:
    assert fault(lines) is why


def td1(number: str, born: str = "740812", expires: str = "120415") -> tuple[str, ...]:
    """A TD1 of a number of any length, with its check digits right."""
    if len(number) > 9:
        one = f"I<UTO{number[:9]}<{number[9:]}{check_digit(number)}".ljust(30, "<")
    else:
        one = f"I<UTO{number.ljust(9, '<')}{check_digit(number.ljust(9, '<'))}".ljust(30, "<")
    dates = f"{born}{check_digit(born)}", f"{expires}{check_digit(expires)}"
    two = f"{dates[0]}F{dates[1]}UTO".ljust(29, "<")
    composite = check_digit(one[5:] + two[:7] + two[8:15] + two[18:29])
    return one, two + composite, TD1[2]


@pytest.mark.parametrize("number", ["D23145890", "AB12345", "D23145890734", "1234567890123456789012"])
def test_a_number_longer_than_nine_goes_on_in_the_optional_data(number: str) -> None:
    assert read_zone(td1(number), TODAY).number == number


def test_a_day_of_birth_is_of_the_last_hundred_years_and_may_be_unknown() -> None:
    assert read_zone(td1("D23145890", born="260301"), TODAY).born == date(2026, 3, 1)
    assert read_zone(td1("D23145890", born="270101"), TODAY).born == date(1927, 1, 1)
    assert read_zone(td1("D23145890", born="74<<<<"), TODAY).born is None
    assert fault(td1("D23145890", born="260401")) is Fault.FUTURE
    assert fault(td1("D23145890", born="740231")) is Fault.DATE
    assert read_zone(td1("D23145890", expires="310101"), TODAY).expires == date(2031, 1, 1)


@given(st.lists(st.text(max_size=50) | st.text("A1<", min_size=30, max_size=44), max_size=5))
def test_whatever_a_camera_read_is_a_zone_or_a_fault(lines: list[str]) -> None:
    assert fault(tuple(lines)) in {None, *Fault}
