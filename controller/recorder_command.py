"""``ironroom recorder``: the process that looks through the cameras, and is trusted with nothing else.

Rule: it is told everything over its line; of this box it reads its passwords and writes what it learned.
"""

from __future__ import annotations

from pathlib import Path

import click

from recorder import main

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(short_help="Look through the cameras, for a controller.")
@click.option(
    "--line",
    required=True,
    envvar="IRONROOM_EYES",
    show_envvar=True,
    type=_FILE,
    help="Socket of the controller: eyes.sock in its data folder, or what it was given with --eyes.",
)
@click.option(
    "--passwords",
    type=_FILE,
    help="File of the cameras' users and passwords, [camera.NAME] each; readable by this user alone.",
)
@click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder that keeps what each camera should see; without it they learn anew at every start.",
)
def recorder(line: Path, passwords: Path | None, state: Path | None) -> None:
    """Look through the cameras of a site and hand sealed pictures to its controller.

    \b
    Example:
      ironroom recorder --line /run/ironroom/eyes.sock --state /var/lib/ironroom-recorder

    The controller tells it which cameras there are and what to photograph, and writes the pictures. Run it
    as a user of its own: it parses what cameras send, opens nothing, and can read no older picture.
    It starts anew by itself after whatever ends it. Ends with 0 after SIGTERM or SIGINT, and with 2 when the
    passwords cannot be used or OpenCV is missing.
    """  # noqa: D301 - click's own mark for a paragraph that is not to be wrapped
    raise SystemExit(main(line, passwords, state))
