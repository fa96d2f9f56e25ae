"""Machine-readable zones of travel documents: TD1, TD2 and TD3, with all their check digits.

Rule: a zone is read as it stands or refused; nothing is guessed here, least of all a digit.
Source: ICAO 9303 part 3 (characters, check digits), part 4 (TD3), part 5 (TD1), part 6 (TD2).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from controller.core.documents import DocumentWrongError, Fault

FILLER = "<"
ZONES = {"TD1": (3, 30), "TD2": (2, 36), "TD3": (2, 44)}
"""Lines and characters a line of each format."""
_CHARACTERS = re.compile(r"[A-Z0-9<]+")
_WEIGHTS = (7, 3, 1)
_NUMBER = 9  # characters of a document number; a longer one goes on in the optional data of TD1 and TD2
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Zone:
    """What a machine-readable zone says. Names have no check digit: somebody looks at them."""

    form: str  # TD1, TD2 or TD3
    code: str  # such as P, I, AC
    issuer: str
    number: str
    nationality: str
    surname: str
    given: str
    born: date | None  # None where a part of it is not known
    sex: str  # M, F or nothing
    expires: date | None


@dataclass(frozen=True, slots=True)
class _Fields:
    """The parts of a zone as they stand, each with its check digit behind it where it has one."""

    code: str
    issuer: str
    number: str
    number_check: str
    more: str  # where a long number goes on
    born: str
    sex: str
    expires: str
    nationality: str
    names: str
    optional: str  # with its own check digit; TD3 alone
    composite: str


def check_digit(text: str) -> str:
    """Check digit of characters by weights 7, 3, 1 (part 3, 4.9).

    It finds every wrong digit. It does not find two neighbours swapped that differ by five, nor a letter
    for another ten further on; that is the standard's, so who checks a document looks at it as well.
    """
    return str(sum(_WEIGHTS[n % 3] * _value(sign) for n, sign in enumerate(text)) % 10)


def _value(sign: str) -> int:
    return 0 if sign == FILLER else int(sign, 36)


def read_zone(lines: Sequence[str], today: date) -> Zone:
    """Read a zone of two or three lines; raises DocumentWrongError, which tells the check that failed."""
    form, rows = _formed(lines)
    parts = {"TD1": _td1, "TD2": _td2, "TD3": _td3}[form](rows)
    number = _number(parts)
    _checked(parts.born[:6], parts.born[6], Fault.BIRTH_CHECK)
    _checked(parts.expires[:6], parts.expires[6], Fault.EXPIRY_CHECK)
    if parts.optional.strip(FILLER + "0"):
        _checked(parts.optional[:-1], parts.optional[-1], Fault.OPTIONAL_CHECK)
    _checked(parts.composite[:-1], parts.composite[-1], Fault.COMPOSITE_CHECK)
    surname, given = _names(parts.names)
    born = _born(parts.born[:6], today)
    expires = _day(parts.expires[:6], 2000)
    sex = "" if parts.sex == FILLER else parts.sex
    plain = (_plain(parts.code), _plain(parts.issuer), number, _plain(parts.nationality))
    return Zone(form, *plain, surname, given, born, sex, expires)


def _formed(lines: Sequence[str]) -> tuple[str, list[str]]:
    rows = ["".join(line.split()).upper() for line in lines[:4]]
    rows = [row for row in rows if row]
    if not all(map(_CHARACTERS.fullmatch, rows)):
        raise DocumentWrongError(Fault.CHARACTERS)
    for form, (count, width) in ZONES.items():
        if len(rows) == count and all(len(row) == width for row in rows):
            return form, rows
    raise DocumentWrongError(Fault.LENGTH)


def _td1(rows: list[str]) -> _Fields:
    """Part 5, 4.2.2."""
    one, two, three = rows
    composite = one[5:30] + two[0:7] + two[8:15] + two[18:29] + two[29]
    birth, expiry = two[0:7], two[8:15]
    return _Fields(
        *(one[0:2], one[2:5], one[5:14], one[14], one[15:30]),
        *(birth, two[7], expiry, two[15:18], three, "", composite),
    )


def _td2(rows: list[str]) -> _Fields:
    """Part 6, 4.2.2."""
    one, two = rows
    composite = two[0:10] + two[13:20] + two[21:35] + two[35]
    return _Fields(
        *(one[0:2], one[2:5], two[0:9], two[9], two[28:35]),
        *(two[13:20], two[20], two[21:28], two[10:13], one[5:36], "", composite),
    )


def _td3(rows: list[str]) -> _Fields:
    """Part 4, 4.2.2."""
    one, two = rows
    composite = two[0:10] + two[13:20] + two[21:43] + two[43]
    return _Fields(
        *(one[0:2], one[2:5], two[0:9], two[9], ""),
        *(two[13:20], two[20], two[21:28], two[10:13], one[5:44], two[28:43], composite),
    )


def _number(parts: _Fields) -> str:
    """Document number; a longer one than nine goes on in the optional data, its check digit last."""
    if parts.number_check == FILLER and parts.more:
        rest = parts.more.split(FILLER, maxsplit=1)[0]
        whole = parts.number + rest[:-1]
        _checked(whole, rest[-1:], Fault.NUMBER_CHECK)
        return _plain(whole)
    _checked(parts.number, parts.number_check, Fault.NUMBER_CHECK)
    if not _plain(parts.number):
        raise DocumentWrongError(Fault.NUMBER_CHECK)
    return _plain(parts.number)


def _checked(text: str, said: str, fault: Fault) -> None:
    if check_digit(text) != said:
        raise DocumentWrongError(fault)


def _plain(text: str) -> str:
    return text.replace(FILLER, "")


def _names(text: str) -> tuple[str, str]:
    surname, _, given = text.partition(FILLER * 2)
    return tuple(" ".join(part.split(FILLER)).strip() for part in (surname, given))  # type: ignore[return-value]


def _day(digits: str, century: int) -> date | None:
    if FILLER in digits:
        return None
    if not digits.isdecimal():
        raise DocumentWrongError(Fault.CHARACTERS)
    try:
        return date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    except ValueError:
        raise DocumentWrongError(Fault.DATE) from None


def _born(digits: str, today: date) -> date | None:
    """Day of birth; two digits of a year are of the last hundred years."""
    this = today.year - today.year % _HUNDRED
    if FILLER in digits:
        return None
    late = digits[:2].isdecimal() and this + int(digits[:2]) > today.year
    born = _day(digits, this - _HUNDRED if late else this)
    if born is not None and born >= today:
        raise DocumentWrongError(Fault.FUTURE)
    return born
