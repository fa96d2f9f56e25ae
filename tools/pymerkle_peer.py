"""Appends entries to pymerkle's SQLite tree and prints how long each took: a peer for `ironroom bench log`.

Rule: pymerkle is GPL; it runs in this program of its own and is no part of the product.
"""

import json
import sys
import time

from pymerkle import SqliteTree

if __name__ == "__main__":
    tree = SqliteTree(sys.argv[1])
    spent = []
    for n in range(int(sys.argv[2])):
        began = time.perf_counter()
        tree.append_entry(f"{n:0268}".encode())
        spent.append((time.perf_counter() - began) * 1000)
    sys.stdout.write(json.dumps(spent))
