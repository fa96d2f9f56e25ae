"""``ironroom log``: the commands of the log, with those that need more than the ledger.

Rule: only puts together.
"""

from __future__ import annotations

from controller.export_command import export_command
from controller.ledger.commands import log_group
from controller.ledger.search.commands import add_commands
from controller.proof_commands import check_receipt, diff_command, prove_command
from controller.search_texts import search_texts
from controller.slip_commands import check_slip_command, slip_command

add_commands(log_group, search_texts())
for command in (export_command, prove_command, check_receipt, diff_command, slip_command, check_slip_command):
    log_group.add_command(command)

__all__ = ["log_group"]
