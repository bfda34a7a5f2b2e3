#!/usr/bin/env python3
"""Merkle trees as in RFC 6962, 2.1, for the second verifier: the proof of many leaves at once, and that one tree is the beginning of another.

usage: merkle.py FILE                   root of the tree whose leaves are the lines of a file, without their line feeds

Written from cloud/Metering.Evidence/README.md; Python's standard library only, and no code of the first verifier.
"""
import bisect, hashlib, sys
from readings import require

def leaf_of(text):
    return hashlib.sha256(b"\0" + text).digest()

def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()

def hashes_of(proof):
    require(len(proof) % 32 == 0, "a proof is cut off")
    return iter([proof[at:at + 32] for at in range(0, len(proof), 32)])

def root_of(leaves, start, size, proof):
    """Root over `size` leaves from `start` on, of which some are known: (index, hash). A largest stretch without any takes a hash of the proof, in order."""
    if not leaves or size == 1:
        return leaves[0][1] if leaves else next(proof)
    left = 1 << (size - 1).bit_length() - 1
    cut = bisect.bisect(leaves, (start + left,))
    return node(root_of(leaves[:cut], start, left, proof), root_of(leaves[cut:], start + left, size - left, proof))

def grown(old, new, proof):
    """Roots of the first `old` of `new` entries and of all of them, by a consistency proof: SUBPROOF(old, D[new], false) of RFC 6962, 2.1.2."""
    if old == new:
        return (next(proof),) * 2
    left = 1 << (new - 1).bit_length() - 1
    if old > left:
        (first, second), before = grown(old - left, new - left, proof), next(proof)
        return node(before, first), node(before, second)
    first, second = grown(old, left, proof)
    return first, node(second, next(proof))

def main(path):
    with open(path, "rb") as file:
        lines = file.read().splitlines()
    print(root_of([(place, leaf_of(line)) for place, line in enumerate(lines)], 0, len(lines), iter(())).hex())

if __name__ == "__main__":
    main(sys.argv[1])
