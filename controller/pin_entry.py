"""Keys typed at a reader, gathered into a PIN.

Rule: ``#`` ends a PIN, ``*`` clears it, and digits left lying are forgotten; nothing typed is kept or logged.
"""

from __future__ import annotations

FORGET_MS = 8_000
LONGEST = 12


class PinEntry:
    """Digits typed so far at each reader."""

    def __init__(self) -> None:
        self._typed: dict[str, tuple[str, int]] = {}

    def typed(self, reader: str, keys: str, at: int) -> list[str]:
        """PINs that these keys complete, usually none or one."""
        digits, since = self._typed.get(reader, ("", at))
        if at - since > FORGET_MS:
            digits = ""
        complete = []
        for key in keys:
            if key == "#":
                complete += [digits] if digits else []
                digits = ""
            elif key == "*":
                digits = ""
            elif key.isascii() and key.isdecimal():
                digits = (digits + key)[-LONGEST:]
        self._typed[reader] = (digits, at)
        return complete
