"""Questions about whole paths of a walked world: can everybody always get out, does everything come to rest.

Rule: it looks at the numbers of a finished walk only; nothing is stepped again.
"""

from __future__ import annotations

from collections import deque

from tests.core.walk.moves import Sort
from tests.core.walk.walk import Walked


def cannot_leave(walked: Walked) -> list[int]:
    """States from which no exit badge, moving door or passing time leads to an empty room (AG EF all out)."""
    back: dict[int, list[int]] = {}
    for number, to, sort in _transitions(walked):
        if sort in {Sort.LEAVE, Sort.TIME}:
            back.setdefault(to, []).append(number)
    reached = bytearray(walked.empty)
    queue = deque(number for number, empty in enumerate(reached) if empty)
    while queue:
        for before in back.get(queue.popleft(), ()):
            if not reached[before]:
                reached[before] = True
                queue.append(before)
    return [number for number, found in enumerate(reached) if not found]


def never_rests(walked: Walked) -> list[int]:
    """States from which time alone does not end every release, pair and wait (AF relocked, no deadlock)."""
    later = {number: to for number, to, sort in _transitions(walked) if sort == Sort.TIME}
    return [number for number in range(len(walked.how)) if not walked.resting[_settled(later, number)]]


def _settled(later: dict[int, int], number: int) -> int:
    """Where time alone leads, or the state itself where it leads round in circles."""
    for _ in range(100):
        if later[number] == number:
            break
        number = later[number]
    return number


def _transitions(walked: Walked) -> list[tuple[int, int, int]]:
    ends = [*walked.first[1:], len(walked.to)]
    return [
        (number, walked.to[n], walked.sorts[n])
        for number, (first, end) in enumerate(zip(walked.first, ends, strict=True))
        for n in range(first, end)
    ]


def successors(walked: Walked, number: int) -> set[int]:
    """States that follow one state."""
    end = walked.first[number + 1] if number + 1 < len(walked.first) else len(walked.to)
    return set(walked.to[walked.first[number] : end])


def told_apart(walked: Walked) -> list[int]:
    """States reached twice, differently, whose successors differ: the canonical form hid something."""
    return [n for n, forms in walked.doubles if {walked.numbers[f] for f in forms} != successors(walked, n)]
