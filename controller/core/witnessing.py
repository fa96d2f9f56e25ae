"""What log witnesses have cosigned, how much of the log they have not, and when that is too much.

Rule 1: a cosignature is no Entry, which would need another; it is known for a moment, not in the state.
Rule 2: what is not known to be cosigned counts as not cosigned; after a start from that moment on.
"""

from __future__ import annotations

from controller.core.events import Witnessed
from controller.core.plan import SitePlan
from controller.core.turn import Cosigned, Moment, Turn
from controller.core.words import AlarmKind

GRAIN = 128  # Entries of one 128th of the longest time share a mark


def reported(turn: Turn, news: Witnessed) -> None:
    """A log witness has cosigned; strangers, old news and what was not written are not believed."""
    now = turn.moment.cosigned.sizes
    believed = news.log_witness in turn.plan.log_witnesses.names and 0 < news.size <= turn.state.size
    if believed and news.size > now.get(news.log_witness, 0):
        now[news.log_witness] = news.size


def started(turn: Turn) -> None:
    """From now on it is counted; what was there before is as old as the start."""
    size = turn.state.size
    turn.moment.cosigned = Cosigned(begun=size, marked=size, marks=[(0, turn.at)] if size else [])


def cosigned(plan: SitePlan, moment: Moment, by: int) -> int:
    """How many Entries at least ``by`` log witnesses have cosigned, from the first one on."""
    sizes = sorted((moment.cosigned.sizes.get(name, 0) for name in plan.log_witnesses.names), reverse=True)
    return sizes[by - 1] if 0 < by <= len(sizes) else 0


def unwitnessed(plan: SitePlan, moment: Moment, size: int) -> int:
    """Entries not yet cosigned by as many log witnesses as are needed, of a log of this size."""
    return size - cosigned(plan, moment, plan.log_witnesses.needed) if plan.log_witnesses.names else 0


def watch(turn: Turn) -> None:
    """Call the guard when too much is not witnessed, or for too long; once, until it was good in between."""
    if not turn.plan.log_witnesses.names:
        return
    now = turn.moment.cosigned
    _mark(turn, now)
    late = _late(turn, now)
    if late and not now.late:
        turn.alarm(AlarmKind.LOG_UNWITNESSED, turn.plan.name)
        _mark(turn, now)
    now.late = late


def due(plan: SitePlan, moment: Moment) -> int | None:
    """When the oldest Entry that is not witnessed has waited for too long; None when the guard knows."""
    now = moment.cosigned
    waits = plan.log_witnesses.names and now.marks and not now.late
    return now.marks[0][1] + plan.log_witnesses.late_ms if waits else None


def _late(turn: Turn, now: Cosigned) -> bool:
    limits = turn.plan.log_witnesses
    known = max(cosigned(turn.plan, turn.moment, limits.needed), now.begun)
    return turn.state.size - known > limits.most or (
        bool(now.marks) and turn.at >= now.marks[0][1] + limits.late_ms
    )


def _mark(turn: Turn, now: Cosigned) -> None:
    """Remember when what was written is written, and forget it when it is witnessed."""
    marks, limits = now.marks, turn.plan.log_witnesses
    if turn.state.size > now.marked:
        if not marks or turn.at - marks[-1][1] > limits.late_ms // GRAIN:
            marks.append((now.marked, turn.at))
        now.marked = turn.state.size
    done = cosigned(turn.plan, turn.moment, limits.needed)
    while marks and (marks[1][0] if len(marks) > 1 else now.marked) <= done:
        marks.pop(0)
    while len(marks) > 1 and turn.at >= marks[1][1] + limits.late_ms:
        marks.pop(0)  # the next one is too old as well
