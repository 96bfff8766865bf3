"""Evidence records (RFC 4998) followed, and made, by Python alone."""
import hashlib

import ats

INTERNAL = bytes.fromhex("060b2a864886f70d0109100231")
EXTERNAL = bytes.fromhex("060b2a864886f70d0109100232")


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


def tlv(tag, *parts):
    value = b"".join(parts)
    n = len(value)
    size = (bytes([n]) if n < 128 else bytes([0x81, n]) if n < 256 else
            b"\x82" + n.to_bytes(2, "big"))
    return bytes([tag]) + size + value


def record_of(*chains, algorithms=ats.SHA256):
    return tlv(0x30, b"\2\1\1", tlv(0x30, algorithms), tlv(0x30, *chains))


def group_record(stamp, *documents, others=()):
    """A record about these together: one list of the tree; stamp gives a token
    over a digest."""
    hashes = sorted({hashlib.sha256(d).digest() for d in documents} |
                    set(others))
    tree = tlv(0xA2, tlv(0x30, *(tlv(4, h) for h in hashes)))
    root = hashlib.sha256(b"".join(hashes)).digest()
    return record_of(tlv(0x30, tlv(0x30, tree, stamp(root))))


def inserted(cms, oid, *records):
    """A CMS of one signer with an unsigned attribute more."""
    kind, wrapped = ats.inside(cms)
    data = ats.inside(wrapped[1])
    signer, = ats.items(data[-1][1])
    fields = ats.items(signer[1])
    others = [] if fields[-1][0] != 0xA1 else ats.items(fields.pop()[1])
    attribute = tlv(0x30, oid, tlv(0x31, *records))
    signer = tlv(0x30, *(f[2] for f in fields), tlv(
        0xA1, *(o[2] for o in others), attribute))
    return tlv(0x30, kind[2], tlv(0xA0, tlv(
        0x30, *(d[2] for d in data[:-1]), tlv(0x31, signer))))
