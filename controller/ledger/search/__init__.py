"""Searching the custody log: a cache beside it, `search.db`, and the questions it helps to answer.

Rule: nothing here is evidence. What is found is read from custody.db and compared with the question
again; the cache may be deleted, damaged, old or foreign, and the answers stay the same, only later.
"""
