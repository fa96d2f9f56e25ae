"""The lists of a shift on paper. Rule: as on the screen, nothing more; a print is a look at evidence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from web.desk import me, site
from web.i18n import _
from web.markup import instant
from web.names import name
from web.now.roll import Called, expected, is_certain
from web.now.shift import Shift
from web.papers.grid import Column
from web.papers.hand_over import HandOver, Section, hand_over_paper
from web.papers.printing import Paper, Printing
from web.papers.roll_call import Expected, RollCall, roll_call_paper
from web.seat import language
from web.zones import zone

View = Mapping[str, Any]
ZONED = "%Y-%m-%d %H:%M UTC%z"
"""How a time is written where no other on the paper says its distance to UTC."""


def hand_over_sheet(shift: Shift, view: View, taker: str, note: str) -> Paper:
    """The list of a shift, on A4, with two lines to sign on."""
    printing = printing_of(view)
    span = _("Until %(at)s", at=printing.moment)
    if shift.since:
        span = _("From %(since)s until %(at)s", since=spelled(shift.since, ZONED), at=printing.moment)
    giver, to = name(me().person), name(taker) if taker else ""
    return hand_over_paper(HandOver(span, giver, to, tuple(_sections(shift)), note), printing, _)


def roll_call_sheet(view: View) -> Paper:
    """Everybody who must be found, on A4, with boxes to tick."""
    people = tuple(_expected(one) for one in expected(view))
    point = _("as posted in the house")
    return roll_call_paper(RollCall(point, is_certain(view), people), printing_of(view), _)


def _sections(shift: Shift) -> list[Section]:
    return [
        Section(
            _("Open alarms"),
            (Column(_("Alarm"), 3), Column(_("Place"), 2), Column(_("Since"), 2), Column(_("Taken by"), 2)),
            tuple(
                (c.name, c.place, spelled(c.raised), name(c.taken_by) if c.taken_by else _("nobody"))
                for c in shift.alarms
            ),
        ),
        Section(
            _("Visitors in the house"),
            (Column(_("Visitor"), 3), Column(_("Host"), 2), Column(_("Areas"), 2), Column(_("Until"), 2)),
            tuple(
                (name(v.visitor), name(v.host), ", ".join(v.areas), spelled(v.until)) for v in shift.visitors
            ),
        ),
        Section(
            _("Rooms that are not empty"),
            (Column(_("Room"), 2), Column(_("State"), 3), Column(_("Inside"), 4)),
            tuple((r.room, r.words, ", ".join(name(p.id) for p in r.people)) for r in shift.rooms),
        ),
        Section(_("Faults"), (Column(_("What does not work"), 9),), tuple((one,) for one in shift.faults)),
        Section(
            _("Notes"),
            (Column(_("Time"), 2), Column(_("Note"), 7)),
            tuple((f"{row.day} {row.time}", f"{row.text} {row.note}") for row in shift.notes),
        ),
    ]


def _expected(one: Called) -> Expected:
    capacity = _("visitor of %(host)s", host=name(one.host)) if one.visitor else _("staff")
    return Expected(name(one.id), capacity, one.place, spelled(one.since, "%H:%M") if one.since else "")


def printing_of(view: View) -> Printing:
    """Where, by whom, when and in which language a paper is printed now."""
    told, here = site(), zone(str(site().get("zone", "UTC")))
    at = datetime.fromtimestamp(int(view["wall_ms"]) / 1000, UTC).astimezone(here)
    return Printing(str(told.get("site", "")), name(me().person), at, language())


def spelled(time: object, form: str = "%Y-%m-%d %H:%M") -> str:
    """A time in the zone of the site; "" for none."""
    at = instant(time)
    return at.astimezone(zone(str(site().get("zone", "UTC")))).strftime(form) if at else ""
