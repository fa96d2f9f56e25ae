"""Long lists in portions that fit into Entries.

Rule: what a list grows to is never a reason not to write it; an Entry too large would end the controller.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

MOST_BYTES = 30_000
"""Bytes of one portion; an Entry, which takes 65,535, may hold every name of it twice."""
BYTES_A_SIGN = 6  # the longest a sign is spelled in JSON: \\u001f


def portions(names: Iterable[str], beside: int = 0) -> Iterator[list[str]]:
    """Names in their order, in lists that fit; one empty list where there is no name.

    ``beside`` is the number of characters that stand beside each name.
    """
    part: list[str] = []
    size = 0
    for name in names:
        weight = BYTES_A_SIGN * (len(name) + beside) + BYTES_A_SIGN
        if part and size + weight > MOST_BYTES:
            yield part
            part, size = [], 0
        part.append(name)
        size += weight
    yield part
