"""Evidence records (RFC 4998) followed by Python alone."""
import hashlib

import ats


def climb(stamp, value):
    """From what a time-stamp covers to its tree's root, and the token."""
    fields = ats.items(stamp[1])
    if fields[0][0] == 0xA2:
        for n, partial in enumerate(ats.items(fields[0][1])):
            hashes = [h[1] for h in ats.items(partial[1])]
            assert n or value in hashes
            value = hashlib.sha256(b"".join(sorted(
                set(hashes) | {value}))).digest()
    return fields[-1][2], value


def follow(record, data):
    """[(token, root)] of a record with one chain, the oldest first."""
    version, _, chains = ats.inside(record)
    assert version[1] == b"\1"
    (chain,) = ats.items(chains[1])
    links, covered = [], data
    for stamp in ats.items(chain[1]):
        links.append(climb(stamp, hashlib.sha256(covered).digest()))
        covered = links[-1][0]
    return links
