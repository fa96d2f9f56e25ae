"""Level ``uid``: the number any card shows to anybody. Legacy; it may be copied.

Rule: nothing is asked and nothing is proved; who uses it has said so in the site file.
"""

from __future__ import annotations

from hardware.credentials.exchange import Exchange, NotThisCardError, Proof, Scheme
from hardware.credentials.site_keys import SiteKeys


def read(uid: bytes, _: SiteKeys | None) -> Exchange:
    """The UID is the badge number."""
    if not uid:
        raise NotThisCardError("a card without a number")
    yield from ()  # a conversation in which nothing is said
    return Proof(uid.hex().upper())


UID = Scheme("uid", "the card's number, which may be copied (legacy)", keyed=False, read=read)
