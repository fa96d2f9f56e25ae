"""A daily closing on paper. Rule: as its Entry says it; a print is a look at evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from web.closing.words import KINDS, noted, sensor
from web.i18n import _
from web.names import name
from web.now.sheets import ZONED, printing_of, spelled
from web.papers.daily_closing import DailyClosing, daily_closing_paper
from web.papers.printing import Paper

Entry = Mapping[str, Any]


def closing_sheet(entry: Entry, view: Mapping[str, Any]) -> Paper:
    """The paper of one Entry ``day_closed``."""
    told = DailyClosing(
        str(entry.get("place", "")),
        f"{spelled(entry.get('time'), ZONED)} · {_('Entry %(n)s', n=entry.get('n', ''))}",
        _inside(entry),
        tuple(
            (_(title), thing, sensor(word))
            for kind, title in KINDS.items()
            for thing, word in entry.get(kind, {}).items()
        ),
        tuple((noted(one), one["note"]) for one in entry.get("findings", ())),
        str(entry.get("note", "")),
        tuple(name(one) for one in entry.get("who", ())),
    )
    return daily_closing_paper(told, printing_of(view), _)


def _inside(entry: Entry) -> str:
    if not entry.get("counted", True):
        return _("Not known how many are inside.")
    inside, visitors = entry.get("inside", 0), entry.get("visitors", 0)
    return _("Inside: %(n)s, visitors: %(v)s.", n=inside, v=visitors)
