"""``ironroom rehearse``: plays drills and tells whether everything was as expected.

Rule: nothing real is touched. A drill has a log of its own, in a folder that goes away unless one is named.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from controller import drill_report
from controller.drill import Drill
from controller.drill_file import load
from controller.drill_play import Account, Player
from controller.errors import ConfigError, IronroomError
from controller.stage import Opener
from controller.virtual_stage import LOG, on_paper


@click.command()
@click.argument(
    "drills", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="DRILL.toml…"
)
@click.option("--wires", is_flag=True, help="In real time, through the production drivers and the shims.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: one line a step and one line an Entry.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Keep the log in DIR/custody.db; of several drills, each in a folder of its name.",
)
def rehearse(*, drills: tuple[Path, ...], wires: bool, as_json: bool, data: Path | None) -> None:
    """Play drills: stories about a room, with what is expected of it.

    \b
    Example:
      ironroom rehearse drills/two_open_the_room.toml
      ironroom rehearse drills --data /tmp/drills
      ironroom log show --data /tmp/drills/two_open_the_room

    A folder stands for the drills in it. Ends with 0 when everything was as expected, 1 when an
    expectation failed, 2 when a drill is faulty; then every fault is told and nothing is played.
    """  # noqa: D301 - click's own mark for a paragraph that is not to be wrapped
    try:
        every = _loaded(drills)
        opener = _stage(wires=wires)
        met = [_rehearsed(drill, opener, _folder(data, drill, every), as_json=as_json) for drill in every]
    except IronroomError as error:
        click.echo(error.sentence, err=True)
        raise SystemExit(error.exit_code) from None
    if len(every) > 1 and not as_json:
        click.echo(f"{sum(met)} of {len(met)} drills as expected")
    raise SystemExit(0 if all(met) else 1)


def _loaded(paths: tuple[Path, ...]) -> list[Drill]:
    """Every drill; the faults of all of them are told together."""
    files = [file for path in paths for file in (sorted(path.glob("*.toml")) if path.is_dir() else [path])]
    if not files:
        raise ConfigError(f"{paths[0]}: a folder without any drill; a drill is a file ending in .toml")
    drills: list[Drill] = []
    faults: list[object] = []
    for file in files:
        try:
            drills.append(load(file))
        except ConfigError as error:
            faults += error.args
    if faults:
        raise ConfigError(*faults)
    return drills


def _stage(*, wires: bool) -> Opener:
    if not wires:
        return on_paper
    from controller.wire_room import on_wires  # noqa: PLC0415 - drivers and shims only when asked for

    return on_wires


def _rehearsed(drill: Drill, opener: Opener, data: Path | None, *, as_json: bool) -> bool:
    with _kept(data) as folder, opener(drill, folder) as stage:
        player = Player(drill, stage)
        hidden = not sys.stderr.isatty()
        with click.progressbar(
            player.play(), len(drill.steps), drill.path.name, file=sys.stderr, hidden=hidden
        ) as steps:
            for _ in steps:
                pass
    _tell(player.account, as_json=as_json)
    return player.account.met


def _tell(account: Account, *, as_json: bool) -> None:
    for line in drill_report.json_lines(account) if as_json else drill_report.lines(account):
        click.echo(line)


def _folder(data: Path | None, drill: Drill, every: list[Drill]) -> Path | None:
    if data is None or len(every) == 1:
        return data
    name = drill.path.stem
    return data / (name if name.strip(".") else drill.path.name)  # "...toml" must not lead out of DIR


@contextmanager
def _kept(data: Path | None) -> Iterator[Path]:
    """A private folder without any log: the one named, or one that goes away."""
    with ExitStack() as stack:
        if data is None:
            yield Path(stack.enter_context(TemporaryDirectory(prefix="ironroom-drill-")))
            return
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (data / LOG).exists():
            raise ConfigError(
                f"{data}: there is a log already, and a log is never written over; name another"
            )
        if not any(data.iterdir()) and data.stat().st_uid == os.geteuid():
            data.chmod(0o700)
        yield data
