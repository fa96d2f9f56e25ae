"""A log witness for a second box: cosigns a log's head when it leads on from the last one it cosigned.

Rule: nothing here knows rooms, doors or entries, nor the controller; it knows heads, keys and one folder.
Specification: C2SP tlog-witness v1.0.0 (controller/ledger/formats/witness_wire.py).
"""
