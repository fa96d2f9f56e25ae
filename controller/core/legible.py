"""Text from a wire as it can stand in an Entry.

Rule: what cannot be written down is named by its digest; it is never a reason to stop, nor to stay silent.
"""

from __future__ import annotations

import hashlib

LONGEST = 200


def legible(text: str) -> str:
    """The text itself, or "?" and its digest where it is longer than 200 signs or is no Unicode.

    The digest is the first 16 hexadecimal digits of SHA-256, so that the same text has the same name.
    """
    if len(text) <= LONGEST and (text.isascii() or _is_unicode(text)):
        return text
    return f"?{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= sign <= "\udfff" for sign in text)
