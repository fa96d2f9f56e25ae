"""One-time codes that a sign-in begins with, as people read them out: 7K3M-9QXA-2CRV-HT40.

Sixteen characters of Crockford's base32 are 80 bits; only SHA-256 of them is written down anywhere.
Rule: pure; knows neither the gate nor the log.
"""

from __future__ import annotations

import secrets
from hashlib import sha256

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 16, 4
_MEANT = str.maketrans("ILOU", "110V")
"""What is easily misread, as Crockford's base32 reads it; U is none of its letters and nearest to V."""


def fresh_code() -> str:
    """A code that nobody can guess."""
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return "-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def check_of(code: str) -> str:
    """What is kept of a code: SHA-256 of its letters, hexadecimal; however it was typed."""
    typed = "".join(sign for sign in code.upper()[:100] if sign.isalnum()).translate(_MEANT)
    return sha256(b"ironroom sign-in code 1\n" + typed.encode()).hexdigest()
