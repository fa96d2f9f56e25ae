"""One visit, as a table: what may be asked in which status, where it leads, and the Entry that says so.

Rule: what is not in the table is refused; a visit is an Asking's affair, no sensor reports one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from controller.core.remembered_visits import VisitStatus
from controller.core.words import Kind


class VisitDeed(StrEnum):
    """What can be done with a visit."""

    CHANGE = "change"  # of what was approved: who, where, when, why
    COMPLETE = "complete"  # what was missing is added, nothing that was approved changes
    APPROVE = "approve"
    DECLINE = "decline"
    ISSUE = "issue"
    REPRINT = "reprint"
    GIVE_BACK = "give_back"


@dataclass(frozen=True, slots=True)
class VisitMove:
    """Next status, and the Entry that says so."""

    to: VisitStatus
    entry: Kind


R, A, D, I, L = VisitStatus  # noqa: E741 - the table reads as a table
TABLE: dict[tuple[VisitStatus, VisitDeed], VisitMove] = {
    (R, VisitDeed.CHANGE): VisitMove(R, Kind.VISIT_CHANGED),
    (R, VisitDeed.COMPLETE): VisitMove(R, Kind.VISIT_CHANGED),
    (R, VisitDeed.APPROVE): VisitMove(A, Kind.VISIT_APPROVED),
    (R, VisitDeed.DECLINE): VisitMove(D, Kind.VISIT_DECLINED),
    (A, VisitDeed.CHANGE): VisitMove(R, Kind.VISIT_CHANGED),
    (A, VisitDeed.COMPLETE): VisitMove(A, Kind.VISIT_CHANGED),
    (A, VisitDeed.DECLINE): VisitMove(D, Kind.VISIT_DECLINED),
    (A, VisitDeed.ISSUE): VisitMove(I, Kind.PASS_ISSUED),
    (I, VisitDeed.APPROVE): VisitMove(I, Kind.VISIT_APPROVED),  # a later end, before the end has come
    (I, VisitDeed.REPRINT): VisitMove(I, Kind.PASS_REPRINTED),
    (I, VisitDeed.GIVE_BACK): VisitMove(L, Kind.PASS_RETURNED),
    (L, VisitDeed.GIVE_BACK): VisitMove(L, Kind.PASS_RETURNED),  # a device or badge that comes back later
}
