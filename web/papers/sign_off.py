"""The chief's sign-off as a paper: what was seen, what was not in order. Rule: it signs nothing."""

from __future__ import annotations

from dataclasses import dataclass

from web.papers.grid import Column, Grid
from web.papers.printing import Paper, Printing, Translate, digest_of, grouped
from web.papers.sheet import Frame, Sheet
from web.papers.signatures import Signer, signature_lines


@dataclass(frozen=True, slots=True)
class Seen:
    """One entry that was seen: its number, its time, what happened as a sentence, who, where."""

    n: int
    time: str
    sentence: str
    who: str
    place: str


@dataclass(frozen=True, slots=True)
class Noted:
    """What the chief wrote of one entry, and whether it is an exception."""

    n: int
    exception: bool
    comment: str


@dataclass(frozen=True, slots=True)
class SignedHead:
    """The log's head under the set: its origin, number of entries, root as 64 hexadecimal digits, time."""

    origin: str
    size: int
    root: str
    time: str


@dataclass(frozen=True, slots=True)
class SignOff:
    """A set of entries as it was signed; `set_digest` is the digest of the set, 64 hexadecimal digits.

    `span` says in words what was reviewed, `signed` how it was signed, a line for each signature, or nothing;
    `offset` is the distance to UTC of all times, "" where each says its own.
    """

    span: str
    seen: tuple[Seen, ...]
    noted: tuple[Noted, ...]
    comment: str
    set_digest: str
    head: SignedHead
    signed: tuple[str, ...]
    signers: tuple[Signer, ...]
    offset: str = ""


def sign_off_paper(sign_off: SignOff, printing: Printing, _: Translate) -> Paper:
    """Print a sign-off on A4: summary, exceptions, the entries, digests and lines to sign."""
    with Sheet(_("Review and sign-off"), digest_of("sign-off", sign_off), printing, _, Frame()) as sheet:
        sheet.opening()
        sheet.paragraph(sign_off.span)
        exceptions = sum(noted.exception for noted in sign_off.noted)
        sheet.paragraph(
            _(
                "Entries seen: %(n)s. Exceptions: %(exceptions)s.",
                n=len(sign_off.seen),
                exceptions=exceptions,
            ),
            bold=True,
        )
        _notes(sheet, sign_off, _)
        _entries(sheet, sign_off, _)
        _binding(sheet, sign_off, _)
        return sheet.finish()


def _notes(sheet: Sheet, sign_off: SignOff, _: Translate) -> None:
    sheet.heading(_("Exceptions and comments"))
    if sign_off.comment:
        sheet.paragraph(sign_off.comment)
    if not sign_off.noted:
        sheet.paragraph(_("None."))
        return
    columns = (Column(_("Entry"), 8, number=True), Column(_("As"), 14), Column(_("Comment"), 60))
    rows = (
        (str(one.n), _("Exception") if one.exception else _("Comment"), one.comment) for one in sign_off.noted
    )
    Grid(sheet, columns).write(rows)


def _entries(sheet: Sheet, sign_off: SignOff, _: Translate) -> None:
    sheet.heading(_("Entries seen"))
    marked = {one.n for one in sign_off.noted if one.exception}
    columns = (
        Column(_("Entry"), 8, number=True),
        Column(
            _("Time (UTC%(offset)s)", offset=sign_off.offset) if sign_off.offset else _("Time"),
            17,
        ),
        Column(_("What happened"), 42),
        Column(_("Who"), 17),
        Column(_("Where"), 13),
    )
    Grid(sheet, columns, 8).write(
        (f"{'! ' if one.n in marked else ''}{one.n}", one.time, one.sentence, one.who, one.place)
        for one in sign_off.seen
    )
    if marked:
        sheet.paragraph(_("! before a number: an exception, with its comment above."), 8)


def _binding(sheet: Sheet, sign_off: SignOff, _: Translate) -> None:
    """What binds the paper to the log, and the lines to sign."""
    head = sign_off.head
    sheet.heading(_("What was signed"))
    for text in (
        _("Digest of the set: %(digest)s", digest=grouped(sign_off.set_digest, 16)),
        _("Log %(origin)s, %(size)s entries at %(time)s", origin=head.origin, size=head.size, time=head.time),
        _("Root: %(root)s", root=grouped(head.root, 16)),
        *sign_off.signed,
    ):
        sheet.paragraph(text, 8.5)
    signature_lines(sheet, sign_off.signers, _)
