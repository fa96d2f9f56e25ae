"""``ironroom run``: the controller in the foreground, until it is told to stop.

Rule: a signal only sets a flag; the loop looks at it, so that nothing is ended in the middle of a turn.
"""

from __future__ import annotations

import pwd
import signal
from contextlib import suppress
from pathlib import Path
from threading import Event as Flag

import click

from controller.errors import ConfigError, IronroomError, LogDead
from controller.eyes.eyes import SOCKET, Place
from controller.start import controller

WAITS = (
    "{}: this site file is not in force, the approved one still is; two people ask for approve_policy with "
    "digest {}, then start again"
)


@click.command()
@click.option(
    "--site", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The site file, site.toml."
)
@click.option(
    "--data",
    default=Path("/var/lib/ironroom"),
    show_default=True,
    envvar="IRONROOM_DATA",
    show_envvar=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the custody log, keys and gate.",
)
@click.option(
    "--eyes",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Socket at which the recorder comes in.  [default: DATA/eyes.sock]",
)
@click.option(
    "--recorder-user", metavar="NAME", help="User that the recorder runs as, if it is another than this one."
)
def run(site: Path, data: Path, eyes: Path | None, recorder_user: str | None) -> None:
    """Run the controller of a site.

    \b
    Example:
      ironroom run --site site.toml --data /var/lib/ironroom

    Ends with 0 after SIGTERM or SIGINT, 2 for a fault in the site file, 70 when the log cannot be
    written (nothing opens any more), 75 when another controller keeps the log.
    """  # noqa: D301 - click's own mark for a paragraph that is not to be wrapped
    stopping = Flag()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    try:
        with controller(site, data, stopping, _place(data, eyes, recorder_user)) as running:
            _say(f"running {running.site.plan.name}, {running.loop.log.size:,} entries")
            if running.site.state.offered != running.site.state.policy:
                _say(WAITS.format(site, running.site.state.offered))
            running.run()
            running.finish()
    except IronroomError as error:
        _say(error.sentence)
        raise SystemExit(error.exit_code) from None
    except OSError as error:
        _say(f"{data}: a file could not be used: {error}; bolts have dropped, nothing may open until it can")
        raise SystemExit(LogDead.exit_code) from None


def _place(data: Path, socket: Path | None, user: str | None) -> Place:
    """Where the recorder comes in, and as whom; raises ConfigError."""
    try:
        uid = pwd.getpwnam(user).pw_uid if user else None
    except KeyError:
        raise ConfigError(f"--recorder-user {user}: there is no such user on this box") from None
    return Place(socket or data / SOCKET, uid)


def _say(sentence: str) -> None:
    with suppress(OSError):  # on a full disk nobody may be able to listen; the exit code still speaks
        click.echo(sentence, err=True)
