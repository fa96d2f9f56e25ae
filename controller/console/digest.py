r"""What a signature covers, so that anybody can compute it again. Rule: pure; knows bytes and plain values.

    command    {"ask", "by", "fields", "nonce", "site", "until"}: everything that is ordered
    digest     SHA-256("ironroom command 1\n" || RFC 8785 of the command), hexadecimal
    code       its first eight digits as people compare them: 4F2A-91C0
    challenge  SHA-256("ironroom signature 1\n" || RFC 8785 of {"command": digest, "signer", "stage"})

The challenge is what the passkey signs (WebAuthn level 2, section 5.8.1, ``challenge`` of the client data).
It holds the digest and not the command, so that the log alone proves a signature after names are erased;
the nonce, 256 bits that are erased with them, keeps the digest from being guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import rfc8785

COMMAND = b"ironroom command 1\n"
SIGNATURE = b"ironroom signature 1\n"
FIRST, SECOND = 1, 2


def text_of(command: Mapping[str, Any]) -> str:
    """The one spelling of a command (RFC 8785), which is also what a person may read before signing."""
    return rfc8785.dumps(dict(command)).decode()


def digest_of(text: str) -> str:
    """Digest of a command's text: 64 hexadecimal digits."""
    return sha256(COMMAND + text.encode()).hexdigest()


def code_of(digest: str) -> str:
    """The code by which people compare screens and panels."""
    return f"{digest[:4]}-{digest[4:8]}".upper()


def challenge_of(digest: str, signer: str, stage: int) -> bytes:
    """What ``signer`` signs as the first (1) or second (2): 32 bytes."""
    return sha256(SIGNATURE + rfc8785.dumps({"command": digest, "signer": signer, "stage": stage})).digest()
