"""Real Word and PDF files, made by the libraries that read them."""

from io import BytesIO

import docx
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject


def word() -> bytes:
    document = docx.Document()
    document.add_heading("Torn seams", 0)
    document.add_heading("What we do", 1)
    document.add_paragraph("Torn seams of a tent are sewn free of charge.")
    document.add_paragraph("Send the tent clean and dry.", style="List Bullet")
    table = document.add_table(2, 2)
    for place, text in enumerate(("Region", "Days", "UK", "10 days")):
        table.cell(place // 2, place % 2).text = text
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def pdf(*lines: tuple[int, str], password: str | None = None, pages: int = 1) -> bytes:
    """Lines of these sizes below one another."""
    writer = PdfWriter()
    font = DictionaryObject()
    for name, value in (("/Type", "/Font"), ("/Subtype", "/Type1"), ("/BaseFont", "/Helvetica")):
        font[NameObject(name)] = NameObject(value)
    fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
    for _ in range(pages):
        page = writer.add_blank_page(595, 842)
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        said = DecodedStreamObject()
        drawn = [f"BT /F1 {size} Tf 50 {800 - 20 * row} Td ({text}) Tj ET" for row, (size, text) in enumerate(lines)]
        said.set_data("\n".join(drawn).encode())
        page[NameObject("/Contents")] = writer._add_object(said)
    if password is not None:
        writer.encrypt(password)
    kept = BytesIO()
    writer.write(kept)
    return kept.getvalue()
