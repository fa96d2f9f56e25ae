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

from controller.console.place import SOCKET as CONSOLE
from controller.console.place import place_of
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
@click.option("--console-origin", metavar="URL", help="The console as browsers call it: https://NAME[:PORT].")
@click.option(
    "--console-rp", metavar="NAME", default="", help="Name of the passkeys, if it is not that host."
)
@click.option(
    "--console",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Socket at which the console comes in.  [default: DATA/console.sock]",
)
@click.option(
    "--console-user", metavar="NAME", help="User that the console runs as, if it is another than this one."
)
def run(  # noqa: PLR0913 - an option each
    *,
    site: Path,
    data: Path,
    eyes: Path | None,
    recorder_user: str | None,
    console_origin: str | None,
    console_rp: str,
    console: Path | None,
    console_user: str | None,
) -> None:
    """Run the controller of a site.

    \b
    Example:
      ironroom run --site site.toml --data /var/lib/ironroom

    Ends with 0 after SIGTERM or SIGINT, 2 for a fault in the site file, 70 when the log cannot be
    written (nothing opens any more), 75 when another controller keeps the log. Without --console-origin
    there is no console.
    """  # noqa: D301 - click's own mark for a paragraph that is not to be wrapped
    stopping = Flag()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    try:
        recorder = Place(eyes or data / SOCKET, _uid("--recorder-user", recorder_user))
        desk = None
        if console_origin:
            uid = _uid("--console-user", console_user)
            desk = place_of(console or data / CONSOLE, console_origin, console_rp, uid)
        with controller(site, data, stopping, recorder, desk) as running:
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


def _uid(option: str, user: str | None) -> int | None:
    """Number of a user that an option names, None where it names none; raises ConfigError."""
    try:
        return pwd.getpwnam(user).pw_uid if user else None
    except KeyError:
        raise ConfigError(f"{option} {user}: there is no such user on this box") from None


def _say(sentence: str) -> None:
    with suppress(OSError):  # on a full disk nobody may be able to listen; the exit code still speaks
        click.echo(sentence, err=True)
