"""What somebody comes for, and what stays at the desk meanwhile. Rule: words alone; the one place for both.

A purpose that stands here or in the site file is nobody's own words: it stands in the leaf of an Entry.
"""

from __future__ import annotations

PURPOSES = ("meeting", "delivery", "maintenance", "inspection", "audit", "cleaning", "training")
"""Purposes of a site whose file says nothing else."""
OTHER = "other"  # any other words are a person's own, and personal
DEVICES = ("phone", "watch", "computer", "tablet", "camera", "recorder", "storage", "bag", "other")
