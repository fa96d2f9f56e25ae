"""`ironroom picture`: pictures around an event, for whoever may see them.

Rule: that somebody looks is an Entry before anything is shown (behaviour 61). What cannot be shown has its
reason in a sentence. Exit codes: 0 all that were asked for are written; 1 a picture was altered, or is gone
without an Entry that says why; 2 the question was wrong; 3 the log says why some are not there.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from heapq import merge
from itertools import islice
from pathlib import Path
from shlex import quote
from typing import Any

import click

from controller.core.unseen import UNSEEN as WHY
from controller.core.unseen import UNSEEN_ZH as WHY_ZH
from controller.errors import UserMistake
from controller.evidence_reading import record_look
from controller.ledger.commands import copy_option, data_option, json_option, told
from controller.ledger.export_folder import FolderWriter
from controller.ledger.pictures import FOLDER, described_in
from controller.ledger.reading import LogReader
from controller.ledger.terminal import harmless
from controller.picture_evidence import ANSWERS, Shot, Shown, Wished
from controller.picture_words import GIVEN, UNSEEN, WORDS, WRONG

NOT_THERE = 3
_WHY: Mapping[str, Mapping[Any, str]] = {"en": WHY, "zh": WHY_ZH}

language_option = click.option(
    "--language", type=click.Choice(sorted(WORDS)), default="en", show_default=True
)


@click.group("picture", epilog="Example: ironroom picture list --place vault --limit 10")
def picture_group() -> None:
    """See what was pictured around an event."""


@picture_group.command(
    "list",
    short_help="Tell which pictures there are.",
    epilog="Example: ironroom picture list --camera door --limit 10",
)
@data_option
@click.option("--place", help="Only of events at this door, window, cabinet or room.")
@click.option("--camera", help="Only of this camera.")
@click.option("--why", help="Only around events of this kind, such as granted.")
@click.option("--missing", is_flag=True, help="Only pictures that were asked for and never taken.")
@click.option("--thumbnails", is_flag=True, help="The small ones instead.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="So many entries.")
@click.option("--sealed", is_flag=True, help="Look into sealed entries too (for chief and auditor).")
@language_option
@copy_option
@json_option
def list_command(  # noqa: PLR0913 - a question has as many words as it needs
    *,
    data: Path,
    place: str | None,
    camera: str | None,
    why: str | None,
    missing: bool,
    thumbnails: bool,
    limit: int,
    sealed: bool,
    language: str,
    copy: bool,
    as_json: bool,
) -> None:
    """Tell which pictures the newest entries name, the oldest of them first; that you looked is an entry too.

    No picture is opened for this; `ironroom picture show` says what became of each.
    """
    with told(as_json=as_json):
        asked = {"place": place, "camera": camera, "why": why, "missing": missing, "limit": limit}
        look = record_look(data, "picture", copy=copy, sealed=sealed, **asked)
        with LogReader(data / "custody.db") as reader:
            found = _answers(reader, look, place, why, sealed=sealed)
            chosen = ((entry, _rows(entry, camera, missing=missing, small=thumbnails)) for entry in found)
            shown = list(islice(((entry, rows) for entry, rows in chosen if rows), limit))
        for entry, rows in reversed(shown):
            for row in rows:
                there = (data / FOLDER / str(row.get("sha256"))).exists()
                click.echo(harmless(_row(entry, row, language, there=there, as_json=as_json)))
        if not shown:
            click.echo(WORDS[language]["nothing"], err=True)


@picture_group.command(
    "show",
    short_help="Write the pictures of an event into a folder.",
    epilog="Example: ironroom picture show 4711 --camera door --out /media/usb/case-12",
)
@click.argument("n", type=click.IntRange(min=0), metavar="N")
@data_option
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Write there.")
@click.option("--camera", help="Only of this camera.")
@click.option("--moment", type=int, help="Only of this moment, in ms after the event (before: -2000).")
@click.option("--thumbnails", is_flag=True, help="The small ones instead.")
@click.option("--with-key", is_flag=True, help="Add each sealed file and its key, for others to check.")
@click.option("--sealed", is_flag=True, help="Look into a sealed entry too (for chief and auditor).")
@language_option
@copy_option
@json_option
def show_command(  # noqa: PLR0913 - a question has as many words as it needs
    *,
    n: int,
    data: Path,
    out: Path,
    camera: str | None,
    moment: int | None,
    thumbnails: bool,
    with_key: bool,
    sealed: bool,
    language: str,
    copy: bool,
    as_json: bool,
) -> None:
    """Write the pictures of a Snapshot into a folder; N is its entry, or one of those that answer it.

    Each is checked against its digest in the log, and opened; of each that is not there it is said why. That
    you look is an entry before. With --with-key nobody needs this program to see that a picture is the one
    the log names: what to type is printed.
    """
    with told(as_json=as_json):
        when = {} if moment is None else {"before_ms" if moment < 0 else "after_ms": abs(moment)}
        more: dict[str, Any] = {"thumbnails": thumbnails, "with_key": with_key, "sealed": sealed}
        record_look(data, "picture", copy=copy, entry=n, camera=camera, **when, **more)
        with LogReader(data / "custody.db") as reader:
            shot = Shot(reader, n, sealed=sealed)
            wished = [one for one in shot.wished() if _is_wished(one, camera, moment, small=thumbnails)]
            if not wished:
                raise UserMistake(f"entry {n}: {_none_of(shot, camera, moment)}")
            shown = [_written(shot.shown(one), out, with_key=with_key) for one in wished]
        for one, file in shown:
            click.echo(harmless(_shown_json(one, file) if as_json else _told(one, file, language)))
        states = {one.state for one, _ in shown}
        if with_key and not as_json and GIVEN in states:
            _tell_outsiders([one.wished for one, _ in shown if one.state == GIVEN], out, language)
        sys.exit(1 if states & WRONG else NOT_THERE if states - {GIVEN} else 0)


def _answers(
    reader: LogReader, before: int | None, place: str | None, why: str | None, *, sealed: bool
) -> Iterator[dict[str, Any]]:
    """Entries that tell what became of Snapshots, newest first."""
    found = (
        reader.entries(before=before, kind=kind.value, place=place, newest_first=True, sealed=sealed)
        for kind in ANSWERS
    )
    newest_first: Iterator[dict[str, Any]] = merge(*found, key=lambda entry: -entry["n"])
    return (entry for entry in newest_first if why is None or entry.get("why") == why)


def _rows(entry: dict[str, Any], camera: str | None, *, missing: bool, small: bool) -> list[dict[str, Any]]:
    all_taken = [] if missing else [dict(told) for _, told in described_in(entry)]
    taken = [one for one in all_taken if bool(one.get("thumbnail")) == small]
    lacks = entry.get("missing")
    never = [dict(one) for one in lacks if isinstance(one, dict)] if isinstance(lacks, list) else []
    return [one for one in (*taken, *never) if camera is None or one.get("camera") == camera]


def _row(entry: dict[str, Any], row: dict[str, Any], language: str, *, there: bool, as_json: bool) -> str:
    if as_json:
        about = {key: entry.get(key) for key in ("n", "time", "place", "why", "shot")}
        event = about.pop("why")
        return json.dumps({**about, "event": event, **row, **({"there": there} if "sha256" in row else {})})
    words = WORDS[language]
    line = f"{entry['n']:>8}  {entry['time']}  {entry.get('place', '-'):<14}  {entry.get('why', '-'):<21}"
    line += f"  {row.get('camera')!s:<10}  {row.get('moment')!s:>6} {words['ms']}"
    if "sha256" not in row:
        return f"{line}  {_reason(str(row.get('why')), language)}"
    kind = words["thumbnail"] if row.get("thumbnail") else f"{row.get('width')}x{row.get('height')}"
    size = words["bytes"].format(size=row.get("size"))
    return f"{line}  {kind}{size}" + ("" if there else words["gone"])


def _is_wished(one: Wished, camera: str | None, moment: int | None, *, small: bool) -> bool:
    return (
        (camera is None or one.camera == camera)
        and (moment is None or one.moment == moment)
        and (one.thumbnail == small or not one.sha256)
    )


def _none_of(shot: Shot, camera: str | None, moment: int | None) -> str:
    if not shot.answers:
        return "its pictures are still awaited; ask again in some seconds"
    there = sorted({f"{one.camera} at {one.moment} ms" for one in shot.wished()})
    asked = f"{camera or '*'} at {'*' if moment is None else moment} ms"
    return f"none of camera {asked}; there are {', '.join(there)}"


def _written(one: Shown, out: Path, *, with_key: bool) -> tuple[Shown, str]:
    """Write what can be shown, as new files that this user alone may read; the name of the picture."""
    if one.opened is None:
        return one, ""
    of = one.wished
    camera = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in of.camera)[:40]
    name = f"{of.n}-{camera}-{of.moment}ms{'-small' if of.thumbnail else ''}.jpg"
    files = {name: one.opened.picture}
    if with_key:
        files |= {of.sha256: one.sealed, f"{of.sha256}.key": f"{one.opened.key}\n".encode()}
    writer = FolderWriter(out)
    try:
        for file, octets in files.items():
            writer.write(file, octets)
        writer.sync()
    except OSError as error:
        raise UserMistake(f"{out}: it cannot be written ({error.strerror})") from None
    return replace(one, sealed=b"", opened=None), name


def _told(one: Shown, file: str, language: str) -> str:
    of, words = one.wished, WORDS[language]
    which = words["small" if of.thumbnail else "which"].format(camera=of.camera, moment=of.moment)
    why = _reason(one.why, language) if one.state == UNSEEN else one.why
    return words[one.state].format(which=which, file=file, n=one.n, who=one.who, why=why)


def _reason(why: str, language: str) -> str:
    return _WHY[language].get(why, why)


def _shown_json(one: Shown, file: str) -> str:
    of = one.wished
    about = {"n": of.n, "camera": of.camera, "moment": of.moment, "thumbnail": of.thumbnail}
    about |= {"state": one.state, "file": file, "sha256": of.sha256, "entry": one.n, "who": one.who}
    return json.dumps({**about, "why": one.why})


def _tell_outsiders(given: list[Wished], out: Path, language: str) -> None:
    """The folder is entered once, so that all lines can be typed one after the other."""
    for place, of in enumerate(given):
        if place == 0 or of.n != given[place - 1].n:
            click.echo(harmless(WORDS[language]["outside"].format(n=of.n)))
        if place == 0:
            click.echo(f"  cd {quote(harmless(str(out)))}")
        click.echo(f"  sha256sum {of.sha256}")
        click.echo(f"  tail -n +2 {of.sha256} | age -d -i {of.sha256}.key > {of.sha256}.jpg")
