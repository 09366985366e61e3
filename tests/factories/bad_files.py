"""Bad files of every sort, made on the spot: what each is called, what it holds, and why it is refused."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image

from tests.factories.documents import (
    empty_pdf,
    encrypted_pdf,
    pdf_bytes,
    pdf_with_attachment,
    pdf_with_launching_link,
    picture_bytes,
    scripted_pdf,
    workbook_bytes,
)

MEGABYTE = 1024 * 1024
MAX_BYTES = 20 * MEGABYTE
MAX_PAGES = 50
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class BadFile:
    """``make`` gives its bytes when they are wanted; ``code`` is why it is refused."""

    what: str
    name: str
    code: str
    make: Callable[[], bytes]


def bad_files() -> Iterator[BadFile]:
    """Every one of them, in groups."""
    yield from _not_what_they_say()
    yield from _cut_off()
    yield from _locked()
    yield from _acting()
    yield from _two_at_once()
    yield from _twisted()
    yield from _pictures()
    yield from _workbooks()


def _not_what_they_say() -> Iterator[BadFile]:
    yield BadFile("nothing", "空.pdf", "file_empty", lambda: b"")
    yield BadFile("a program", "申报表.pdf", "file_not_what_it_says", lambda: b"MZ\x90\x00" + bytes(600))
    yield BadFile("a page", "申报表.pdf", "file_not_what_it_says", lambda: b"<html><script>alert(1)</script></html>")
    yield BadFile("a drawing that scripts", "图.png", "file_not_what_it_says", lambda: b"<svg onload='alert(1)'/>")
    yield BadFile("a drawing by its name", "图.svg", "file_type_refused", lambda: b"<svg/>")
    yield BadFile("a program by its name", "材料.pdf.exe", "file_type_refused", pdf_bytes)
    yield BadFile("no ending", "材料", "file_type_refused", pdf_bytes)
    yield BadFile("a picture called PDF", "照片.pdf", "file_not_what_it_says", picture_bytes)
    yield BadFile("a GIF called PNG", "动图.png", "file_not_what_it_says", lambda: b"GIF89a" + bytes(200))
    yield BadFile("a PNG called JPG", "照片.jpg", "file_not_what_it_says", picture_bytes)
    yield BadFile("a table of text", "清单.xlsx", "file_not_what_it_says", lambda: "名称,金额\n甲,1\n".encode())
    yield BadFile("an old workbook", "清单.xlsx", "file_old_workbook", lambda: OLE + bytes(2_000))
    yield BadFile("too large by a byte", "大.pdf", "file_too_large", lambda: pdf_bytes() + bytes(MAX_BYTES))


def _cut_off() -> Iterator[BadFile]:
    for part in (10, 50, 90, 99):
        yield BadFile(f"{part} % of a PDF", "半份.pdf", "file_truncated", lambda part=part: _part(_rich_pdf(), part))
    yield BadFile("the head of a PDF", "头.pdf", "file_truncated", lambda: b"%PDF-1.7\n" + bytes(300))
    yield BadFile(
        "an update that breaks off", "半.pdf", "file_truncated", lambda: pdf_bytes() + b"\n9 0 obj\n<< /Type /Page"
    )
    yield BadFile("half a JPG", "半张.jpg", "file_truncated", lambda: _part(_noisy("JPEG"), 50))
    yield BadFile("half a PNG", "半张.png", "file_truncated", lambda: _part(_noisy("PNG"), 50))
    yield BadFile("half a workbook", "半.xlsx", "file_truncated", lambda: _part(workbook_bytes(), 50))
    yield BadFile("the head of a workbook", "头.xlsx", "file_truncated", lambda: b"PK\x03\x04" + bytes(300))


def _locked() -> Iterator[BadFile]:
    yield BadFile("a PDF with a password", "密.pdf", "file_encrypted", lambda: encrypted_pdf(user="open"))
    yield BadFile("a PDF with restrictions", "限.pdf", "file_restricted", encrypted_pdf)
    wrapped = OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500)
    yield BadFile("a workbook with a password", "密.xlsx", "file_encrypted", lambda: wrapped)
    yield BadFile("a workbook with locked parts", "密.xlsx", "file_encrypted", _locked_parts)


def _acting() -> Iterator[BadFile]:
    script = Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    launch = Dictionary(S=Name.Launch, F=pikepdf.String("calc.exe"))
    send = Dictionary(S=Name.SubmitForm, F=pikepdf.String("https://example.com/"))
    yield BadFile("a script at opening", "脚本.pdf", "file_scripted", scripted_pdf)
    yield BadFile(
        "a script among the names",
        "脚本.pdf",
        "file_scripted",
        lambda: _pdf(Names=Dictionary(JavaScript=Dictionary(Names=Array(["a", script])))),
    )
    yield BadFile("a script at closing", "脚本.pdf", "file_scripted", lambda: _pdf(AA=Dictionary(WC=script)))
    yield BadFile("a script of a page", "脚本.pdf", "file_scripted", lambda: _page(AA=Dictionary(O=script)))
    yield BadFile("a script of a note", "脚本.pdf", "file_scripted", lambda: _note(A=script))
    yield BadFile("a script behind a harmless step", "脚本.pdf", "file_scripted", lambda: _note(A=_step_then(script)))
    yield BadFile("a script in a compressed object", "脚本.pdf", "file_scripted", lambda: _squeezed(OpenAction=script))
    yield BadFile(
        "a form that changes", "表单.pdf", "file_dynamic_form", lambda: _pdf(AcroForm=Dictionary(XFA=Array([])))
    )
    yield BadFile("a link that starts a program", "启动.pdf", "file_active", pdf_with_launching_link)
    yield BadFile("a program at opening", "启动.pdf", "file_active", lambda: _pdf(OpenAction=launch))
    yield BadFile("a form that sends itself", "发送.pdf", "file_active", lambda: _pdf(AA=Dictionary(DS=send)))
    yield BadFile("a PDF with a program inside", "嵌入.pdf", "file_carries_files", pdf_with_attachment)
    yield BadFile("a note with a file", "嵌入.pdf", "file_carries_files", lambda: _note(Subtype=Name.FileAttachment))
    yield BadFile("a film", "影片.pdf", "file_carries_files", lambda: _note(Subtype=Name.RichMedia))


def _two_at_once() -> Iterator[BadFile]:
    yield BadFile("a ZIP before a PDF", "两面.pdf", "file_not_what_it_says", lambda: workbook_bytes() + pdf_bytes())
    yield BadFile("a GIF before a PDF", "两面.pdf", "file_polyglot", lambda: b"GIF89a" + bytes(50) + pdf_bytes())
    yield BadFile("a page before a PDF", "两面.pdf", "file_polyglot", lambda: b"<html><!--" + pdf_bytes())
    yield BadFile("a ZIP behind a PDF", "两面.pdf", "file_polyglot", lambda: pdf_bytes() + workbook_bytes())
    yield BadFile(
        "a page within a PDF's head", "两面.pdf", "file_polyglot", lambda: _headed(b"%<html><script>alert(1)</script>")
    )
    yield BadFile("a page behind a PDF", "两面.pdf", "file_polyglot", lambda: pdf_bytes() + b"<script>1</script>")
    yield BadFile("a program behind a PDF", "两面.pdf", "file_polyglot", lambda: pdf_bytes() + b"MZ" + bytes(2_000))


def _twisted() -> Iterator[BadFile]:
    yield BadFile("no page", "无页.pdf", "file_without_pages", empty_pdf)
    yield BadFile("too many pages", "长.pdf", "file_too_many_pages", lambda: pdf_bytes(pages=MAX_PAGES + 1))
    yield BadFile("a table of places that is wrong", "错.pdf", "file_broken", _displaced)
    yield BadFile("a table of places that leads to itself", "圈.pdf", "file_broken", _circular_places)
    yield BadFile("pages that hold themselves", "圈.pdf", "file_broken", _circular_pages)
    yield BadFile("a nest of a hundred arrays", "深.pdf", "file_too_complex", lambda: _pdf(Extra=_nest(100)))
    yield BadFile("a nest of fifty thousand arrays", "深.pdf", "file_too_complex", _deep_source)
    yield BadFile("three hundred thousand objects", "多.pdf", "file_too_complex", lambda: _object_bomb(300_000))
    yield BadFile("a gigabyte of objects in a megabyte", "弹.pdf", "file_too_complex", _object_stream_bomb)


def _pictures() -> Iterator[BadFile]:
    yield BadFile("a PNG without bounds", "弹.png", "file_too_many_pixels", lambda: _png_of(60_000, 60_000))
    yield BadFile("a JPG without bounds", "弹.jpg", "file_too_many_pixels", lambda: _jpg_of(60_000, 60_000))
    yield BadFile("a text without end in a PNG", "弹.png", "file_too_complex", lambda: _png_with(b"zTXt", b"a\0\0"))
    yield BadFile("a PNG with nothing drawn", "空.png", "file_truncated", lambda: _png_of(20, 20, b""))
    yield BadFile("a PNG with a wrong sum", "错.png", "file_broken", _miscounted)
    yield BadFile("the head of a PNG", "头.png", "file_broken", lambda: b"\x89PNG\r\n\x1a\n" + bytes(300))
    yield BadFile("the head of a JPG", "头.jpg", "file_broken", lambda: b"\xff\xd8\xff" + bytes(300))


def _workbooks() -> Iterator[BadFile]:
    yield BadFile("a bomb", "弹.xlsx", "file_too_complex", lambda: _with("xl/media/zeros.bin", bytes(210 * MEGABYTE)))
    yield BadFile("a bomb that lies", "弹.xlsx", "file_broken", _lying_bomb)
    yield BadFile("ten thousand parts", "多.xlsx", "file_too_complex", _many_parts)
    yield BadFile("macros", "宏.xlsx", "file_has_macros", lambda: _with("xl/vbaProject.bin", b"macro"))
    yield BadFile(
        "macros of another age", "宏.xlsx", "file_has_macros", lambda: _with("xl/macrosheets/sheet1.xml", b"<a/>")
    )
    yield BadFile(
        "links to other files",
        "链.xlsx",
        "file_links_out",
        lambda: _with("xl/externalLinks/externalLink1.xml", b"<a/>"),
    )
    yield BadFile("a query elsewhere", "链.xlsx", "file_links_out", lambda: _with("xl/connections.xml", b"<a/>"))
    yield BadFile("a program inside", "嵌.xlsx", "file_carries_files", lambda: _with("xl/embeddings/a.bin", b"MZ"))
    yield BadFile("a control", "控.xlsx", "file_active", lambda: _with("xl/activeX/activeX1.bin", b"x"))
    yield BadFile("a part that leads out", "出.xlsx", "file_polyglot", lambda: _with("../../etc/cron.d/a", b"x"))
    yield BadFile("a part by a Windows path", "出.xlsx", "file_polyglot", lambda: _with("C:\\a.txt", b"x"))
    yield BadFile("a ZIP of something else", "包.xlsx", "file_broken", _other_zip)
    yield BadFile("a part with a wrong sum", "错.xlsx", "file_broken", _damaged_part)


def _part(content: bytes, percent: int) -> bytes:
    return content[: len(content) * percent // 100]


def _saved(document: Pdf, **options: object) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer, **options)
    return buffer.getvalue()


def _pdf(**root: object) -> bytes:
    """One page, and these keys of the catalogue."""
    document = pikepdf.new()
    document.add_blank_page()
    for key, value in root.items():
        document.Root[f"/{key}"] = value
    return _saved(document)


def _rich_pdf() -> bytes:
    document = pikepdf.new()
    for _ in range(5):
        document.add_blank_page().Contents = document.make_stream(b"0 0 m\n" * 500)
    return _saved(document, compress_streams=False)


def _squeezed(**root: object) -> bytes:
    with pikepdf.open(io.BytesIO(_pdf(**root))) as document:
        document.Root.OpenAction = document.make_indirect(document.Root.OpenAction)
        return _saved(document, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _page(**keys: object) -> bytes:
    document = pikepdf.new()
    page = document.add_blank_page()
    for key, value in keys.items():
        page.obj[f"/{key}"] = value
    return _saved(document)


def _note(**keys: object) -> bytes:
    note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9])
    for key, value in keys.items():
        note[f"/{key}"] = value
    return _page(Annots=Array([note]))


def _step_then(action: Dictionary) -> Dictionary:
    return Dictionary(S=Name.GoTo, D=Array([0, Name.Fit]), Next=Array([action]))


def _headed(line: bytes) -> bytes:
    first, _, rest = pdf_bytes().partition(b"\n")
    return first + b"\n" + line + b"\n" + rest


def _nest(depth: int) -> Array:
    inner = Array([1])
    for _ in range(depth):
        inner = Array([inner])
    return inner


def _source(body: bytes, *, root: int = 1) -> bytes:
    """A PDF of objects written by hand, with a right table of places."""
    out, places = b"%PDF-1.7\n", {}
    for number, piece in enumerate(body.split(b"\nendobj\n")[:-1], 1):
        places[number] = len(out)
        out += b"%d 0 obj\n" % number + piece + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places.values())
    out += b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, root, start)
    return out


def _circular_pages() -> bytes:
    return _source(b"<< /Type /Catalog /Pages 2 0 R >>\nendobj\n<< /Type /Pages /Count 1 /Kids [2 0 R] >>\nendobj\n")


def _circular_places() -> bytes:
    content = _source(b"<< /Type /Catalog /Pages 2 0 R >>\nendobj\n<< /Type /Pages /Count 0 /Kids [] >>\nendobj\n")
    place = content.rindex(b"startxref\n") + len(b"startxref\n")
    start = content[place:].split(b"\n")[0]
    return content.replace(b"/Root 1 0 R >>", b"/Root 1 0 R /Prev " + start + b" >>")


def _displaced() -> bytes:
    content = pdf_bytes()
    place = content.rindex(b"startxref\n")
    return content[:place] + b"startxref\n7\n%%EOF\n"


def _deep_source() -> bytes:
    nest = b"[" * 50_000 + b"]" * 50_000
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Extra " + nest + b" >>"
    return _source(
        b"<< /Type /Catalog /Pages 2 0 R >>\nendobj\n<< /Type /Pages /Count 1 /Kids [3 0 R] >>\nendobj\n"
        + page
        + b"\nendobj\n"
    )


def _object_bomb(count: int) -> bytes:
    pages = b"<< /Type /Catalog /Pages 2 0 R >>\nendobj\n<< /Type /Pages /Count 1 /Kids [3 0 R] >>\nendobj\n"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>\nendobj\n"
    return _source_of_many(pages + page, count)


def _source_of_many(head: bytes, count: int) -> bytes:
    pieces, place, places = [b"%PDF-1.7\n"], 9, []
    for number, piece in enumerate([*head.split(b"\nendobj\n")[:-1], *([b"null"] * count)], 1):
        places.append(b"%010d 00000 n \n" % place)
        pieces.append(b"%d 0 obj\n%s\nendobj\n" % (number, piece))
        place += len(pieces[-1])
    pieces += [b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1), *places]
    pieces.append(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, place))
    return b"".join(pieces)


def _object_stream_bomb() -> bytes:
    """One compressed stream of objects whose only object is a list of half a thousand million numbers."""
    squeezer = zlib.compressobj(1)
    squeezed = squeezer.compress(b"3 0 [") + b"".join(squeezer.compress(b"0 " * MEGABYTE) for _ in range(512))
    squeezed += squeezer.compress(b"]") + squeezer.flush()
    pieces, places = [b"%PDF-1.7\n"], [9]
    for number, piece in (
        (1, b"<< /Type /Catalog /Pages 2 0 R /Extra 3 0 R >>"),
        (2, b"<< /Type /Pages /Count 1 /Kids [5 0 R] >>"),
        (4, _stream(b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", squeezed)),
        (5, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"),
    ):
        pieces.append(b"%d 0 obj\n" % number + piece + b"\nendobj\n")
        places.append(places[-1] + len(pieces[-1]))
    first, second, packed, page, table = places
    rows = ((0, 0, 65535), (1, first, 0), (1, second, 0), (2, 4, 0), (1, packed, 0), (1, page, 0), (1, table, 0))
    content = b"".join(struct.pack("!BIH", *row) for row in rows)
    pieces.append(b"6 0 obj\n" + _stream(b"/Type /XRef /Size 7 /W [1 4 2] /Root 1 0 R", content))
    pieces.append(b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % table)
    return b"".join(pieces)


def _stream(keys: bytes, content: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n" % (keys, len(content)) + content + b"\nendstream"


def _noisy(kind: str) -> bytes:
    """A picture that cannot be compressed away."""
    buffer = io.BytesIO()
    Image.effect_noise((300, 300), 90).convert("RGB").save(buffer, kind)
    return buffer.getvalue()


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack("!I", len(content)) + kind + content + struct.pack("!I", zlib.crc32(kind + content))


def _png(width: int, height: int, *chunks: bytes) -> bytes:
    head = struct.pack("!IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + b"".join(chunks) + _chunk(b"IEND", b"")


def _png_of(width: int, height: int, drawn: bytes = b"\0") -> bytes:
    return _png(width, height, _chunk(b"IDAT", zlib.compress(drawn)))


def _png_with(kind: bytes, head: bytes) -> bytes:
    squeezer = zlib.compressobj(9)
    squeezed = b"".join(squeezer.compress(bytes(MEGABYTE)) for _ in range(64)) + squeezer.flush()
    return _png(1, 1, _chunk(kind, head + squeezed), _chunk(b"IDAT", zlib.compress(b"\0\0")))


def _miscounted() -> bytes:
    content = bytearray(_noisy("PNG"))
    content[-20] ^= 0xFF
    content[40:60] = bytes(20)
    return bytes(content)


def _jpg_of(width: int, height: int) -> bytes:
    content = bytearray(picture_bytes("JPEG"))
    place = content.index(b"\xff\xc0")
    content[place + 5 : place + 9] = struct.pack("!HH", height, width)
    return bytes(content)


def _with(name: str, part: bytes) -> bytes:
    buffer = io.BytesIO(workbook_bytes())
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, part)
    return buffer.getvalue()


def _many_parts() -> bytes:
    buffer = io.BytesIO(workbook_bytes())
    with zipfile.ZipFile(buffer, "a") as package:
        for number in range(10_000):
            package.writestr(f"xl/media/{number}", b"")
    return buffer.getvalue()


def _locked_parts() -> bytes:
    content = bytearray(workbook_bytes())
    place = content.rindex(b"PK\x01\x02")
    content[place + 8] |= 0x1
    return bytes(content)


def _lying_bomb() -> bytes:
    """A part that says it unfolds to a thousand bytes and unfolds to three hundred megabytes."""
    content = bytearray(_with("xl/worksheets/sheet9.xml", bytes(300 * MEGABYTE)))
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", 1_000)
    return bytes(content)


def _other_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("readme.txt", "not a workbook")
    return buffer.getvalue()


def _damaged_part() -> bytes:
    content = bytearray(_with("xl/media/picture.bin", bytes(range(256)) * 40))
    place = content.rindex(b"xl/media/picture.bin", 0, content.rindex(b"PK\x01\x02"))
    content[place + 30] ^= 0xFF
    return bytes(content)
