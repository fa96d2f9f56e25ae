"""Text as it can stand in an Entry, and as whoever reads it may believe their eyes.

Rule 1: what cannot be written down is named by its digest; it is never a reason to stop, nor to stay silent.
Rule 2: nobody says anything that reads otherwise than it stands: with controls, with signs that nobody sees,
or that turn the direction of writing, whoever signs a command as the second would read another one.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

LONGEST = 200
_DECEIVING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad"  # controls but tab and line ends; soft hyphen
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # which turn the direction (UAX 9, 2)
    "\u115f\u1160\u180e\u200b\u2028\u2029\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"  # which nobody sees
)
LATIN = "\u017f"
"""Last sign of the Latin letters that stand in ids; those behind it look like others."""


def legible(text: str) -> str:
    """The text itself, or "?" and its digest where it is longer than 200 signs, no Unicode, or deceives.

    The digest is the first 16 hexadecimal digits of SHA-256, so that the same text has the same name.
    """
    if len(text) <= LONGEST and not deceives(text) and (text.isascii() or _is_unicode(text)):
        return text
    return f"?{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def deceives(text: str) -> bool:
    """Tell whether a text reads otherwise than it stands, by signs that nobody sees or that turn others."""
    return _DECEIVING.search(text) is not None


def undeceiving(text: str) -> str:
    """The text without such signs: for a label, which is somebody's own and orders nothing."""
    return _DECEIVING.sub("", text)


def is_plain_id(text: str) -> bool:
    """Tell whether an id is of signs that nobody takes for others: ASCII, Latin letters with marks, Han.

    "zhao" with a Cyrillic a is another id, and looks the same to whoever signs.
    """
    return unicodedata.normalize("NFKC", text) == text and text == text.strip() and all(map(_plain, text))


def _plain(sign: str) -> bool:
    if sign.isascii():
        return sign.isprintable()
    return (sign <= LATIN and sign.isalpha()) or unicodedata.name(sign, "").startswith("CJK UNIFIED")


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= sign <= "\udfff" for sign in text)
