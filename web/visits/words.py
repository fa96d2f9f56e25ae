"""The words of the visitor desk. Rule: a stable word of the controller's has one sentence here, no more.

What can be chosen is not said here: purposes are the site's, devices those of controller/core/visit_words.py.
"""

from __future__ import annotations

from controller.core.documents import DocumentKind, Fault
from controller.core.visit_words import OTHER
from controller.core.visit_words import PURPOSES as COMMON
from web.desk import site
from web.i18n import N_, _

PURPOSES = {
    "meeting": N_("Meeting"),
    "delivery": N_("Delivery"),
    "maintenance": N_("Maintenance"),
    "inspection": N_("Inspection"),
    "audit": N_("Audit visit"),
    "cleaning": N_("Cleaning"),
    "training": N_("Training"),
}
"""What purposes of a site that names none are called; one of the site's own stands as the site wrote it."""
DEVICES = {
    "phone": N_("Mobile phone"),
    "watch": N_("Smart watch"),
    "computer": N_("Computer"),
    "tablet": N_("Tablet"),
    "camera": N_("Photo or video camera"),
    "recorder": N_("Voice recorder"),
    "storage": N_("Storage medium"),
    "bag": N_("Bag"),
    "other": N_("Another device"),
}
DOCUMENTS = {
    DocumentKind.RESIDENT_ID: N_("Resident identity card"),
    DocumentKind.PASSPORT: N_("Passport"),
    DocumentKind.HK_MACAO_PERMIT: N_("Permit of Hong Kong and Macao residents"),
    DocumentKind.TAIWAN_PERMIT: N_("Permit of Taiwan residents"),
    DocumentKind.OTHER: N_("Another official document"),
}
FAULTS = {
    Fault.KIND: N_("Choose which document it is."),
    Fault.LENGTH: N_("The number is too short or too long for this document."),
    Fault.CHARACTERS: N_("A letter or digit does not belong into the number of this document."),
    Fault.DATE: N_("The day of birth in the number does not exist."),
    Fault.FUTURE: N_("The day of birth in the number is not past."),
    Fault.CHECK_DIGIT: N_("The last digit does not fit: one digit is wrong or two are swapped."),
}
MACHINE_FAULT = N_("The lines at the foot of the document do not fit their check digits. Type the number.")
STATUSES = {
    "requested": ("warn", "clock", N_("Waiting for approval")),
    "approved": ("note", "circle-check", N_("Expected")),
    "declined": ("none", "x", N_("Declined")),
    "inside": ("good", "user", N_("In the house")),
    "left": ("calm", "logout", N_("Has left")),
}
MISSING = {
    "identity_checked": N_("Compare the document with the face, then tick this."),
    "photo": N_("Take a photograph, or say why there is none."),
    "instruction_given": N_("Give the instruction, then tick this."),
    "privacy_notice_given": N_("Hand over the privacy notice, then tick this."),
}
BESIDE = {
    "document_wrong": "document",
    "visitor_blocked": "document",
    "not_entitled": "escort",
    "hosts_missing": "escort",
    "badge_in_use": "badge",
    "badge_blocked": "badge",
    "level_too_low": "badge",
}
"""Beside which field a refusal stands."""


def purposes() -> dict[str, str]:
    """What a visit to this site can be for, as it is told and in words; "other" is not among them."""
    told = site().get("plan", {}).get("purposes") or COMMON
    return {str(one): purpose_words(str(one)) for one in told}


def purpose_words(purpose: str, own: str = "") -> str:
    """A purpose in words; ``own`` are those that somebody wrote where they chose "other"."""
    if purpose == OTHER:
        return own or _("Other")
    return _(PURPOSES[purpose]) if purpose in PURPOSES else purpose
