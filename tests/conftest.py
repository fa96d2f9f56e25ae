"""What every run of the tests tells at its end: the figures that a test has recorded."""

from __future__ import annotations

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print each ``record_property("figures", …)``, also from other processes."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, ()):
            for name, value in report.user_properties:
                if name == "figures":
                    terminalreporter.write_line(str(value))
