"""BER taken apart and put together again by Python alone, and the evidence
records (RFC 4998) in a CMS followed: what antin should find in foreign ones."""
import hashlib

RECORDS = {bytes.fromhex("2a864886f70d0109100231"): False,
           bytes.fromhex("2a864886f70d0109100232"): True}
KINDS = {bytes.fromhex("2b0e03021a"): "sha1",
         **{bytes.fromhex(f"60864801650304020{n}"): f"sha{size}"
            for n, size in ((1, 256), (2, 384), (3, 512))}}


class Item:
    """Tag; children of what is made of others, else the content; its bytes;
    whether its length was indefinite."""

    def __init__(self, data, at=0):
        start, self.tag = at, data[at]
        size, at = data[at + 1], at + 2
        self.open, self.children, self.content = size == 0x80, None, b""
        if size > 0x80:
            more = size & 0x7F
            size = int.from_bytes(data[at:at + more], "big")
            at += more
        self.end = None if self.open else at + size
        if self.tag & 0x20:
            self.children = []
            while data[at:at + 2] != b"\0\0" if self.open else at < self.end:
                self.children.append(Item(data, at))
                at = self.children[-1].end
            self.end = at + 2 if self.open else self.end
        else:
            self.content = data[at:self.end]
        self.bytes = data[start:self.end]

    def again(self, without=()):
        """Its bytes without some items; an attribute list that would be empty
        goes, too."""
        if self.children is None:
            return self.bytes
        kept = [c.again(without) for c in self.children
                if c not in without and not (
                    c.tag == 0xA1 and c.children and
                    all(g in without for g in c.children))]
        body = b"".join(kept)
        if self.open:
            return bytes([self.tag, 0x80]) + body + b"\0\0"
        size = len(body)
        octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
        head = bytes([size]) if size < 0x80 else bytes(
            [0x80 | len(octets)]) + octets
        return bytes([self.tag]) + head + body

    def der(self):
        """The same with definite lengths."""
        made = Item(self.bytes)
        stack = [made]
        while stack:
            item = stack.pop()
            item.open = False
            if item.tag == 0x24:
                whole, parts = b"", list(item.children)
                while parts:
                    part = parts.pop(0)
                    parts = (part.children or []) + parts
                    whole += part.content
                item.tag, item.children, item.content = 4, None, whole
                item.bytes = Item.encoded(4, whole)
            stack += item.children or []
        return Item(made.again())

    @staticmethod
    def encoded(tag, content):
        holder = Item(b"\x30\x80\0\0")
        piece = Item(b"\4\0")
        piece.bytes = content
        holder.open, holder.children, holder.tag = False, [piece], tag
        return holder.again()


def attributes(cms):
    """[(attribute, its records, whether they are about the content too)]"""
    found = []
    signers = cms.children[1].children[0].children[-1].children
    for signer in signers:
        last = signer.children[-1]
        for a in last.children if last.tag == 0xA1 else []:
            external = RECORDS.get(a.children[0].content)
            if external is not None:
                found.append((a, a.children[1].children, external))
    return found


def imprint(token):
    """(algorithm, hash) of an RFC 3161 token."""
    holder = token.children[1].children[0].children[2].children[1]
    info = Item(holder.children[0].content)
    algorithm, stamped = info.children[2].children
    return KINDS[algorithm.children[0].content], stamped.content


def climb(lists, values, kind, lone):
    first = [h.content for h in lists[0].children] if lists else values
    if not set(values) <= set(first) or (
            len(values) > 1 and set(first) != set(values)):
        return None
    if len(first) == 1 and (lone or not lists):
        value = first[0]
    else:
        value = hashlib.new(kind, b"".join(sorted(first))).digest()
    for other in lists[1:]:
        hashes = {h.content for h in other.children} | {value}
        value = hashlib.new(kind, b"".join(sorted(hashes))).digest()
    return value


def holds(record, documents):
    """Does every step of a record lead from these to its tokens?"""
    chains = record.children[-1].children
    for n, chain in enumerate(chains):
        before = None
        for stamp in chain.children:
            token = stamp.children[-1]
            kind, stamped = imprint(token)
            lists = [g for c in stamp.children if c.tag == 0xA2
                     for g in c.children]
            if before is not None:
                values = [hashlib.new(kind, before.bytes).digest()]
            else:
                values = [hashlib.new(kind, d).digest() for d in documents]
                if n:
                    all_before = hashlib.new(kind, Item.encoded(
                        0x30, b"".join(c.bytes for c in chains[:n]))).digest()
                    values = [hashlib.new(kind, v + all_before).digest()
                              for v in values]
            if stamped not in (climb(lists, values, kind, True),
                               climb(lists, values, kind, False)):
                return False
            before = token
    return True


def proven(data, content=None):
    """Does any record in a CMS hold?"""
    for cms in (Item(data), Item(data).der()):
        found = attributes(cms)
        for attribute, records, external in found:
            if external and content is None:
                continue
            for without in ([attribute], [a for a, _, _ in found]):
                documents = [cms.again(without)] + [content] * external
                if any(holds(r, documents) for r in records):
                    return True
    return False
