"""What the review prints: sheets of sign-offs, registers, workbooks. Rule: Entries as the list shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from controller.core.words import Kind
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.sign_off import Range
from web import log
from web.command_words import spelled
from web.desk import me, site
from web.i18n import _
from web.log import Entry, reader
from web.markup import instant
from web.names import name
from web.papers.grid import Column
from web.papers.printing import Paper, Printing, grouped
from web.papers.register import Register, register_paper
from web.papers.sign_off import Noted, Seen, SignedHead, SignOff, sign_off_paper
from web.papers.signatures import Signer
from web.papers.workbook import SheetColumn, Workbook, workbook
from web.review import lists
from web.review.asked import Asked
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
    entries = list(entries_of(ranges))
    offset = _offset(entries)
    seen = tuple(_seen(one, offset) for one in entries)
    head = heads(reader()).newest
    signers = tuple(Signer(_("Chief"), name(str(one))) for one in signed["who"])
    told = SignOff(
        span=_("Entries %(first)s to %(last)s of the log, entry %(n)s signs them.", **_span(signed)),
        seen=seen,
        noted=tuple(_noted(ranges, int(signed["n"]))),
        comment="",
        set_digest=str(signed["digest"]),
        head=_signed_head(head) if head else _no_head(),
        signed=tuple(_("Signed with a passkey: %(who)s", who=name(str(one))) for one in signed["who"]),
        signers=signers,
        offset=offset,
    )
    return sign_off_paper(told, printing(), _)


def entries_of(ranges: Sequence[Range]) -> Iterator[Entry]:
    """The Entries of ranges, oldest first."""
    return chain.from_iterable(log.entries(after=first - 1, before=last + 1) for first, last in ranges)


def _span(signed: Entry) -> dict[str, object]:
    return {"first": signed["from"], "last": signed["to"], "n": signed["n"]}


def _signed_head(head: Checkpoint) -> SignedHead:
    """The head with the time of its own last Entry: a sheet printed a year later shows a later head."""
    last = log.entry(head.size - 1)
    return SignedHead(head.origin, head.size, head.root.hex(), _moment(last) if last else "-")


def _no_head() -> SignedHead:
    return SignedHead("-", 0, "0" * 64, "-")


def _moment(entry: Entry, offset: str = "") -> str:
    """To the second, with the distance to UTC unless that stands elsewhere."""
    at = lists.line(entry, here(), NO_HEADS, ()).at
    return f"{at:%Y-%m-%d %H:%M:%S} UTC{at:%z}".removesuffix(f" UTC{offset}" if offset else "") if at else ""


def _seen(entry: Entry, offset: str) -> Seen:
    line = lists.line(entry, here(), NO_HEADS, ())
    return Seen(line.row.n, _moment(entry, offset), _sentence(line), _who(line), line.row.place)


def _noted(ranges: Sequence[Range], before: int) -> Iterator[Noted]:
    for one in log.entries(after=ranges[0][0], before=before, kind=Kind.NOTED.value):
        if lists.within(int(one["of"]), ranges):
            yield Noted(int(one["of"]), bool(one["exception"]), comment_of(one))


def comment_of(noted: Entry) -> str:
    """What a comment says; of one that was erased nothing is left."""
    claims: Entry = next(iter(noted.get("personal", {}).values()), {})
    return str(noted.get("note") or claims.get("note") or _("erased"))


def register_of(entries: Sequence[Entry], asked: Asked, signed: Entry) -> Paper:
    """A list as a paper; ``signed`` is the Entry by which somebody may take it away."""
    offset = _offset(entries)
    rows = tuple(tuple(map(str, (n, time, *cells))) for n, time, _kind, *cells in _rows(entries, offset))
    columns = (
        Column(_("Entry"), 7, number=True),
        Column(_time_title(offset), 16),
        Column(_("What happened"), 45),
        Column(_("Who"), 18),
        Column(_("Where"), 12),
    )
    chosen = "\n".join(_about(asked, signed))
    return register_paper(Register(_("Register"), chosen, columns, rows), printing(), _)


def workbook_of(entries: Sequence[Entry], asked: Asked, signed: Entry) -> Workbook:
    """A list as a workbook; with the stable word of each kind, which is the same in every language."""
    offset = _offset(entries)
    columns = (
        SheetColumn(_("Entry"), 9),
        SheetColumn(_time_title(offset), 24),
        SheetColumn(_("Kind"), 18),
        SheetColumn(_("What happened"), 60),
        SheetColumn(_("Who"), 24),
        SheetColumn(_("Where"), 16),
    )
    return workbook(_("Register"), columns, _rows(entries, offset), printing(), _, _about(asked, signed))


def _about(asked: Asked, signed: Entry) -> tuple[str, ...]:
    """What was asked for, all of it, and of which log: so that nobody takes a part for the whole."""
    head = heads(reader()).newest
    log_said = (
        _("Log %(origin)s, %(size)s entries, root %(root)s", **_of(head)) if head else _("No head is signed.")
    )
    taken = _("Signed for by %(who)s: entry %(n)s of the log", who=_people(signed), n=signed["n"])
    return (chosen(asked), log_said, taken)


def chosen(asked: Asked) -> str:
    """A question in words."""
    words = (_("Words %(words)s", words=asked.words),) if asked.words else ()
    return "; ".join((spelled("filter", asked.filter), *words))


def _of(head: Checkpoint) -> dict[str, object]:
    return {"origin": head.origin, "size": head.size, "root": grouped(head.root.hex(), 16)}


def _people(entry: Entry) -> str:
    return ", ".join(name(str(one)) for one in entry.get("who", ()))


def _offset(entries: Iterable[Entry]) -> str:
    """The distance to UTC that all of them have, "" where they differ: then each says its own."""
    found = {f"{at.astimezone(here()):%z}" for one in entries if (at := instant(one.get("time")))}
    return next(iter(found)) if len(found) == 1 else ""


def _time_title(offset: str) -> str:
    return _("Time (UTC%(offset)s)", offset=offset) if offset else _("Time")


def _rows(entries: Iterable[Entry], offset: str) -> Iterator[tuple[str | int, ...]]:
    """Counter, time, kind, sentence, who, where."""
    for entry in entries:
        line = lists.line(entry, here(), NO_HEADS, ())
        time = line.exact.removesuffix(f" UTC{offset}") if offset else line.exact
        yield line.row.n, time, line.row.kind, _sentence(line), _who(line), line.row.place


def _sentence(line: lists.Line) -> str:
    """What happened, what would have been enough, and what somebody wrote down."""
    need = _("Would have needed: %(need)s", need=line.row.need) if line.row.need else ""
    return ". ".join(filter(None, (line.row.text, need, line.row.note)))


def _who(line: lists.Line) -> str:
    return ", ".join(map(name, line.who))
