"""The command line: one word a command, each with its help, its example and its exit codes.

Rule: what no command foresaw about a file still ends in one sentence, never in a traceback.
"""

from __future__ import annotations

import errno
import sys
from typing import Any

import click

from controller.errors import UserMistake
from controller.on_demand import OnDemand

COMMANDS = {
    "backup": "controller.backup_command:backup",
    "badge": "controller.badge_commands:badge_group",
    "bench": "bench.commands:bench_group",
    "camera": "controller.camera_commands:camera_group",
    "check": "controller.check_command:check_command",
    "console": "web.commands:console_command",
    "demo": "controller.demo_command:demo",
    "log": "controller.log_commands:log_group",
    "picture": "controller.picture_commands:picture_group",
    "recorder": "controller.recorder_command:recorder",
    "rehearse": "controller.rehearse_command:rehearse",
    "restore": "controller.backup_command:restore_command",
    "run": "controller.run_command:run",
    "sign-in": "controller.sign_in_commands:sign_in_group",
    "tls": "web.tls_commands:tls_group",
    "wires": "controller.wires_commands:wires_group",
    "witness": "controller.log_witness.commands:witness_group",
}
"""Every command and where it stands; a command is imported when it is called for."""


class Commands(click.Group):
    """Every command, with an end for files and folders that cannot be used."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a disk that is full or a missing right is told with the file, and ends with 2."""
        try:
            return super().invoke(ctx)
        except OSError as error:
            if error.errno == errno.EPIPE:  # who reads our output has gone; click ends quietly
                raise
            where = error.filename or "a file"
            click.echo(f"{where}: it cannot be used here ({error.strerror or error})", err=True)
            sys.exit(UserMistake.exit_code)


@click.group(
    cls=Commands, commands=OnDemand(COMMANDS), context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="ironroom", prog_name="ironroom")
def main() -> None:
    """Runs a bank's secure room: two people, three irons, one log that nobody can quietly change."""
