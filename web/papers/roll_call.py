"""Who must be found in an emergency: big type, a box to tick for each. Rule: read in smoke and in a hurry.

It has room for people whom nobody knew of: behaviour 22, a leaver without a badge makes the count uncertain.
"""

from __future__ import annotations

from dataclasses import dataclass

from web.papers.printing import Paper, Printing, Translate, digest_of
from web.papers.sheet import Frame, Sheet, line_height

_BIG, _SMALL, _BOX = 17.0, 11.0, 9.0
_EMPTY_ROWS = 3


@dataclass(frozen=True, slots=True)
class Expected:
    """One person who is thought to be inside: name, as what ("visitor of …"), where, since when."""

    name: str
    capacity: str
    place: str
    since: str


@dataclass(frozen=True, slots=True)
class RollCall:
    """A roll call: where to assemble, who is thought to be inside, and whether the count is certain."""

    assembly_point: str
    certain: bool
    people: tuple[Expected, ...]


def roll_call_paper(roll_call: RollCall, printing: Printing, _: Translate) -> Paper:
    """Print a roll call on A4, with empty lines for people who were not expected."""
    with Sheet(_("Roll call"), digest_of("roll call", roll_call), printing, _, Frame()) as sheet:
        sheet.opening()
        sheet.paragraph(_("Assembly point: %(place)s", place=roll_call.assembly_point), _BIG, bold=True)
        sheet.paragraph(_("Expected: %(n)s", n=len(roll_call.people)), _BIG, bold=True)
        if not roll_call.certain:
            sheet.paragraph(
                _("The count is uncertain: somebody may be inside who is not on this list."), _SMALL
            )
        sheet.paragraph(_("Tick who is there. Report every empty box to the fire service."), _SMALL)
        sheet.y += 2
        for person in roll_call.people:
            _person(sheet, person, _)
        for _row in range(_EMPTY_ROWS):
            _person(sheet, Expected("", "", "", ""), _)
        _found(sheet, _)
        return sheet.finish()


def _person(sheet: Sheet, person: Expected, _: Translate) -> None:
    width = sheet.width - _BOX - 4
    since = _("since %(time)s", time=person.since) if person.since else ""
    below = " · ".join(text for text in (person.capacity, person.place, since) if text)
    names = sheet.letters.lines(person.name, _BIG, width, bold=True)
    lines = sheet.letters.lines(below, _SMALL, width)
    height = max(len(names) * line_height(_BIG) + len(lines) * line_height(_SMALL), _BOX) + 2
    sheet.keep(height)
    sheet.box(sheet.left, sheet.y + 1, _BOX, _BOX, 0.6)
    y = sheet.block(sheet.left + _BOX + 4, sheet.y, names, _BIG, bold=True)
    sheet.block(sheet.left + _BOX + 4, y, lines, _SMALL)
    sheet.y += height
    sheet.rule()


def _found(sheet: Sheet, _: Translate) -> None:
    """The count, by hand."""
    sheet.keep(3 * line_height(_BIG))
    sheet.y += 3
    for text in (
        _("There: ________   Missing: ________"),
        _("Counted by: ____________________   at: __________"),
    ):
        sheet.paragraph(text, _BIG - 3)
