"""`ironroom log find` and `log count`: the log searched by people.

Rule 1: never a traceback. Rule 2: a look is written down before anything is shown (evidence_reading.py).
Exit codes as of `log show`. What stable words mean is handed in by the command line: the ledger does
not know the core.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from controller.errors import UserMistake
from controller.evidence_reading import record_look
from controller.ledger.commands import NOTHING, copy_option, data_option, json_option, shown, told
from controller.ledger.search.finder import MOST, Finder, Page
from controller.ledger.search.question import Question
from controller.ledger.terminal import harmless

Sentences = Mapping[str, Sequence[str]]

_DAYS = 30

sealed_option = click.option("--sealed", is_flag=True, help="Sealed entries too (for chief and auditor).")


def _moment(_: click.Context, parameter: click.Parameter, value: str | None) -> datetime | None:
    try:
        return None if value is None else datetime.fromisoformat(value)
    except ValueError:
        wrong = f"{value!r} is no time such as 2026-03-02 or 2026-03-02T09:30"
        raise click.BadParameter(wrong, param=parameter) from None


def _day(_: click.Context, parameter: click.Parameter, value: str | None) -> date | None:
    try:
        return None if value is None else date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is no day such as 2026-03-02", param=parameter) from None


def add_commands(group: click.Group, sentences: Sentences) -> None:
    """Add `find` and `count` to the commands of the log, with the sentences of the stable words."""
    group.add_command(_find(sentences))
    group.add_command(_count(sentences))


def _find(sentences: Sentences) -> click.Command:
    @click.command("find", epilog="Example: ironroom log find seal liwei --place main --since 2026-03-01")
    @data_option
    @click.argument("words", nargs=-1)
    @click.option("--who", help="Only entries that name this person.")
    @click.option("--place", "places", multiple=True, help="Only at one of these; give all of a room.")
    @click.option("--kind", "kinds", multiple=True, help="Only of one of these kinds, such as granted.")
    @click.option("--carrier", help="Only entries that concern this carrier.")
    @click.option("--since", metavar="TIME", callback=_moment, help="Not earlier than this day or time.")
    @click.option("--until", metavar="TIME", callback=_moment, help="Earlier than this day or time.")
    @click.option("--before", type=click.IntRange(min=0), help="Only entries below this counter: next page.")
    @click.option("--limit", type=click.IntRange(1, MOST), default=50, show_default=True, help="So many.")
    @sealed_option
    @copy_option
    @json_option
    def find(  # noqa: PLR0913 — a question has as many words as it needs
        *,
        data: Path,
        words: tuple[str, ...],
        who: str | None,
        places: tuple[str, ...],
        kinds: tuple[str, ...],
        carrier: str | None,
        since: datetime | None,
        until: datetime | None,
        before: int | None,
        limit: int,
        sealed: bool,
        copy: bool,
        as_json: bool,
    ) -> None:
        """Search the log; print the newest entries first.

        Every one of the WORDS must be in an entry: in its texts and names, or in what its kind and
        reason mean. Chinese is found by characters, by pinyin and by the initials of the pinyin.
        Days begin at midnight of the site. A sealed entry answers no question without --sealed.

        What a badge did that is known by its number alone is red: legacy, may be copied.
        """
        with told(as_json=as_json):
            _require_order("--since", since, "--until", until)
            look = record_look(
                data,
                "find",
                copy=copy,
                who=who,
                place=",".join(places),
                kind=",".join(kinds),
                carrier=carrier,
                since=since.isoformat() if since else None,
                until=until.isoformat() if until else None,
                before=before,
                limit=limit,
                sealed=sealed,
                words=" ".join(words),
            )
            with Finder(data / "custody.db", sentences) as finder:
                question = Question(
                    who=who,
                    places=frozenset(places),
                    kinds=frozenset(kinds),
                    carrier=carrier,
                    since=_millis(since, finder.zone),
                    until=_millis(until, finder.zone),
                    words=" ".join(words),
                )
                end = look if before is None else before
                _print(finder.find(question, end, limit, sealed=sealed), as_json=as_json)

    return find


def _count(sentences: Sentences) -> click.Command:
    @click.command("count", epilog="Example: ironroom log count --from 2026-03-01 --to 2026-03-31")
    @data_option
    @click.option(
        "--from",
        "first",
        metavar="DAY",
        callback=_day,
        help=f"First day; {_DAYS} days up to the last otherwise.",
    )
    @click.option("--to", "last", metavar="DAY", callback=_day, help="Last day; today otherwise.")
    @sealed_option
    @copy_option
    @json_option
    def count(
        *, data: Path, first: date | None, last: date | None, sealed: bool, copy: bool, as_json: bool
    ) -> None:
        """Count the entries by day of the site and kind."""
        with ExitStack() as looking:
            looking.enter_context(told(as_json=as_json))
            _require_order("--from", first, "--to", last)
            days = {"since": first, "until": last}
            asked = {name: day.isoformat() for name, day in days.items() if day}
            record_look(data, "count", copy=copy, sealed=sealed, **asked)
            finder = looking.enter_context(Finder(data / "custody.db", sentences))
            last = last or datetime.now(finder.zone).date()
            first = first or last - min(timedelta(days=_DAYS - 1), last - date.min)
            counts = list(finder.counts(first, last, sealed=sealed))
            if not counts:
                click.echo(f"No entry from {first} to {last}", err=True)
            for day, kind, entries in counts:
                if as_json:
                    click.echo(json.dumps({"day": day.isoformat(), "kind": kind, "entries": entries}))
                else:
                    click.echo(harmless(f"{day}  {kind:<20}  {entries:>8}"))

    return count


def _print(page: Page, *, as_json: bool) -> None:
    for entry in page.entries:
        click.echo(shown(entry, as_json=as_json))
    if not page.entries:
        click.echo(NOTHING, err=True)
    if page.next is not None:
        click.echo(f"There may be older ones: --before {page.next}", err=True)


def _require_order(first: str, begin: date | None, second: str, end: date | None) -> None:
    """Refuse a span that ends before it begins; two moments of which one alone names its zone are let be."""
    with suppress(TypeError):
        if begin is not None and end is not None and begin > end:
            raise UserMistake(f"{first} {begin} is later than {second} {end}: the other way round")


def _millis(moment: datetime | None, zone: ZoneInfo) -> int | None:
    if moment is None:
        return None
    local = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return int((local - _EPOCH) / timedelta(milliseconds=1))


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
