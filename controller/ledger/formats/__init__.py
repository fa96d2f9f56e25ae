"""The formats of the log's evidence, to the letter of the C2SP specifications; one file a format.

Rule: bytes and values only. Nothing here opens a file, asks a clock, or knows what an entry means. Every
parser refuses with FormatRefused whatever its speller would not have written byte for byte (a policy
alone may be spelled in many ways: its specification says so).
"""
