"""A PKI made in Python, byte by byte, that may be as wrong as one likes:
certificates, revocation lists, responders' answers, signatures, time-stamps.
Only the keys come from openssl.  Days are texts, YYYY-MM-DD."""
import datetime
import hashlib
import subprocess

from ats import items

ATS = {"sha1": ("1.3.14.3.2.26", "1.2.840.113549.1.1.5"),
       "sha256": ("2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.1.11")}
DATA, TST = "1.2.840.113549.1.7.1", "1.2.840.113549.1.9.16.1.4"
STAMP, ARCHIVE = "1.2.840.113549.1.9.16.2.14", "0.4.0.1733.2.4"
INDEX = "0.4.0.19122.1.5"
NULL = b"\5\0"


# ---- DER ----

def tlv(tag, *parts):
    value = b"".join(parts)
    size = len(value)
    if size < 128:
        return bytes([tag, size]) + value
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + value


def seq(*parts):
    return tlv(0x30, *parts)


def oid(text):
    first, second, *rest = map(int, text.split("."))
    out = b""
    for number in [first * 40 + second, *rest]:
        octets = [number & 127]
        while number > 127:
            number >>= 7
            octets.insert(0, number & 127 | 128)
        out += bytes(octets)
    return tlv(6, out)


def integer(number):
    return tlv(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def octets(value):
    return tlv(4, value)


def bits(value, unused=0):
    return tlv(3, bytes([unused]) + value)


def moment(day, tag=0x17):
    at = datetime.datetime.strptime(day, "%Y-%m-%d")
    return tlv(tag, at.strftime("%y%m%d000000Z" if tag == 0x17 else
                                "%Y%m%d000000Z").encode())


def digest_id(kind):
    return seq(oid(ATS[kind][0]), NULL)


# ---- keys ----

class Key:
    def __init__(self, size=2048, exponent=65537):
        pem = subprocess.run(
            ["openssl", "genrsa", "-traditional", str(size)], check=True,
            capture_output=True).stdout
        der = subprocess.run(
            ["openssl", "rsa", "-traditional", "-outform", "DER"], input=pem,
            check=True, capture_output=True).stdout
        numbers = [int.from_bytes(v, "big")
                   for _, v, _ in items(items(der)[0][1])]
        self.n, self.d, self.e = numbers[1], numbers[3], exponent
        self.bits = seq(integer(self.n), integer(self.e))
        self.spki = seq(seq(oid("1.2.840.113549.1.1.1"), NULL),
                        bits(self.bits))
        self.id = hashlib.sha1(self.bits).digest()

    def sign(self, data, kind="sha256"):
        size = (self.n.bit_length() + 7) // 8
        told = seq(digest_id(kind),
                   octets(hashlib.new(kind, data).digest()))
        padded = b"\0\1" + b"\xff" * (size - 3 - len(told)) + b"\0" + told
        number = int.from_bytes(padded, "big")
        return pow(number, self.d if self.e > 1 else 1, self.n).to_bytes(
            size, "big")


def signed(body, key, kind="sha256", more=b""):
    by = seq(oid(ATS[kind][1]), NULL)
    return seq(body, by, bits(key.sign(body, kind)), more)


# ---- certificates ----

def extension(name, value, critical=False):
    return seq(oid(name), b"\1\1\xff" if critical else b"", octets(value))


def usage(*wanted):
    value = sum(0x80 >> n for n in wanted)
    return extension("2.5.29.15", bits(bytes([value]), next(
        n for n in range(8) if value >> n & 1)), True)


def purpose(*last, critical=True):
    return extension("2.5.29.37", seq(*[
        oid(f"1.3.6.1.5.5.7.3.{n}") for n in last]), critical)


CA = (extension("2.5.29.19", seq(b"\1\1\xff"), True), usage(5, 6))
USER = (usage(0, 1),)
TSA = (usage(0, 1), purpose(8))
RESPONDER = (usage(0), purpose(9))


class Cert:
    serials = 1000

    def __init__(self, cn, key, issuer=None, extensions=(), since="2020-01-01",
                 until="2040-01-01", kind="sha256"):
        Cert.serials += 1
        self.serial, self.key = Cert.serials, key
        self.name = seq(tlv(0x31, seq(oid("2.5.4.3"),
                                      tlv(0x0C, cn.encode()))))
        above = issuer or self
        self.issuer = above.name
        body = seq(
            tlv(0xA0, integer(2)), integer(self.serial),
            seq(oid(ATS[kind][1]), NULL), self.issuer,
            seq(moment(since), moment(until)), self.name, key.spki,
            tlv(0xA3, seq(
                extension("2.5.29.14", octets(key.id)),
                extension("2.5.29.35", seq(tlv(0x80, above.key.id))),
                *extensions)))
        self.der = signed(body, above.key, kind)

    def pem(self, path):
        path.write_bytes(subprocess.run(
            ["openssl", "x509", "-inform", "DER"], input=self.der, check=True,
            capture_output=True).stdout)


def listed(issuer, revoked=(), since="2025-01-01", until="2025-03-01",
           keeps=None):
    """A list; revoked: (certificate, day) or with the reason's number; keeps:
    what has expired since."""
    rows = [seq(integer(c.serial), moment(day), seq(
        extension("2.5.29.21", tlv(10, bytes(why or [1])))))
        for c, day, *why in revoked]
    return signed(seq(
        integer(1), seq(oid(ATS["sha256"][1]), NULL), issuer.name,
        moment(since), moment(until), seq(*rows) if rows else b"",
        tlv(0xA0, seq(
            extension("2.5.29.20", integer(1)),
            extension("2.5.29.35", seq(tlv(0x80, issuer.key.id))),
            extension("2.5.29.60", moment(keeps, 0x18)) if keeps else b""))),
        issuer.key)


def answer(cert, issuer, by, since, until, revoked=None, keeps=None):
    """An answer as it stands beside a signature (RFC 5940)."""
    hashed = [octets(hashlib.sha1(v).digest())
              for v in (issuer.name, issuer.key.bits)]
    state = tlv(0xA1, moment(revoked, 0x18)) if revoked else b"\x80\0"
    single = seq(seq(digest_id("sha1"), *hashed, integer(cert.serial)), state,
                 moment(since, 0x18), tlv(0xA0, moment(until, 0x18)),
                 tlv(0xA1, seq(extension("1.3.6.1.5.5.7.48.1.6", moment(
                     keeps, 0x18)))) if keeps else b"")
    body = seq(tlv(0xA2, octets(by.key.id)), moment(since, 0x18), seq(single))
    basic = signed(body, by.key, more=b"" if by is issuer else
                   tlv(0xA0, seq(by.der)))
    return tlv(0xA1, oid("1.3.6.1.5.5.7.16.2"), seq(
        tlv(10, b"\0"), tlv(0xA0, seq(oid("1.3.6.1.5.5.7.48.1.1"),
                                      octets(basic)))))


# ---- signatures ----

def attribute(name, value):
    return seq(oid(name), tlv(0x31, value))


class Signer:
    """A SignerInfo; reference: does it name the certificate?  bare: nothing
    is signed but the content."""

    def __init__(self, cert, content, kind=DATA, digest="sha256",
                 reference=True, bare=False):
        attributes = [
            attribute("1.2.840.113549.1.9.3", oid(kind)),
            attribute("1.2.840.113549.1.9.4",
                      octets(hashlib.new(digest, content).digest()))]
        if reference:
            attributes.append(attribute(
                "1.2.840.113549.1.9.16.2.47", seq(seq(seq(octets(
                    hashlib.sha256(cert.der).digest()))))))
        self.body = b"".join(sorted(attributes))
        self.value = cert.key.sign(
            content if bare else tlv(0x31, self.body), digest)
        self.parts = [
            integer(1), seq(cert.issuer, integer(cert.serial)),
            digest_id(digest), b"" if bare else tlv(0xA0, self.body),
            seq(oid(ATS[digest][1]), NULL), octets(self.value)]
        self.digest = digest
        self.more = []

    def der(self):
        return seq(*self.parts, tlv(0xA1, *self.more) if self.more else b"")


def cms(signer, certs, content, kind=DATA, evidence=()):
    return seq(oid("1.2.840.113549.1.7.2"), tlv(0xA0, seq(
        integer(1 if kind == DATA else 3),
        tlv(0x31, digest_id(signer.digest)),
        seq(oid(kind), tlv(0xA0, octets(content))),
        tlv(0xA0, *[c.der for c in certs]),
        tlv(0xA1, *evidence) if evidence else b"", tlv(0x31, signer.der()))))


def token(data, day, authority, certs=(), digest="sha256", more=()):
    Cert.serials += 1
    info = seq(integer(1), oid("1.2.3.4"), seq(
        digest_id("sha256"), octets(hashlib.sha256(data).digest())),
        integer(Cert.serials), moment(day, 0x18))
    signer = Signer(authority, info, TST, digest)
    signer.more = list(more)
    return cms(signer, [authority, *certs], info, TST)


def stamp(signer, day, authority, certs=(), **how):
    """A time-stamp over the signature's value, as an unsigned attribute."""
    return attribute(STAMP, token(signer.value, day, authority, certs, **how))


def archive(signer, content, day, authority, certs, evidence, covered):
    """An archive time-stamp whose index names these, and no others."""
    def hashed(value):
        return octets(hashlib.sha256(value).digest())
    inside = []
    for one in covered:
        kind, values = items(items(one)[0][1])
        inside += [hashed(kind[2] + v[2]) for v in items(values[1])]
    index = seq(seq(oid(ATS["sha256"][0])), seq(
        *[hashed(c.der) for c in certs]), seq(*map(hashed, evidence)),
        seq(*inside))
    message = (oid(DATA) + hashlib.sha256(content).digest() +
               b"".join(signer.parts) + index)
    return attribute(ARCHIVE, token(message, day, authority, certs, more=[
        attribute(INDEX, index)]))
