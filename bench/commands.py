"""``ironroom bench``: measured figures beside a peer or a physical limit, in the same run."""

from __future__ import annotations

import sys
import tempfile
from importlib import import_module
from pathlib import Path

import click
from click.core import ParameterSource

from bench.appending import append_1, append_64
from bench.cosigning import cosigned_latency
from bench.decisions import decisions
from bench.figures import Figure, as_json, as_text, spread
from bench.path import burst, tap_to_unlock
from bench.searching import build, bytes_per_entry, searches, verification
from bench.starting import ENTRIES, start_1m

COMMITS = 300
"""Commits of which each is cosigned by a log witness on this machine before the next."""

CARDS = 200
"""Cards held before the readers for each figure of ``bench readers``."""

_json = click.option("--json", "as_object", is_flag=True, help="One JSON object instead of lines.")
_data = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder on the disk to measure; a temporary one otherwise.",
)


def _measuring(what: str) -> None:
    click.echo(f"measuring: {what}", err=True)


def _without_effect(option: str, *names: str) -> None:
    """Raise UsageError where one of these was given beside an option that has no use for it."""
    source = click.get_current_context().get_parameter_source
    for name in names:
        if source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{name} has no effect with {option}; leave it out")


@click.group("bench")
def bench_group() -> None:
    """Measure this machine: figures with units, how often measured, and what they stand beside."""


@bench_group.command("room")
@_json
@click.option(
    "--entries",
    default=ENTRIES,
    show_default=True,
    type=click.IntRange(100_000, 20_000_000),
    help="Entries in the log of start_1m.",
)
@_data
def room(*, as_object: bool, entries: int, data: Path | None) -> None:
    """Measure decisions, the path from tap to unlock, a burst of badges, and a start.

    \b
    Example:
      ironroom bench room --json

    The whole takes about two minutes, most of it for writing the log of a million entries.
    """  # noqa: D301 - click's own mark for a paragraph that is not to be wrapped
    figures: dict[str, Figure] = {}
    with tempfile.TemporaryDirectory(dir=data) as name:
        folders = [Path(name) / part for part in ("tap", "burst", "start")]
        for folder in folders:
            folder.mkdir(mode=0o700)
        figures["decisions_1k"] = decisions(1_000)
        figures["decisions_100k"] = decisions(100_000)
        figures.update(tap_to_unlock(folders[0]))
        figures["burst_lost"] = burst(folders[1])
        with click.progressbar(length=entries, label="writing the log", file=sys.stderr) as bar:
            figures["start_1m"] = start_1m(folders[2], entries, bar.update)
    click.echo(as_json("room", figures) if as_object else as_text(figures))


@bench_group.command("log")
@_json
@click.option(
    "--entries",
    default=ENTRIES,
    show_default=True,
    type=click.IntRange(10_000, 20_000_000),
    help="Entries in the log that is verified and searched.",
)
@_data
@click.option("--keep", is_flag=True, help="Leave the log in DIR/bench-log, and continue the one there.")
def log(*, as_object: bool, entries: int, data: Path | None, keep: bool) -> None:
    """Measure durable appends, cosigning, full verification, search, counts and the room on the disk.

    \b
    Example:
      ironroom bench log --json
      ironroom bench log --entries 10000000 --data /srv/bench --keep

    A million entries take some three minutes, ten million about half an hour to build.
    """  # noqa: D301 - click's own mark for a paragraph that is not to be wrapped
    if keep and data is None:
        raise click.UsageError("--keep needs --data, a folder to keep the log in")
    with tempfile.TemporaryDirectory(dir=data) as name:
        folder = Path(name)
        figures = {"append_1": append_1(folder), "append_64": append_64(folder)}
        waited = cosigned_latency(folder / "cosigned", COMMITS)
        figures["cosigned"] = spread([seconds * 1000 for seconds in waited], "ms")
        file = (data if keep and data else folder) / "bench-log" / "custody.db"
        with click.progressbar(length=entries, label="writing the log", file=sys.stderr) as bar:
            build(file, entries, bar.update)
        figures["verify"] = verification(file)
        figures.update(searches(file))
        figures["bytes_per_entry"] = bytes_per_entry(file)
    click.echo(as_json("log", figures) if as_object else as_text(figures))


@bench_group.command("readers")
@_json
@click.option(
    "--cards",
    default=CARDS,
    show_default=True,
    type=click.IntRange(8, 100_000),
    help="Cards held before the readers for each figure; 16 OSDP readers get twice as many.",
)
@click.option(
    "--refusals",
    default=20,
    show_default=True,
    type=click.IntRange(0, 1_000),
    help="Refusals for each reason at a door of a controller that runs; 0: none.",
)
def readers(*, as_object: bool, cards: int, refusals: int) -> None:
    """Measure card readers: from a card to its signal, polls, lost cards, processor time, and every "no".

    \b
    Example:
      ironroom bench readers --json

    Beside the OSDP figures stand those of libosdp's panel on lines of the same kind (pip install libosdp).
    Lines run at 115200 baud. With 200 cards it takes about four minutes, and 20 refusals for each reason
    seven more.
    """  # noqa: D301 - click's own mark for a paragraph that is not to be wrapped
    # Drivers and shims are loaded here only: no other command of the box has to do with them.
    measured = import_module("bench.readers").measured
    figures: dict[str, Figure] = measured(cards, _measuring)
    if refusals:
        _measuring("refusals for every reason")
        figures["refusal_spread"] = import_module("bench.refusals").refusal_spread(refusals)
    click.echo(as_json("readers", figures) if as_object else as_text(figures))


@bench_group.command("eyes")
@_json
@click.option(
    "--events",
    default=200,
    show_default=True,
    type=click.IntRange(2, 10_000),
    help="Events that are photographed.",
)
@click.option(
    "--honesty",
    is_flag=True,
    help="Instead: how often faults are missed and good cameras doubted, on drawn and on real pictures.",
)
@_data
def eyes(*, as_object: bool, events: int, honesty: bool, data: Path | None) -> None:
    """Measure cameras: from an event to its pictures on the disk, rings, and what a door notices of liars.

    \b
    Example:
      ironroom bench eyes --json
      ironroom bench eyes --honesty

    Four cameras of 1280x720 send ten pictures a second from a process of their own; the recorder is the
    product's. With 200 events it takes about three minutes; --honesty some ten.
    """  # noqa: D301 - click's own mark for a paragraph that is not to be wrapped
    # Picture libraries are loaded here only: no other command of the box has to do with them.
    if honesty:
        _without_effect("--honesty", "events", "data")
        figures: dict[str, Figure] = import_module("bench.eyes_honesty").run()
    else:
        with tempfile.TemporaryDirectory(dir=data) as name:
            figures = import_module("bench.eyes").measured(Path(name), events, _measuring)
    click.echo(as_json("eyes", figures) if as_object else as_text(figures))


@bench_group.command("console")
@_json
@click.option(
    "--entries",
    default=ENTRIES,
    show_default=True,
    type=click.IntRange(30_000, 20_000_000),
    help="Entries in the log that the console reads.",
)
@click.option(
    "--pages",
    default=400,
    show_default=True,
    type=click.IntRange(2, 100_000),
    help="Pages that are asked for.",
)
@click.option(
    "--events",
    default=30,
    show_default=True,
    type=click.IntRange(2, 10_000),
    help="Events that a browser shows.",
)
@_data
def console(*, as_object: bool, entries: int, pages: int, events: int, data: Path | None) -> None:
    """Measure the console: a full page beside 50 live screens, and from a badge to what a browser shows.

    \b
    Example:
      ironroom bench console --json

    Controller and console are the product's own, over TLS on this machine; the browser is Debian's Chromium,
    driven by playwright: without either event_to_dom is left out. A million entries take minutes to write.
    """  # noqa: D301 - click's own mark for a paragraph that is not to be wrapped
    # The console's libraries are loaded here only: no other command of the box has to do with them.
    measured = import_module("bench.console").measured
    with (
        tempfile.TemporaryDirectory(dir=data) as name,
        click.progressbar(length=entries, label="writing the log", file=sys.stderr) as bar,
    ):
        figures: dict[str, Figure] = measured(Path(name), entries, _measuring, bar.update, pages, events)
    click.echo(as_json("console", figures) if as_object else as_text(figures))
