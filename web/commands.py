"""``ironroom console``: the pages for people, a process of its own. Rule: it knows a socket and a file."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from controller.errors import IronroomError
from web.settings import Settings

DATA = Path("/var/lib/ironroom")
FILE = click.Path(path_type=Path, dir_okay=False, readable=False)  # what may not be read is said on the pages


@click.command()
@click.option(
    "--socket", default=DATA / "console.sock", show_default=True, type=FILE, help="The controller's line."
)
@click.option(
    "--log", default=DATA / "custody.db", show_default=True, type=FILE, help="The custody log, to read."
)
@click.option("--listen", default="127.0.0.1:8443", show_default=True, metavar="ADDRESS:PORT")
@click.option("--origin", default="https://console.vault.lan", show_default=True, help="What browsers show.")
@click.option("--certificate", type=FILE, help="Certificate and chain, PEM.")
@click.option("--key", type=FILE, help="Its key, PKCS#8 PEM.")
def console_command(
    socket: Path, log: Path, listen: str, origin: str, certificate: Path | None, key: Path | None
) -> None:
    """Serve the pages for people, in a browser.

    \b
    Example:
      ironroom console --listen 0.0.0.0:443 --certificate srv.pem --key srv.key

    It asks the controller for everything and writes nothing. Passkeys belong to the name in --origin,
    which the controller is told as well (run --console-origin). Plain http is for http://localhost alone.
    Ends with 0 after SIGTERM or SIGINT, 2 for options that cannot be used.
    """  # noqa: D301 - click's own mark for a paragraph that is not to be wrapped
    try:
        from web.serving import serve  # noqa: PLC0415 - a controller without the console's libraries has a command line

        host, port = _address(listen)
        settings = Settings(socket, log, origin, host, port, certificate, key)
        click.echo(f"serving {origin} at {listen}", err=True)
        serve(settings)
    except ModuleNotFoundError as error:
        click.echo(f"the console needs the library {error.name}: install ironroom[console]", err=True)
        sys.exit(2)
    except IronroomError as error:
        click.echo(error.sentence, err=True)
        sys.exit(error.exit_code)


def _address(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 1 << 16:
        raise click.BadParameter("say it like 127.0.0.1:8443", param_hint="--listen")
    return host.strip("[]"), int(port)
