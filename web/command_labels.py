"""What the fields of a command are called where somebody reads before they sign.

Rule: every field of every Asking that is signed has a name here, and a test asks for each.
"""

from __future__ import annotations

from web.i18n import N_

LABELS = {
    "about": N_("It is about"),
    "at": N_("Place"),
    "badge": N_("Badge"),
    "badge_level": N_("Level of the badge"),
    "badges": N_("Badges"),
    "cabinet": N_("Cabinet"),
    "cameras": N_("Cameras"),
    "carrier": N_("Carrier"),
    "check": N_("Check"),
    "as_of": N_("As it stood with so many entries"),
    "company": N_("Company"),
    "compartments": N_("Compartments"),
    "contact": N_("Contact"),
    "credential": N_("Passkey"),
    "department": N_("Department"),
    "device": N_("Device"),
    "digest": N_("Digest"),
    "document": N_("Document"),
    "door": N_("Door"),
    "doors": N_("Doors"),
    "exceptions": N_("Exceptions"),
    "excluded_with": N_("Never together with"),
    "fields": N_("What is right"),
    "filter": N_("What was asked for"),
    "form": N_("As what"),
    "hold": N_("Hold"),
    "holder": N_("Holder"),
    "host": N_("Host"),
    "hours": N_("Hours"),
    "inside": N_("Who is inside"),
    "key": N_("Key"),
    "label": N_("Name of the passkey"),
    "level": N_("Level"),
    "lines": N_("Lines"),
    "minutes": N_("Minutes"),
    "n": N_("Entry"),
    "name": N_("Name"),
    "note": N_("Note"),
    "notes": N_("Notes"),
    "own": N_("With my own"),
    "person": N_("Person"),
    "pin": N_("PIN"),
    "pledge_until": N_("Pledge valid until"),
    "pledged": N_("Pledge of secrecy signed"),
    "posts": N_("Posts"),
    "ranges": N_("Which entries"),
    "reader": N_("Reader"),
    "reason": N_("Reason"),
    "replace": N_("Key that it replaces"),
    "roles": N_("Roles at the console"),
    "room": N_("Room"),
    "sealed": N_("Sealed"),
    "seconds": N_("Seconds"),
    "state": N_("State"),
    "text": N_("Comment"),
    "trained": N_("Trained"),
    "training_until": N_("Training valid until"),
    "until": N_("Until"),
    "valid_from": N_("Valid from"),
    "valid_until": N_("Valid until"),
    "visit": N_("Visit"),
    "visitor": N_("Visitor"),
    "visits": N_("Visits"),
    "words": N_("Words"),
}
TIMES = frozenset({"until", "from", "valid_from", "valid_until", "pledge_until", "training_until"})
"""Fields that hold a moment in milliseconds since 1970 UTC."""
WHOLE = {
    "ask": N_("What is asked"),
    "by": N_("Asked by"),
    "site": N_("Log of the room"),
    "until": N_("Can be signed until"),
    "nonce": N_("Number for this command alone"),
}
"""What every command holds beside its fields (controller/console/digest.py)."""
FORMS = {
    "pdf": N_("Register to print (PDF)"),
    "xlsx": N_("Workbook (XLSX)"),
    "folder": N_("Evidence folder: the whole log with its proofs, for an auditor (TAR)"),
}
ASKED = {
    "from": N_("From"),
    "to": N_("To"),
    "place": N_("Place"),
    "who": N_("Person"),
    "group": N_("About"),
    "only": N_("Show"),
    "new": N_("not signed off yet"),
}
"""What an export's question is made of (review/asked.py)."""
