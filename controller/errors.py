"""What can end a command, as a small tree with exit codes. Rule 14: refusals are values, facts are events.

    IronroomError            1   the base: one sentence a person can act on, and an exit code
      UserMistake            2   something the caller can put right
        ConfigError          2   the site file or a drill is wrong; one sentence a fault
        LogMissing           2   no custody log where one was expected
        LogUnreadable        2   the log is there, but this user cannot open it
        LogExposed           2   the log's folder or file can be touched by others
        LookRefused          2   evidence is not shown, because the look could not be written down
      LogBusy               75   another controller keeps this log (EX_TEMPFAIL)
      LogDamaged             1   the log is not what was written: file, entry, remedy
      NotCanonical           1   bytes are not the one spelling an entry has
      ProofRefused           1   an inclusion or consistency proof does not hold
      FormatRefused          1   a note, tile, receipt or policy is not spelled as its specification says
      RestoreRefused         1   a backup is not put back: damaged, for others, or not the log it should be
      BackupFailed          74   a backup could not be written, or did not read back as it should (EX_IOERR)
      EntryRefused          70   a draft is not a lawful entry: a defect of the caller (EX_SOFTWARE)
      LogDead               70   the log could not be written; nothing may open any more

This file knows nothing but words.
"""

# ruff: noqa: N818 — the guard room says mistake, busy, damaged; not error
from pathlib import Path


class IronroomError(Exception):
    """A reason to stop, told in one sentence; `exit_code` is what the process ends with."""

    exit_code: int = 1

    @property
    def sentence(self) -> str:
        """The whole message, one line a fault."""
        return "\n".join(str(argument) for argument in self.args)

    def __str__(self) -> str:
        return self.sentence


KEEP_AND_RESTORE = (
    "Nothing was changed by looking. Keep the files as evidence, see the extent with `ironroom log verify`, "
    "then restore the last backup that verifies"
)


class UserMistake(IronroomError):
    """The caller asked for something that cannot be; the sentence says what would be right."""

    exit_code = 2


class ConfigError(UserMistake):
    """The site file or a drill is wrong: every fault is one argument (file, line, key, what is right)."""


class LogMissing(UserMistake):
    """There is no custody log where one was expected."""


class LogUnreadable(UserMistake):
    """The custody log is there, but this user cannot open it."""


class LogExposed(UserMistake):
    """The log's folder or one of its files can be read or changed by somebody who must not."""


class LookRefused(UserMistake):
    """Evidence is not shown, because the look at it could not be written down (behaviour 61)."""


class LogBusy(IronroomError):
    """Another controller keeps this log; one log has one writer (EX_TEMPFAIL of sysexits.h)."""

    exit_code = 75


class LogDamaged(IronroomError):
    """The log is not what was written: `file`, `entry` (None when no single one), `wrong`, `remedy`."""

    def __init__(
        self, file: Path, wrong: str, remedy: str = KEEP_AND_RESTORE, *, entry: int | None = None
    ) -> None:
        super().__init__(f"{file}: {wrong}. {remedy}.")
        self.file, self.entry, self.wrong, self.remedy = file, entry, wrong, remedy

    def __reduce__(self) -> tuple[object, ...]:
        """Travel between processes whole: verification runs in several."""
        return _damaged, (self.file, self.wrong, self.remedy, self.entry)


def _damaged(file: Path, wrong: str, remedy: str, entry: int | None) -> LogDamaged:
    return LogDamaged(file, wrong, remedy, entry=entry)


class NotCanonical(IronroomError):
    """Bytes are not the one spelling an entry has (RFC 8785, controller/ledger/canonical.py)."""


class ProofRefused(IronroomError):
    """An inclusion or consistency proof does not lead to the given root."""


class FormatRefused(IronroomError):
    """Bytes are not the one spelling that their C2SP specification allows, or a signature is wrong."""


class RestoreRefused(IronroomError):
    """A backup is not put back: damaged, sealed for others, or not the beginning of the log it should be."""


class BackupFailed(IronroomError):
    """A backup could not be written, or did not read back as it should; nothing half is left (EX_IOERR)."""

    exit_code = 74


class EntryRefused(IronroomError):
    """A draft is not a lawful entry; nothing of its batch was written (EX_SOFTWARE of sysexits.h)."""

    exit_code = 70


class LogDead(IronroomError):
    """The log could not be written and will not be tried again; nothing may open any more."""

    exit_code = 70
