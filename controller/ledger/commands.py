"""`ironroom log show` and `log verify`: the custody log for people.

Rule 1: never a traceback. Rule 2: a look is written down before anything is shown (evidence_reading.py).
Exit codes: 0 all is well, 1 the log is damaged, 2 the question was wrong (no log there, no right to
read it). What is printed comes from badges and people, so nothing in it can command a terminal.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from controller.errors import IronroomError, LogDamaged
from controller.evidence_reading import record_look
from controller.ledger.canonical import encode
from controller.ledger.copyable import marked, may_be_copied
from controller.ledger.reading import LogReader
from controller.ledger.terminal import harmless
from controller.ledger.trust import given_policy, trust_options
from controller.ledger.verifying import cores, names_export, verified_data, verified_export

data_option = click.option(
    "--data",
    "data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("/var/lib/ironroom"),
    envvar="IRONROOM_DATA",
    show_default=True,
    show_envvar=True,
    metavar="DIR",
    help="The folder with custody.db.",
)
copy_option = click.option(
    "--copy", is_flag=True, help="DIR is a copy and nobody's live log: the look is not written down."
)
NOTHING = "No entry answers that. Kinds are spelled as `ironroom log count` prints them"
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")


@click.group("log", epilog="Example: ironroom log show --data /var/lib/ironroom --limit 10")
def log_group() -> None:
    """Read and verify the custody log."""


@log_group.command(
    "show",
    short_help="Print the newest entries.",
    epilog="Example: ironroom log show --kind granted --who li --limit 10",
)
@data_option
@click.option("--kind", help="Only entries of this kind, such as granted.")
@click.option("--who", help="Only entries that name this person.")
@click.option("--place", help="Only entries at this door, window, cabinet or room.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=50, show_default=True, help="So many, the newest."
)
@click.option("--sealed", is_flag=True, help="Show sealed entries too (for chief and auditor).")
@copy_option
@json_option
def show(  # noqa: PLR0913 - a question has as many words as it needs
    *,
    data: Path,
    kind: str | None,
    who: str | None,
    place: str | None,
    limit: int,
    sealed: bool,
    copy: bool,
    as_json: bool,
) -> None:
    """Print the newest entries, the oldest of them first; that you looked is the next entry.

    A sealed entry is only counted ("17  sealed"), and not at all where a kind, person or place is
    asked for, unless --sealed is given.

    What a badge did that is known by its number alone is red: legacy, may be copied.
    """
    with told(as_json=as_json):
        asked = {"kind": kind, "who": who, "place": place, "limit": limit, "sealed": sealed}
        look = record_look(data, "show", copy=copy, **asked)
        with LogReader(data / "custody.db") as reader:
            found = reader.entries(
                before=look, kind=kind, who=who, place=place, newest_first=True, limit=limit, sealed=sealed
            )
            entries = list(found)
        for entry in reversed(entries):
            click.echo(shown(entry, as_json=as_json))
        if not entries:
            click.echo(NOTHING, err=True)


@log_group.command(
    "verify",
    short_help="Verify a log or an export, every byte of it.",
    epilog="Example: ironroom log verify /media/usb/log --policy contract.policy",
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), required=False, metavar="[DIR]")
@data_option
@trust_options
@click.option(
    "--jobs", type=click.IntRange(1, 256), help="Processes that share the work; default: one a core."
)
@click.option("--no-pictures", is_flag=True, help="Leave the pictures out, which may be many gigabytes.")
@copy_option
@json_option
def verify_command(  # noqa: PLR0913 - a question has as many words as it needs
    *,
    folder: Path | None,
    data: Path,
    policy: Path | None,
    vkeys: tuple[str, ...],
    jobs: int | None,
    no_pictures: bool,
    copy: bool,
    as_json: bool,
) -> None:
    """Read, respell and hash every entry and compare every stored head; that you looked is an entry too.

    Then every picture that an entry names: it is there, and is the one that was taken, or an entry says that
    it was deleted.

    DIR is a data folder, or an export (`ironroom log export`): of that one every file is verified, and no
    look is written down, because it lies outside the box. The exit code is 1 with the file and the entry
    that is wrong.

    A log that was put back whole to an older state looks right in itself: compare the printed number of
    entries and root with those noted down before, or see `ironroom log diff`.
    """
    with told(as_json=as_json):
        given, place = given_policy(policy, vkeys), folder or data
        if names_export(place):
            click.echo(harmless(verified_export(place, given, jobs or cores(), as_json=as_json)))
            return
        try:
            record_look(place, "verify", copy=copy)
        except LogDamaged:  # what is damaged is told below
            click.echo(f"{place}: the log is damaged and takes no entry of this look", err=True)
        told_all = verified_data(place, given, jobs or cores(), pictures=not no_pictures, as_json=as_json)
        click.echo(harmless(told_all))


@contextmanager
def told(*, as_json: bool) -> Iterator[None]:
    """End the command with the sentence and the exit code of an error instead of a traceback."""
    try:
        yield
    except IronroomError as error:
        if as_json:
            click.echo(_error_as_json(error))
        click.echo(harmless(str(error)), err=True)
        sys.exit(error.exit_code)


def shown(entry: dict[str, object], *, as_json: bool) -> str:
    """One entry as it is printed; red where it tells of a badge that may be copied."""
    told = harmless(encode(entry).decode() if as_json else line(entry))
    return marked(told) if not as_json and may_be_copied(entry) else told


def line(entry: dict[str, object]) -> str:
    """One entry as a line: counter, time, kind, place, people, reason, then whatever else it holds."""
    if set(entry) == {"n", "sealed"}:
        return f"{entry['n']:>8}  sealed"
    rest = dict(entry)
    n, time, kind = rest.pop("n"), rest.pop("time"), rest.pop("kind")
    who = rest.pop("who", [])
    names = ", ".join(map(str, who)) if isinstance(who, list) else ""
    words = (str(rest.pop("place", "-")), names or "-", str(rest.pop("reason", "")))
    for known in ("at", "clock", "policy"):
        rest.pop(known, None)
    more = encode(rest).decode() if rest else ""
    return f"{n:>8}  {time}  {kind:<20}  {words[0]:<14}  {words[1]:<18}  {words[2]}  {more}".rstrip()


def _error_as_json(error: IronroomError) -> str:
    told: dict[str, object] = {"ok": False, "error": str(error)}
    if isinstance(error, LogDamaged):
        told |= {"file": str(error.file), "entry": error.entry, "wrong": error.wrong, "remedy": error.remedy}
    return json.dumps(told)
