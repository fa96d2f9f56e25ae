"""What the review prints: sheets of sign-offs, registers, workbooks. Rule: Entries as the list shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from controller.core.words import Kind
from controller.ledger.sign_off import Range
from web import log
from web.desk import me, site
from web.i18n import _
from web.log import Entry, reader
from web.names import name
from web.papers.grid import Column
from web.papers.printing import Paper, Printing
from web.papers.register import Register, register_paper
from web.papers.sign_off import Noted, Seen, SignedHead, SignOff, sign_off_paper
from web.papers.signatures import Signer
from web.papers.workbook import SheetColumn, Workbook, workbook
from web.review import lists
from web.review.here import here, now
from web.review.proof_state import Heads, heads
from web.seat import language

NO_HEADS = Heads()


def printing() -> Printing:
    """One print: by whom, when by the room's clock, in which language."""
    return Printing(str(site().get("site", "")), name(me().person), now(), language())


def sheet_of(signed: Entry) -> Paper:
    """The sheet of an Entry ``signed_off``: every Entry of its set, its digest and lines to sign."""
    ranges = [(int(first), int(last)) for first, last in signed["ranges"]]
    seen = tuple(_seen(one) for one in entries_of(ranges))
    head = heads(reader()).newest
    signers = tuple(Signer(_("Chief"), name(str(one))) for one in signed["who"])
    told = SignOff(
        span=_("Entries %(first)s to %(last)s of the log, entry %(n)s signs them.", **_span(signed)),
        seen=seen,
        noted=tuple(_noted(ranges, int(signed["n"]))),
        comment="",
        set_digest=str(signed["digest"]),
        head=SignedHead(head.origin, head.size, head.root.hex(), _moment(signed)) if head else _no_head(),
        signed=tuple(_("Signed with a passkey: %(who)s", who=name(str(one))) for one in signed["who"]),
        signers=signers,
    )
    return sign_off_paper(told, printing(), _)


def entries_of(ranges: Sequence[Range]) -> Iterator[Entry]:
    """The Entries of ranges, oldest first."""
    return chain.from_iterable(log.entries(after=first - 1, before=last + 1) for first, last in ranges)


def _span(signed: Entry) -> dict[str, object]:
    return {"first": signed["from"], "last": signed["to"], "n": signed["n"]}


def _no_head() -> SignedHead:
    return SignedHead("-", 0, "0" * 64, "-")


def _moment(entry: Entry) -> str:
    at = lists.line(entry, here(), NO_HEADS, ()).at
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else ""


def _seen(entry: Entry) -> Seen:
    line = lists.line(entry, here(), NO_HEADS, ())
    return Seen(line.row.n, _moment(entry), _sentence(line), _who(line), line.row.place)


def _noted(ranges: Sequence[Range], before: int) -> Iterator[Noted]:
    for one in log.entries(after=ranges[0][0], before=before, kind=Kind.NOTED.value):
        if lists.within(int(one["of"]), ranges):
            yield Noted(int(one["of"]), bool(one["exception"]), comment_of(one))


def comment_of(noted: Entry) -> str:
    """What a comment says; of one that was erased nothing is left."""
    claims: Entry = next(iter(noted.get("personal", {}).values()), {})
    return str(noted.get("note") or claims.get("note") or _("erased"))


def register_of(entries: Iterable[Entry], chosen: str) -> Paper:
    """A list as a paper."""
    rows = tuple(tuple(map(str, cells)) for cells in _rows(entries))
    columns = (
        Column(_("Entry"), 7, number=True),
        Column(_("Time"), 16),
        Column(_("What happened"), 45),
        Column(_("Who"), 18),
        Column(_("Where"), 12),
    )
    return register_paper(Register(_("Register"), chosen, columns, rows), printing(), _)


def workbook_of(entries: Iterable[Entry]) -> Workbook:
    """A list as a workbook."""
    columns = (
        SheetColumn(_("Entry"), 9),
        SheetColumn(_("Time"), 24),
        SheetColumn(_("What happened"), 60),
        SheetColumn(_("Who"), 24),
        SheetColumn(_("Where"), 16),
    )
    return workbook(_("Register"), columns, _rows(entries), printing(), _)


def _rows(entries: Iterable[Entry]) -> Iterator[tuple[str | int, ...]]:
    for entry in entries:
        line = lists.line(entry, here(), NO_HEADS, ())
        yield line.row.n, line.exact, _sentence(line), _who(line), line.row.place


def _sentence(line: lists.Line) -> str:
    return f"{line.row.text}: {line.row.need}" if line.row.need else line.row.text


def _who(line: lists.Line) -> str:
    return ", ".join(map(name, line.who))
