"""A small file certified with P = 1, and what antin says of what became of it:
for tests of updates that may not be called valid."""
import json
import pathlib
import tempfile

import demo
import small_pdf as sp

LEVEL = b"/Reference[<</TransformMethod/DocMDP/TransformParams<</P %d>>>>]"
OTHER = sp.stream(b"BT /F1 40 Tf 72 600 Td (OTHER) Tj ET")


class Certified:
    """Who signs such files, and has them judged in a test's rows."""

    def __init__(self, tap):
        demo.make_demo()
        self.tap = tap
        self.scratch = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.scratch.name) / "f.pdf"
        self.signer = sp.Signer(self.path.parent)

    def objects(self, change=None, level=LEVEL % 1):
        made = sp.page_objects()
        made[1] = b"<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R>>"
        made[4] = made[4][:-2] + b"/Annots[7 0 R]>>"
        made[6] = b"<</Fields[7 0 R]/SigFlags 3>>"
        made[7] = (b"<</Type/Annot/Subtype/Widget/FT/Sig/F 132/P 4 0 R/T(a)"
                   b"/Rect[0 0 0 0]/V 9 0 R>>")
        made[9] = sp.open_signature(level)
        made.update(change(made) if change else {})
        return made

    def sign(self, change=None, packed=False, level=LEVEL % 1, trailer=b""):
        made = self.objects(change, level)
        plain = sp.stream_file(made) if packed else \
            sp.table_file(made, trailer)
        return sp.close_signature(plain, self.signer), made

    def row(self, name, data, good=False):
        self.path.write_bytes(data)
        done = demo.run(demo.ANTIN, "verify", "--assume-trusted", "--json",
                        self.path)
        said = (done.stdout + done.stderr).decode()
        report = json.loads(done.stdout or "{}")
        verdict = report.get("verdict", "REFUSED")
        # Nobody signs what is filled in here, and that is told.
        told = all((s["laterChanges"] == "form fields filled") ==
                   ("unsigned-filling" in s["warnings"])
                   for s in report.get("signatures", []))
        self.tap.row((verdict == "VALID") == good and told,
                     f"{name}: {verdict}", said)
