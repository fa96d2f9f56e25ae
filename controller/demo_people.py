"""The people of the demo: who carries which badge, and who may do what at the console.

Rule: whatever is said of them is said in the way a person is enrolled; the demo knows no shorter one.
"""

from __future__ import annotations

from typing import Any

PEOPLE: dict[str, dict[str, Any]] = {
    "li": {"name": "Li Wei", "department": "accounting", "posts": ["custodian"], "roles": ["custodian"]},
    "wang": {"name": "Wang Fang", "department": "security", "posts": ["custodian"], "roles": ["custodian"]},
    "zhang": {"name": "Zhang Min", "department": "accounting", "posts": ["clerk"], "badges": ["B3"]},
    "zhao": {
        "name": "Zhao Lei",
        "department": "security",
        "posts": ["guard"],
        "roles": ["guard"],
        "badges": ["B4"],
    },
    "chen": {
        "name": "Chen Jing",
        "department": "audit",
        "posts": ["supervisor"],
        "roles": ["chief"],
        "badges": ["B5"],
    },
    "sun": {
        "name": "Sun Hao",
        "department": "treasury",
        "badges": ["B6"],
        "valid_until": "2026-01-31T00:00:00+08:00",
    },
    "anna": {"name": "Anna Berg", "visitor": True, "host": "li", "badges": ["B7"]},
}
DESK: dict[str, dict[str, Any]] = {
    "he": {"name": "He Ping", "department": "security", "posts": ["chief"], "roles": ["chief"]},
    "qian": {"name": "Qian Yun", "department": "audit", "posts": ["auditor"], "roles": ["auditor"]},
    "tang": {"name": "Tang Bo", "department": "works", "posts": ["installer"], "roles": ["installer"]},
}
"""Who is met at the console alone, and carries no badge."""
PROVING = ("li", "wang")
"""Who carry badges that prove themselves; made at the desk while the demo begins."""
