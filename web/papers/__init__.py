"""What the console prints: passes, notices, sheets, slips, registers and workbooks.

Rule 1: every paper is a pure function of frozen plain values, a Printing and a translator; none knows Flask,
the log or the clock.
Rule 2: a paper shows what it was given and nothing else, and says by a digest what that is.
"""
