"""The stable words of the log: a word is stored for decades, so none is ever reworded, reused or lost.

Rule: a new word is added at the end of its list here; no word is ever changed or taken out.
"""

from __future__ import annotations

import re
from enum import StrEnum

import pytest

from controller.core.sentences import ALARM_SENTENCES, KIND_SENTENCES, NEEDS
from controller.core.unseen import UNSEEN, Unseen
from controller.core.words import AlarmKind, Kind, Reason

KINDS = """
started stopped pending_lost interrupted policy_offered policy_approved clock_changed clock_trimmed
clock_accepted enrolled person_changed person_ended badge_blocked pending refused two_person_timeout
pending_cancelled granted no_entry no_exit opened shut bolt_drawn bolt_thrown entered left confirmed
unknown_exit not_bolted exit_waiting count_lost recounted passback passback_forgiven room_opened
room_closed closing_count forced held_soon held lone duress tamper input intrusion window_opened
window_shut device_lost device_back device_noisy device_quiet release_dropped lockdown fire power
snapshot camera_fault camera_back compartment_asked authorised cabinet_opened cabinet_closed
compartment_opened compartment_shut no_opening session_expired carrier_moved carrier_seen
carrier_unseen visit_started visit_ended delay_started delay_ended delay_expired time_lock_changed
interlock_overridden approved penalty wrong_pin alarm_raised alarm_acknowledged
erased hold_set hold_lifted evidence_read key_rotation_asked log_key key_rotated state_kept pruned
disk_low disk_enough restored log_conflict backed_up backup_failed log_witnessed unwitnessed_opening
reserve_used pictures_deleted badge_issue_asked badge_issued badge_not_issued badge_counted
pairing_asked reader_paired pairing_failed loops_asked loop_learned loop_drift loop_step site_key_set
pictures_taken no_picture grant_pictured unpictured_opening cameras_learn_asked camera_learned
camera_not_learned people_differ
passkey_enrolled
passkey_removed
sign_in_changed
enrolment_code
signed_in
sign_in_refused
signed_out
command_signed
command_expired
released_remotely
alarm_taken
alarm_escalated
shift_handed_over
visit_requested
visit_changed
visit_approved
visit_declined
pass_issued
pass_reprinted
pass_returned
visitor_blocked
visitor_unblocked
roll_called
signed_off
noted
day_closed
closing_missing
corrected
"""

REASONS = """
unknown_badge badge_blocked penalty level_too_low not_yet_valid expired pledge_missing
training_missing not_entitled out_of_hours lockdown fire door_fault occupancy_unknown room_full
already_inside same_holder same_group same_department excluded_pair pair_too_often same_reader
first_no_longer_valid custodian_first interlock needs_duty_officer time_lock delay_running
impossible_travel rule_broken too_few_inside not_inside needs_authoriser oneself
needs_second not_allowed opened_the_room same_person_lifts nothing_to_do not_understood
pin_too_close pass_first hosts_missing visit_over wrong_pin pin_alone still_absent move_not_listed
restart sensor_fault timeout unconfirmed_pair unknown_exit request_to_exit
too_many_refusals under_hold not_ended not_witnessed not_genuine copied counter_old
no_site_key other_site_key not_pictured grant_waits
needs_signature
visitor_blocked
not_approved
document_wrong
badge_in_use
not_seen
taken
cause_stands
too_many
note_missing
"""

ALARMS = """
forced held lone tamper duress not_bolted cabinet_open cabinet_forced window_open intrusion
wrong_attempts second_refused actuation_unconfirmed occupancy_unknown visitor_alone device_lost
camera_fault carrier_missing impossible_travel log_unwitnessed input_fault clock rule_broken
interlock custodian_out disk_low log_conflict log_restored backup_late badge_copied
device_suspect power loop no_picture look
visitor_overstay
remote_release
console
closing_missing
"""

UNSEEN_WORDS = """
lost stalled no_frame too_young broken too_big no_room busy unknown_camera recorder_silent interrupted
no_key
"""

# What the drill files demand by name.
DRILL_KINDS = """
granted refused pending two_person_timeout entered left no_entry forced held lone duress tamper
device_lost device_back started pending_lost interrupted clock_changed lockdown fire snapshot camera_fault
room_opened room_closed cabinet_opened cabinet_closed carrier_moved visit_started visit_ended alarm_raised
alarm_acknowledged
"""
DRILL_ALARMS = """
forced held lone tamper duress not_bolted cabinet_open cabinet_forced window_open intrusion wrong_attempts
second_refused actuation_unconfirmed occupancy_unknown visitor_alone device_lost camera_fault
carrier_missing impossible_travel log_unwitnessed
"""
BEHAVIOUR_REASONS = "first_no_longer_valid unconfirmed_pair unknown_exit"
LISTS: list[tuple[type[StrEnum], str]] = [
    (Kind, KINDS),
    (Reason, REASONS),
    (AlarmKind, ALARMS),
    (Unseen, UNSEEN_WORDS),
]


@pytest.mark.parametrize(("words", "golden"), LISTS)
def test_the_words_are_those_that_were_always_there(words: type[StrEnum], golden: str) -> None:
    assert {w.value for w in words} == set(golden.split())


@pytest.mark.parametrize(("words", "golden"), LISTS)
def test_a_word_is_its_own_name_and_stands_once(words: type[StrEnum], golden: str) -> None:
    assert len(golden.split()) == len(set(golden.split()))
    for word in words:
        assert word.name == word.value.upper()
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", word.value)


@pytest.mark.parametrize(
    ("words", "demanded"), [(Kind, DRILL_KINDS), (AlarmKind, DRILL_ALARMS), (Reason, BEHAVIOUR_REASONS)]
)
def test_the_words_that_drills_use_exist(words: type[StrEnum], demanded: str) -> None:
    assert set(demanded.split()) <= {w.value for w in words}


def test_every_word_has_a_sentence() -> None:
    assert set(KIND_SENTENCES) == set(Kind)
    assert set(NEEDS) == set(Reason)
    assert set(ALARM_SENTENCES) == set(AlarmKind)
    assert set(UNSEEN) == set(Unseen)


@pytest.mark.parametrize("sentences", [KIND_SENTENCES, NEEDS, ALARM_SENTENCES, UNSEEN])
def test_a_sentence_is_short_and_no_two_are_alike(sentences: dict[StrEnum, str]) -> None:
    assert len(set(sentences.values())) == len(sentences)
    for sentence in sentences.values():
        assert 10 <= len(sentence) <= 110
        assert not sentence.endswith(".")
        assert sentence == sentence.strip()
