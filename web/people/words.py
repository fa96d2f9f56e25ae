"""What somebody may do, in words. Rule: promises nothing that the rules may refuse."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from web.i18n import N_, _

DAYS = {
    "mon": N_("Monday"),
    "tue": N_("Tuesday"),
    "wed": N_("Wednesday"),
    "thu": N_("Thursday"),
    "fri": N_("Friday"),
    "sat": N_("Saturday"),
    "sun": N_("Sunday"),
}
LEVELS = {
    "uid": N_("number only: can be copied"),
    "ntag424": N_("proves itself by a key (NTAG 424)"),
    "desfire": N_("proves itself by a key (DESFire)"),
    "piv": N_("proves itself by a certificate (PIV)"),
}
"""How far a badge proves that it is the one."""
_day, _time = "|".join(DAYS), r"(?:[01]\d|2[0-3]):[0-5]\d"
_written = re.compile(rf"(?:({_day})(?:-({_day}))? )?({_time})-({_time}|24:00)", re.ASCII).fullmatch


def hours_are_written(text: str) -> bool:
    """Whether hours are spelled out as the controller reads them: ``mon-fri 08:00-18:00``."""
    return _written(text.lower()) is not None


def hours_words(text: str) -> str:
    """Hours as a person says them."""
    spelled = _written(text.lower())
    if not text:
        return _("at any time")
    if spelled is None:
        return _("in the hours “%(name)s” of the site", name=text)
    first, last, since, until = spelled.groups()
    times = {"since": since, "until": until}
    if first is None:
        return _("every day from %(since)s to %(until)s", **times)
    if last is None:
        return _("on %(day)s from %(since)s to %(until)s", day=_(DAYS[first]), **times)
    return _(
        "%(first)s to %(last)s from %(since)s to %(until)s", first=_(DAYS[first]), last=_(DAYS[last]), **times
    )


def doors_words(doors: Iterable[str] | None) -> str:
    """Doors that somebody is entitled to."""
    if doors is None:
        return _("every door, later ones too")
    return ", ".join(sorted(doors)) or _("no door")


def compartments_words(boxes: Iterable[str] | None) -> str:
    """Compartments that somebody is entitled to."""
    if boxes is None:
        return _("every compartment, later ones too")
    return ", ".join(sorted(boxes)) or _("no compartment")


def level_words(level: str) -> str:
    """How far a badge proves itself."""
    return _(LEVELS[level]) if level in LEVELS else level


def compartments_of(plan: Mapping[str, Any]) -> list[str]:
    """Every compartment of the site by its full name."""
    cabinets = plan.get("cabinets", {}).items()
    return [f"{name}.{box}" for name, cabinet in cabinets for box in cabinet.get("compartments", ())]
