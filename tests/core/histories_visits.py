"""Visits in random histories: a desk that requests, approves, issues and takes back, rightly and wrongly.

Rule: as in histories.py; whether it is allowed, likely or sane is not asked here.
"""

from __future__ import annotations

from typing import Any

from tests.core.plans import START

HOUR = 3_600_000
_RIGHT: dict[str, Any] = {
    "name": "Anna Berg",
    "document": "E12345678",
    "document_kind": "passport",
    "purpose": "meeting",
    "host": "li",
    "areas": ["main"],
    "from": START,
    "until": START + 2 * HOUR,
    "photo": "ab" * 32,
    "instruction_given": True,
    "privacy_notice_given": True,
}
_PASS: dict[str, Any] = {"identity_checked": True, "devices": [{"what": "phone", "locker": "1"}]}
FIELDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("request_visit", _RIGHT),
    ("request_visit", _RIGHT | {"document": "E87654321", "host": "wang"}),
    ("request_visit", _RIGHT | {"returning": "anna", "until": START + HOUR}),
    ("request_visit", {k: v for k, v in _RIGHT.items() if not k.startswith("document")}),
    ("change_visit", {"visit": "v1", "until": START + 3 * HOUR}),
    ("change_visit", {"visit": "v2", "document": "E12345678", "document_kind": "passport"}),
    ("approve_visit", {"visit": "v1"}),
    ("approve_visit", {"visit": "v2"}),
    ("approve_visit", {"visits": ["v1", "v2"]}),
    ("approve_visit", {"visit": "v1", "until": START + 4 * HOUR}),
    ("decline_visit", {"visit": "v2", "reason": "no"}),
    ("issue_pass", _PASS | {"visit": "v1", "badge": "P1"}),
    ("issue_pass", _PASS | {"visit": "v2", "badge": "B5", "escort": "wang"}),
    ("reprint_pass", {"visit": "v1", "reason": "torn"}),
    ("check_out", {"visit": "v1", "badge_returned": True, "devices_returned": True}),
    ("check_out", {"visitor": "visitor-1", "badge_returned": False}),
    ("block_visitor", {"visitor": "visitor-1", "reason": "loud"}),
    ("block_visitor", {"document": "E87654321", "reason": "loud"}),
    ("unblock_visitor", {"document": "E12345678", "reason": "quiet"}),
    ("erase_person", {"person": "visitor-1", "reason": "asked"}),
    ("change_person", {"person": "visitor-1", "valid_until": START + 5 * HOUR}),
    ("end_person", {"person": "visitor-1"}),
    ("roll_call", {"found": ["li"], "missing": ["wang"]}),
)
DAY = (
    *(("li", 0), ("li", 6), ("wang", 10)),  # requested, approved, pass issued
    *(("wang", 1), ("wang", 7), ("li", 11), ("wang", 12)),
    *(("li", 8), ("li", 13), ("li", 3), ("li", 5), ("zhao", 15), ("wang", 14), ("zhao", 18)),
)
"""A day: who asks for which of the rows above."""
