"""Key diversification of AES-128 (NXP AN10922, section 2.2): from a master key to the key of one card.

Rule: what tells the cards apart is the input, and it must be whole: one that would be cut is refused.
"""

from __future__ import annotations

from hardware.credentials.aes import BLOCK, encrypted, mixed, subkeys

LONGEST_INPUT = 31
_AES_128 = b"\x01"


def diversified(master: bytes, uid: bytes, aid: bytes = b"", system_id: bytes = b"") -> bytes:
    """The AES-128 key of one card: a CMAC over 01, UID, application identifier and system identifier.

    Always over two blocks: a shorter input is padded to 32 bytes, which for fewer than 16 bytes differs
    from a plain CMAC. Raises ValueError if the three together have no byte or more than 31.
    """
    text = uid + aid + system_id
    if not 1 <= len(text) <= LONGEST_INPUT:
        raise ValueError(f"{len(text)} bytes tell the cards apart; 1 to {LONGEST_INPUT} are possible")
    text = _AES_128 + text
    whole = len(text) == 2 * BLOCK
    blocks = text if whole else (text + b"\x80").ljust(2 * BLOCK, b"\x00")
    last = mixed(blocks[BLOCK:], subkeys(master)[0 if whole else 1])
    return encrypted(master, blocks[:BLOCK] + last)[BLOCK:]
