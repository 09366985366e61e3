"""Small real files: PDFs of any number of pages, pictures, workbooks, and bad ones of every sort."""

import io

import pikepdf
from PIL import Image
from xlsxwriter import Workbook


def pdf_bytes(text: str = "示例材料", *, pages: int = 1) -> bytes:
    """A sound PDF; ``text`` goes into its metadata, so that different texts make different files."""
    document = pikepdf.new()
    for number in range(pages):
        document.add_blank_page(page_size=(595, 842))
        document.pages[-1].Contents = document.make_stream(f"BT /F1 12 Tf 72 770 Td (page {number + 1}) Tj ET".encode())
    document.docinfo["/Title"] = text
    return _saved(document)


def pdf_with_content(content: bytes) -> bytes:
    """A sound PDF of one page whose stream is ``content``, as it stands."""
    document = pikepdf.new()
    page = document.add_blank_page()
    page.Contents = document.make_stream(content)
    buffer = io.BytesIO()
    document.save(buffer, deterministic_id=True, compress_streams=False)
    return buffer.getvalue()


def encrypted_pdf(*, user: str = "", owner: str = "secret") -> bytes:
    """A PDF with a password to open it, or only with restrictions when ``user`` is empty."""
    document = pikepdf.new()
    document.add_blank_page()
    return _saved(document, encryption=pikepdf.Encryption(owner=owner, user=user))


def scripted_pdf() -> bytes:
    """A PDF that runs JavaScript when opened."""
    document = pikepdf.new()
    document.add_blank_page()
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    return _saved(document)


def pdf_with_launching_link() -> bytes:
    """A PDF whose link starts a program; the action is a direct object inside the annotation."""
    document = pikepdf.new()
    page = document.add_blank_page()
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 9, 9],
        A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe"),
    )
    page.Annots = pikepdf.Array([link])
    return _saved(document)


def pdf_opening_at(action: pikepdf.Object) -> bytes:
    """A PDF with the given OpenAction."""
    document = pikepdf.new()
    document.add_blank_page()
    document.Root.OpenAction = action
    return _saved(document)


def pdf_with_attachment() -> bytes:
    """A PDF that carries another file."""
    document = pikepdf.new()
    document.add_blank_page()
    document.attachments["hidden.exe"] = b"MZ\x90\x00"
    return _saved(document)


def empty_pdf() -> bytes:
    """A PDF without a page."""
    return _saved(pikepdf.new())


def picture_bytes(kind: str = "PNG", *, size: tuple[int, int] = (32, 24)) -> bytes:
    """A small picture; ``kind`` is PNG or JPEG."""
    buffer = io.BytesIO()
    Image.new("RGB", size, "#2456a6").save(buffer, kind)
    return buffer.getvalue()


def workbook_bytes() -> bytes:
    """A workbook with one filled cell."""
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as workbook:
        workbook.add_worksheet("清单").write(0, 0, "示例")
    return buffer.getvalue()


def _saved(document: pikepdf.Pdf, **options: object) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer, deterministic_id="encryption" not in options, **options)
    return buffer.getvalue()
