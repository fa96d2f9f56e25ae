"""Reading what the desk's camera sees: codes of passes, the lines of travel documents, a visitor's face.

Rule 1: pure functions of bytes; nothing is stored.
Rule 2: what is read is an offer to the guard, never a fact.
"""
