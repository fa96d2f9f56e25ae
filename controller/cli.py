"""The command line: one word a command, each with its help, its example and its exit codes.

Rule: what no command foresaw about a file still ends in one sentence, never in a traceback.
"""

from __future__ import annotations

import errno
import sys
from typing import Any

import click

from bench.commands import bench_group
from controller.backup_command import backup, restore_command
from controller.badge_commands import badge_group
from controller.camera_commands import camera_group
from controller.check_command import check_command
from controller.demo_command import demo
from controller.errors import UserMistake
from controller.export_command import export_command
from controller.ledger.commands import log_group
from controller.ledger.search.commands import add_commands
from controller.log_witness.commands import witness_group
from controller.picture_commands import picture_group
from controller.proof_commands import check_receipt, diff_command, prove_command
from controller.recorder_command import recorder
from controller.rehearse_command import rehearse
from controller.run_command import run
from controller.search_texts import search_texts
from controller.slip_commands import check_slip_command, slip_command
from controller.wires_commands import wires_group


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


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ironroom", prog_name="ironroom")
def main() -> None:
    """Runs a bank's secure room: two people, three irons, one log that nobody can quietly change."""


add_commands(log_group, search_texts())
for command in (export_command, prove_command, check_receipt, diff_command, slip_command, check_slip_command):
    log_group.add_command(command)
for command in (
    run,
    check_command,
    rehearse,
    demo,
    badge_group,
    wires_group,
    camera_group,
    log_group,
    picture_group,
    recorder,
    backup,
    restore_command,
    witness_group,
    bench_group,
):
    main.add_command(command)
