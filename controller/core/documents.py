"""Numbers of identity documents: which are right, and what a screen shows of them.

Rule 1: a check that can refuse a person who is real is no check; where somebody comes from is only a hint.
Rule 2: pure; nothing here keeps a number.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DocumentKind(StrEnum):
    """Which document a visitor shows."""

    RESIDENT_ID = "resident_id"  # 18 digits: of residents, of Hong Kong, Macao and Taiwan, of foreigners
    PASSPORT = "passport"
    HK_MACAO_PERMIT = "hk_macao_permit"  # return permit of Hong Kong and Macao
    TAIWAN_PERMIT = "taiwan_permit"
    OTHER = "other"  # another official card, ICAO 9303 part 5 or 6


class Fault(StrEnum):
    """Which check a document does not pass."""

    KIND = "kind"
    LENGTH = "length"
    CHARACTERS = "characters"
    DATE = "date"  # the day of birth is none
    FUTURE = "future"  # the day of birth is not past
    CHECK_DIGIT = "check_digit"
    NUMBER_CHECK = "number_check"  # the next are those of a machine-readable zone
    BIRTH_CHECK = "birth_check"
    EXPIRY_CHECK = "expiry_check"
    OPTIONAL_CHECK = "optional_check"
    COMPOSITE_CHECK = "composite_check"


class DocumentWrongError(ValueError):
    """A document does not pass a check; ``fault`` tells which."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Document:
    """A document number that is right: in its one spelling, and what it says itself."""

    kind: DocumentKind
    number: str
    born: date | None = None
    place: str = ""  # first six digits of a resident id; a hint, some were never or are no longer a county


WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
EARLIEST = 1850
LONGEST_TYPED = 64  # characters that are looked at at all
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u00b7.()]")  # blanks, dashes, dots, brackets
_LONG, _SHORT = 12, 5  # from how many characters on more of a number is shown, and any of it


def spelled(text: str) -> str:
    """One spelling of a number: capitals and ASCII digits, nothing between them; at most 64 characters."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text[:LONGEST_TYPED])).upper()


def check_character(digits: str) -> str:
    """Check character of seventeen digits: ISO 7064, MOD 11-2, which finds every wrong and swapped digit."""
    return CHECKS[sum(w * int(d) for w, d in zip(WEIGHTS, digits, strict=True)) % 11]


def resident_id(text: str, today: date) -> Document:
    """18-digit number (GB 11643), those of permits and of foreigners too; raises DocumentWrongError.

    Check character and day of birth must be right. Any place is taken: 810000, 820000 and 830000 are
    residence permits of Hong Kong, Macao and Taiwan, a first digit 9 is a foreigner (GA 2102), and retired
    codes of counties stay in the numbers of people who were born there.
    """
    number = spelled(text)
    if len(number) != len(WEIGHTS) + 1:
        raise DocumentWrongError(Fault.LENGTH)
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", number):
        raise DocumentWrongError(Fault.CHARACTERS)
    if check_character(number[:-1]) != number[-1]:
        raise DocumentWrongError(Fault.CHECK_DIGIT)
    return Document(DocumentKind.RESIDENT_ID, number, _born(number[6:14], today), number[:6])


def _born(digits: str, today: date) -> date:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise DocumentWrongError(Fault.DATE) from None
    if born.year < EARLIEST:
        raise DocumentWrongError(Fault.DATE)
    if born >= today:
        raise DocumentWrongError(Fault.FUTURE)
    return born


def _formed(kind: DocumentKind, lengths: range, form: str) -> Callable[[str, date], Document]:
    """Documents whose number has a form and no check of its own."""

    def read(text: str, _today: date) -> Document:
        number = spelled(text)
        if len(number) not in lengths:
            raise DocumentWrongError(Fault.LENGTH)
        if not re.fullmatch(form, number):
            raise DocumentWrongError(Fault.CHARACTERS)
        return Document(kind, number)

    return read


READERS: dict[DocumentKind, Callable[[str, date], Document]] = {
    DocumentKind.RESIDENT_ID: resident_id,
    # ICAO 9303 part 4, 4.2.2: at most nine capitals and digits.
    DocumentKind.PASSPORT: _formed(DocumentKind.PASSPORT, range(5, 10), r"[A-Z0-9]*[0-9][A-Z0-9]*"),
    # H or M and eight digits; older ones end in two more, counting their renewals.
    DocumentKind.HK_MACAO_PERMIT: _formed(
        DocumentKind.HK_MACAO_PERMIT, range(9, 12), r"[HM][0-9]{8}([0-9]{2})?"
    ),
    # Eight digits; older ones have ten, or a letter at their end.
    DocumentKind.TAIWAN_PERMIT: _formed(
        DocumentKind.TAIWAN_PERMIT, range(8, 12), r"[0-9]{8}([0-9]{2})?[A-Z]?"
    ),
    # ICAO 9303 part 5, 4.2.2: longer numbers go on in the optional data.
    DocumentKind.OTHER: _formed(DocumentKind.OTHER, range(4, 23), r"[A-Z0-9]*[0-9][A-Z0-9]*"),
}


def document(kind: str, text: str, today: date) -> Document:
    """Document of a kind by its number as typed; raises DocumentWrongError, which tells the check."""
    if kind not in set(DocumentKind):
        raise DocumentWrongError(Fault.KIND)
    return READERS[DocumentKind(kind)](text, today)


def masked(number: str) -> str:
    """What a screen shows of a number: ``110***********002X``, of short ones less or nothing."""
    if len(number) < _SHORT:
        return "*" * len(number)
    first, last = (3, 4) if len(number) >= _LONG else (1, 2)
    return f"{number[:first]}{'*' * (len(number) - first - last)}{number[-last:]}"


def document_tag(pepper: bytes, number: str) -> str:
    """Keyed tag of a document number: HMAC-SHA-256 over its one spelling (RFC 2104), hexadecimal.

    By it a visitor is known again and a block is found, while nobody keeps the number. The kind is no part
    of it, so that nobody steps around a block by calling a document by another name.
    """
    return hmac.new(pepper, f"document\n{spelled(number)}".encode(), hashlib.sha256).hexdigest()
