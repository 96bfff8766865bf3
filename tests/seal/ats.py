"""An archive time-stamp of CAdES (EN 319 122-1 5.5.2 and 5.5.3) checked by hand,
with nothing of the product: what it must cover, and whether it does."""
import hashlib

ARCHIVE_STAMP = bytes.fromhex("060604008d450204")
HASH_INDEX = bytes.fromhex("06070400819532 0105".replace(" ", ""))
SHA256 = bytes.fromhex("300b0609608648016503040201")


def items(data):
    """[(tag, content, whole)] of what stands one after another."""
    found, at = [], 0
    while at < len(data):
        start, tag, size = at, data[at], data[at + 1]
        at += 2
        if size > 127:
            more = size - 128
            size = int.from_bytes(data[at:at + more], "big")
            at += more
        found.append((tag, data[at:at + size], data[start:at + size]))
        at += size
    return found


def inside(whole):
    return items(items(whole)[0][1])


class Signed:
    """The SignedData of a ContentInfo with one signer."""

    def __init__(self, cms):
        data = inside(inside(cms)[1][1])
        self.content = data[2][2]
        rest = data[3:]
        self.certs = self.lists = b""
        if rest[0][0] == 0xA0:
            self.certs = rest.pop(0)[1]
        if rest[0][0] == 0xA1:
            self.lists = rest.pop(0)[1]
        signer, = items(rest[0][1])
        self.signer = items(signer[1])
        self.others = (items(self.signer[-1][1])
                       if self.signer[-1][0] == 0xA1 else [])

    def other(self, oid):
        """The value of an unsigned attribute, or None."""
        for _, content, _ in self.others:
            kind, values = items(content)
            if kind[2] == oid:
                value, = items(values[1])
                return value[2]
        return None


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def check(cms, content):
    """(token, imprint it must be of, why it is wrong or '')"""
    signed = Signed(cms)
    token = signed.other(ARCHIVE_STAMP)
    if token is None:
        return None, None, "no archive time-stamp"
    index = Signed(token).other(HASH_INDEX)
    if index is None:
        return token, None, "no index in the token"
    algorithm, certs, lists, others = inside(index)
    if algorithm[2] != SHA256:
        return token, None, "the index is not of SHA-256"

    def hashes(item):
        return [h[1] for h in items(item[1])]
    if hashes(certs) != [sha(c[2]) for c in items(signed.certs)]:
        return token, None, "certificates are not as in the index"
    if hashes(lists) != [sha(r[2]) for r in items(signed.lists)]:
        return token, None, "revocation data is not as in the index"
    before = []
    for _, one, _ in signed.others:
        kind, values = items(one)
        if kind[2] != ARCHIVE_STAMP:
            before += [sha(kind[2], v[2]) for v in items(values[1])]
    if hashes(others) != before:
        return token, None, "unsigned attributes are not as in the index"
    fields = [f[2] for f in signed.signer if f[0] != 0xA1]
    imprint = sha(items(items(signed.content)[0][1])[0][2], sha(content),
                  *fields, index)
    return token, imprint, ""


def tlv(tag, content):
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    more = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 128 + len(more)]) + more + content


def with_attribute(cms, octets):
    """The same CMS of one signer, with an unsigned attribute that nobody knows:
    its signer did not sign it."""
    outer = inside(cms)
    data = inside(outer[1][1])
    signer, = items(data[-1][1])
    fields = [f for f in items(signer[1]) if f[0] != 0xA1]
    others = b"".join(f[1] for f in items(signer[1]) if f[0] == 0xA1)
    unknown = tlv(0x30, bytes.fromhex("06032a0304") +
                  tlv(0x31, tlv(0x04, octets)))
    signer = tlv(0x30, b"".join(f[2] for f in fields) +
                 tlv(0xA1, others + unknown))
    data = b"".join(d[2] for d in data[:-1]) + tlv(0x31, signer)
    return tlv(0x30, outer[0][2] + tlv(0xA0, tlv(0x30, data)))
