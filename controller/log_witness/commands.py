"""`ironroom witness`: a log witness on a second box, and a look at what it saw.

Exit codes: 0 all is well, 1 a log was silent too long, contradicted itself, or what is kept is damaged,
2 the question was wrong, 75 another process serves this folder. Rule: never a traceback.
"""

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click

from controller.errors import IronroomError, LogMissing, UserMistake
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.cosignature import timestamp_of
from controller.ledger.formats.note import SignedNote
from controller.ledger.terminal import harmless
from controller.log_witness.judge import Conflict
from controller.log_witness.key import KEY, begin_key, load_key, posix_seconds
from controller.log_witness.memory import Memory, Pair
from controller.log_witness.server import PORT, listening
from controller.log_witness.trusted import LOGS, Trusted

_folder = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("/var/lib/ironroom-witness"),
    envvar="IRONROOM_WITNESS",
    show_default=True,
    show_envvar=True,
    metavar="DIR",
    help="The folder of the log witness.",
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")


@click.group(
    "witness",
    short_help="Be a log witness, on a second box.",
    epilog="Example: ironroom witness run --listen 192.0.2.20:7380",
)
def witness_group() -> None:
    """Be a log witness: cosign the heads of rooms' logs, on a second box."""


@witness_group.command(
    "key",
    short_help="Make the key, or print its verifier key.",
    epilog="Example: ironroom witness key --name bank.example/witness-1",
)
@_folder
@click.option("--name", help="Make the key, under this name.")
@click.option("--ml-dsa", is_flag=True, help="Make it of ML-DSA-44, against quantum computers.")
def key_command(data: Path, name: str | None, *, ml_dsa: bool) -> None:
    """Print the verifier key, for vkey in the site files; with --name make it first."""
    with _told():
        if name is not None and (data / KEY).exists():
            raise UserMistake(f"{data / KEY}: there is a key already; it is never replaced")
        cosigner = begin_key(data, name, ml_dsa=ml_dsa) if name is not None else load_key(data)
        click.echo(str(cosigner.vkey))


@witness_group.command(
    "run",
    short_help="Serve until told to stop.",
    epilog="Example: ironroom witness run --listen 192.0.2.20:7380",
)
@_folder
@click.option("--listen", default=f"127.0.0.1:{PORT}", show_default=True, help="ADDRESS:PORT.")
def run_command(data: Path, listen: str) -> None:
    """Serve until told to stop; logs.txt in the folder lists the verifier keys of the logs.

    Ends with 0 after SIGTERM or SIGINT, 2 without a key, 75 when another process serves this folder.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    with _told(), listening(data, *_address(listen)) as server:
        click.echo(f"witnessing on {server.address}", err=True)
        server.run()


@witness_group.command(
    "logs",
    short_help="Print how large each log was, and when.",
    epilog="Example: ironroom witness logs --max-age 900",
)
@_folder
@click.option(
    "--max-age", type=click.IntRange(min=1), help="Seconds; end with 1 when a log was silent longer."
)
@_json
def logs_command(data: Path, max_age: int | None, *, as_json: bool) -> None:
    """Print for every log how large it was when it was last cosigned, and how long ago that is."""
    with _told():
        seen = [_seen(note) for note in _memory(data).all()]
        absent = set(Trusted(data / LOGS).origins()) - {one["origin"] for one in seen}
        if not seen and not absent:
            click.echo(
                f"{data / LOGS}: no log is trusted yet; write the verifier key of one into it", err=True
            )
        rows = seen + [{"origin": origin, "size": 0, "age_s": None} for origin in sorted(absent)]
        for row in rows:
            row["silent"] = max_age is not None and (row["age_s"] is None or row["age_s"] > max_age)
            click.echo(json.dumps(row) if as_json else harmless(_line(row)))
        sys.exit(any(row["silent"] for row in rows))


@witness_group.command(
    "conflicts",
    short_help="Print heads that contradict each other.",
    epilog="Example: ironroom witness conflicts --data /var/lib/ironroom-witness",
)
@_folder
@_json
def conflicts_command(data: Path, *, as_json: bool) -> None:
    """Print every pair of signed heads that do not go together, each in a folder with both files."""
    with _told():
        pairs = list(_memory(data).conflicts())
        for pair in pairs:
            row = _conflict(pair)
            click.echo(json.dumps(row) if as_json else "\n".join(map(harmless, _told_of(row, pair.kind))))
        sys.exit(bool(pairs))


_MEANING = {
    Conflict.SPLIT: "one size, two roots: proof of fraud, or of a stolen key",
    Conflict.FORKED: "it does not lead on from what was cosigned; the log must explain it",
    Conflict.BEHIND: "smaller than what was cosigned: an old head shown again, or a log that was put back",
}


def _memory(data: Path) -> Memory:
    if not (data / KEY).exists():
        raise LogMissing(f"{data / KEY}: there is no log witness, name the folder of one with --data")
    return Memory(data)


def _conflict(pair: Pair) -> dict[str, Any]:
    cosigned, shown = Checkpoint.parse(pair.cosigned.text), Checkpoint.parse(pair.shown.text)
    sizes = {"cosigned": cosigned.size, "shown": shown.size}
    return {"kind": pair.kind.value, "origin": shown.origin, **sizes, "folder": str(pair.folder)}


def _told_of(row: dict[str, Any], kind: Conflict) -> tuple[str, str]:
    sizes = f"cosigned {row['cosigned']}, shown {row['shown']}"
    return f"{row['origin']}: {sizes}: {_MEANING[kind]}", f"    {row['folder']}"


def _seen(note: SignedNote) -> dict[str, Any]:
    head = Checkpoint.parse(note.text)
    cosigned_at = timestamp_of(note.signatures[-1].signature)  # ours stands last
    return {"origin": head.origin, "size": head.size, "age_s": posix_seconds() - cosigned_at}


def _line(row: dict[str, Any]) -> str:
    when = "never seen" if row["age_s"] is None else f"{row['age_s']} s ago"
    return f"{row['origin']}  {row['size']:,} entries  {when}" + ("  SILENT" if row["silent"] else "")


def _address(listen: str) -> tuple[str, int]:
    host, parted, port = listen.rpartition(":")
    if not parted or not host or not port.isascii() or not port.isdecimal() or not int(port) < 65_536:
        raise UserMistake(f"{listen}: this is no ADDRESS:PORT, such as 192.0.2.20:{PORT}")
    return host.strip("[]"), int(port)


def _end(*_: object) -> NoReturn:
    raise SystemExit(0)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except IronroomError as error:
        click.echo(harmless(error.sentence), err=True)
        sys.exit(error.exit_code)
