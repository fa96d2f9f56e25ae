"""Entries of badges that are known by a number alone, which may be copied, as a terminal shows them.

Rule 1: colour is never the only sign; the words stand beside it, and stay where colour is not shown.
Rule 2: JSON is the stored Entry, with neither.
"""

from collections.abc import Mapping

import click

LEVEL = "uid"
LEGACY = "legacy, may be copied"
LEGACY_ZH = "旧式卡，可被复制"  # noqa: RUF001 - Chinese has its own punctuation


def may_be_copied(entry: Mapping[str, object]) -> bool:
    """Whether an Entry tells of a badge that was read, or is enrolled, by its number alone.

    That is its ``level``, that of one of its ``members``, or, where somebody is enrolled with ``badges``,
    a ``badge_level`` that is not told.
    """
    if entry.get("level") == LEVEL:
        return True
    members = entry.get("members")
    if isinstance(members, list) and any(isinstance(m, dict) and m.get("level") == LEVEL for m in members):
        return True
    enrolled = "person" in entry and bool(entry.get("badges"))
    return enrolled and entry.get("badge_level", LEVEL) == LEVEL


def marked(line: str) -> str:
    """A line for a terminal that tells of such a badge: with the words, and in red."""
    return click.style(f"{line}  {LEGACY}", fg="red")
