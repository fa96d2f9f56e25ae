"""Numbers of the requirements of OWASP ASVS 5.0.0 at levels 1 and 2, as its release has them."""

from __future__ import annotations

from pathlib import Path

_TEXT = (Path(__file__).parent / "asvs-5.0.0.txt").read_text(encoding="utf-8")
_FIRST, _SECOND = _TEXT.removeprefix("level 1").split("level 2")
LEVEL_1, LEVEL_2 = frozenset(_FIRST.split()), frozenset(_SECOND.split())
