"""A text field that was empty when it was signed, and how it is filled."""
from certified import LEVEL
from small_pdf import update

FONT = b"/Resources<</Font<</F1 3 0 R>>>>"
BOX = b"/Subtype/Form/BBox[0 0 300 40]"
TEXT = b"BT /F1 12 Tf 2 15 Td (100) Tj ET"


def field_maker(sign):
    """field(…), which gives filled(…)."""

    def field(extra=b"", page=lambda p: p, more=None, form=b"", kind=b"Tx"):
        own = (b"<</Type/Annot/Subtype/Widget/T(sum)/P 4 0 R/Rect[50 500 350 "
               b"540]/F 4/FT/" + kind + b"/DA(/F1 12 Tf 0 g)" + extra)
        whole, o = sign(lambda o: {
            4: page(o[4].replace(b"[7 0 R]", b"[7 0 R 30 0 R]")),
            6: b"<</Fields[7 0 R 30 0 R]/SigFlags 3/DR<</Font<</F1 3 0 R>>>>" +
               form + b">>", 30: own + b">>", **(more or {})}, level=LEVEL % 2)

        def filled(look=None, change=lambda f: f, objects=None, value=b"100"):
            ap = b"/AP<</N 50 0 R>>" if look else b""
            return update(whole, {
                30: change(own) + b"/V(" + value + b")" + ap + b">>",
                **({50: look} if look else {}), **(objects or {})})

        return filled
    return field
