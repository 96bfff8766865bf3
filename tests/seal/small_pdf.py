"""Small PDFs made by hand for the tests: any shape of cross-reference, any
update, and a signature by `openssl cms`, so that nothing of the product has a
hand in what it is judged by."""
import os
import pathlib
import re
import subprocess
import tempfile
import zlib

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


def stream(data, extra=b"", packed=False):
    if packed:
        data, extra = zlib.compress(data), extra + b"/Filter/FlateDecode"
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (
        extra, len(data), data)


def page_objects(text="Hello", media="0 0 595 842", extra="", pages=1):
    """The objects of a plain document: 1 catalogue, 2 page tree, 3 font,
    then for each page its dictionary and its content."""
    objects = {3: b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>"}
    kids = []
    for n in range(pages):
        page, content = 4 + 2 * n, 5 + 2 * n
        kids.append(f"{page} 0 R")
        objects[page] = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[{media}]{extra}/Contents "
            f"{content} 0 R/Resources<</Font<</F1 3 0 R>>>>>>").encode()
        objects[content] = stream(
            f"BT /F1 24 Tf 72 700 Td ({text} {n + 1}) Tj ET".encode())
    objects[1] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[2] = (f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {pages}>>"
                  ).encode()
    return objects


def subsections(numbers):
    runs = []
    for n in sorted(numbers):
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    return runs


def put_table(out, offsets, trailer, free=()):
    """Append a cross-reference table and trailer to out; offsets maps number
    to offset, to (offset, generation) or, when free, to None."""
    start = len(out)
    out += b"xref\n"
    entries = {n: (v, 0) if isinstance(v, int) else v
               for n, v in offsets.items()}
    for n in free:
        entries[n] = None
    for run in subsections(entries):
        out += b"%d %d\n" % (run[0], len(run))
        for n in run:
            if entries[n] is None:
                out += b"0000000000 %05d f\r\n" % (65535 if n == 0 else 1)
            else:
                out += b"%010d %05d n\r\n" % entries[n]
    out += b"trailer\n<<%s>>\nstartxref\n%d\n%%%%EOF\n" % (trailer, start)
    return start


def put_stream_section(out, number, rows, trailer, startxref=True,
                       itself=True):
    """Append a cross-reference stream; rows maps number to (type, a, b)."""
    start = len(out)
    rows = dict(rows)
    if itself:
        rows[number] = (1, start, 0)
    index = b" ".join(b"%d %d" % (r[0], len(r)) for r in subsections(rows))
    data = b"".join(bytes([t]) + a.to_bytes(4, "big") + b.to_bytes(2, "big")
                    for _, (t, a, b) in sorted(rows.items()))
    out += b"%d 0 obj\n" % number + stream(
        data, b"/Type/XRef/W[1 4 2]/Index[%s]%s" % (index, trailer), True)
    out += b"\nendobj\n"
    if startxref:
        out += b"startxref\n%d\n%%%%EOF\n" % start
    return start


def put_objects(out, objects):
    offsets = {}
    for n in sorted(objects):
        offsets[n] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (n, objects[n])
    return offsets


def table_file(objects, trailer=b""):
    out = bytearray(HEADER)
    offsets = put_objects(out, objects)
    put_table(out, offsets, b"/Size %d/Root 1 0 R%s" % (
        max(objects) + 1, trailer), free=[0])
    return bytes(out)


def pack_of(objects):
    head, body = b"", b""
    for n in objects:
        head += b"%d %d " % (n, len(body))
        body += objects[n] + b"\n"
    return stream(head + body, b"/Type/ObjStm/N %d/First %d" % (
        len(objects), len(head)), True)


def stream_file(objects, packed=True):
    """A file with a cross-reference stream; with packed, everything that is
    no stream lies in an object stream."""
    out = bytearray(HEADER)
    inside = {n: o for n, o in objects.items()
              if packed and not o.endswith(b"endstream")
              and b"/ByteRange" not in o}
    outside = {n: o for n, o in objects.items() if n not in inside}
    last = max(objects)
    rows = {0: (0, 0, 65535)}
    if inside:
        outside[last + 1] = pack_of(inside)
        for i, n in enumerate(inside):
            rows[n] = (2, last + 1, i)
    for n, at in put_objects(out, outside).items():
        rows[n] = (1, at, 0)
    put_stream_section(out, last + 2, rows,
                       b"/Size %d/Root 1 0 R" % (last + 3))
    return bytes(out)


def hybrid_file(objects, itself=True):
    """Objects 4 and up hidden in an object stream that only readers of
    /XRefStm see (7.5.8.4)... the page among them stays in the table."""
    out = bytearray(HEADER)
    hidden = {n: o for n, o in objects.items()
              if b"/Font" in o[:20] or n == max(objects)}
    hidden = {n: o for n, o in hidden.items() if not o.endswith(b"endstream")}
    plain = {n: o for n, o in objects.items() if n not in hidden}
    last = max(objects)
    plain[last + 1] = pack_of(hidden)
    offsets = put_objects(out, plain)
    rows = {n: (2, last + 1, i) for i, n in enumerate(hidden)}
    at = put_stream_section(out, last + 2, rows, b"/Size %d/Root 1 0 R" % (
        last + 3), startxref=False, itself=itself)
    put_table(out, offsets, b"/Size %d/Root 1 0 R/XRefStm %d" % (
        last + 3, at), free=[0] + sorted(hidden))
    return bytes(out)


def last_start(data):
    return int(re.findall(rb"startxref\s+(\d+)", data)[-1])


def size_of(data):
    return max(int(n) for n in re.findall(rb"/Size (\d+)", data))


def update(data, objects, trailer=b"", prev=None, skip=(), extra=None,
           root=1):
    """An incremental update with a table.  skip: objects written but not
    listed; extra: entries listed as they are given."""
    out = bytearray(data if data.endswith(b"\n") else data + b"\n")
    offsets = put_objects(out, objects)
    for n in skip:
        del offsets[n]
    offsets.update(extra or {})
    size = max([size_of(data)] + [n + 1 for n in list(objects) +
                                  list(offsets)])
    put_table(out, offsets, b"/Size %d/Root %d 0 R/Prev %d%s" % (
        size, root, last_start(data) if prev is None else prev, trailer))
    return bytes(out)


def stream_update(data, rows_of, trailer=b""):
    """An update with a cross-reference stream; rows_of(out) appends what it
    likes and gives the rows."""
    out = bytearray(data)
    number = size_of(data) + 20
    rows = rows_of(out)
    put_stream_section(out, number, rows, b"/Size %d/Root 1 0 R/Prev %d%s" % (
        max([number, *rows]) + 1, last_start(data), trailer))
    return bytes(out)


class Signer:
    """A key and a certificate of its own, and `openssl cms` to sign with."""

    def __init__(self, folder):
        self.key, self.cert = (pathlib.Path(folder) / n
                               for n in ("signer.key", "signer.pem"))
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
             "-keyout", self.key, "-out", self.cert, "-days", "30", "-subj",
             "/CN=Test signer", "-addext", "keyUsage=digitalSignature"],
            check=True, capture_output=True)

    def cms(self, content):
        done = subprocess.run(
            ["openssl", "cms", "-sign", "-binary", "-outform", "DER",
             "-nosmimecap", "-cades", "-signer", self.cert, "-inkey",
             self.key, "-md", "sha256"], input=content, check=True,
            capture_output=True)
        return done.stdout


def open_signature(extra=b"", room=4000):
    """A signature value with a blank range and contents."""
    return (b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached"
            b"/M(D:20250101000000Z)%s/ByteRange[0 %s]/Contents<%s>>>" % (
                extra, b"*" * 36, b"0" * room))


def close_signature(data, signer):
    """Fill the blank range and contents of the last open signature."""
    data = bytearray(data)
    at = data.rindex(b"/ByteRange[0 *") + 13
    gap = data.index(b"/Contents<", at) + 9
    end = data.index(b">", gap) + 1
    text = b"%d %d %d" % (gap, end, len(data) - end)
    data[at:at + 36] = text.ljust(36)
    cms = signer.cms(bytes(data[:gap] + data[end:])).hex().encode()
    data[gap + 1:gap + 1 + len(cms)] = cms
    return bytes(data)


def render(path, folder, dpi=50, page=None):
    """Pages as (width, height, rgb bytes) by pdftoppm."""
    with tempfile.TemporaryDirectory(dir=folder) as work:
        command = ["pdftoppm", "-cropbox", "-r", str(dpi)]
        if page:
            command += ["-f", str(page), "-l", str(page)]
        subprocess.run(command + [path, f"{work}/p"], check=True,
                       capture_output=True)
        return [read_ppm(pathlib.Path(work, n).read_bytes())
                for n in sorted(os.listdir(work))]


def read_ppm(data):
    head = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", data)
    return int(head[1]), int(head[2]), data[head.end():]


XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:%s="http://www.aiim.org/pdfa/ns/id/">
<%s:part>%d</%s:part><%s:conformance>B</%s:conformance></rdf:Description>
</rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def archival_file(part, xmp=None, catalog=b"", rotate=0):
    """PDF/A: two empty pages, which need no font and no colour."""
    meta = xmp or XMP % ("pdfaid", "pdfaid", part, *["pdfaid"] * 3)
    page = (b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Rotate %d"
            b"/Contents 6 0 R/Resources<<>>>>" % rotate)
    data = table_file({
        1: b"<</Type/Catalog/Pages 2 0 R/Metadata 3 0 R%s>>" % catalog,
        2: b"<</Type/Pages/Kids[4 0 R 5 0 R]/Count 2>>",
        3: stream(meta.encode(), b"/Type/Metadata/Subtype/XML"),
        4: page, 5: page, 6: stream(b" ")},
        b"/ID[<00112233445566778899aabbccddeeff>"
        b"<00112233445566778899aabbccddeeff>]")
    return data.replace(b"%PDF-1.7", b"%%PDF-1.%d" % (4 if part == 1 else 7))


def signed_elsewhere():
    """A page that somebody has signed whom no root here leads to."""
    made = page_objects()
    made[1] = b"<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R>>"
    made[4] = made[4][:-2] + b"/Annots[7 0 R]>>"
    made[6] = b"<</Fields[7 0 R]/SigFlags 3>>"
    made[7] = (b"<</Type/Annot/Subtype/Widget/FT/Sig/F 132/P 4 0 R/T(a)"
               b"/Rect[0 0 0 0]/V 9 0 R>>")
    made[9] = open_signature()
    with tempfile.TemporaryDirectory() as folder:
        return close_signature(table_file(made), Signer(folder))
