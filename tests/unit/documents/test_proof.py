import io
import zipfile
import zlib
from pathlib import Path

import pikepdf
import pytest

from grants.documents import RefusedFileError
from grants.documents.errors import REFUSALS
from grants.documents.proof import Proof, prove
from tests.factories import documents as made

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def proved(folder: Path, content: bytes, name: str, accept=("pdf", "jpg", "png", "xlsx"), max_pages=50) -> Proof:
    path = folder / "arrival"
    path.write_bytes(content)
    return prove(path, name=name, accept=accept, max_pages=max_pages)


@pytest.mark.parametrize(
    ("content", "name", "proof"),
    [
        (made.pdf_bytes(pages=3), "合同.PDF", Proof("application/pdf", 3)),
        (made.picture_bytes("JPEG"), "照片.jpeg", Proof("image/jpeg")),
        (made.picture_bytes("PNG"), "a.png", Proof("image/png")),
        (made.workbook_bytes(), "清单.xlsx", Proof(XLSX)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_opens_as_it_says_is_taken(tmp_path, content, name, proof):
    assert proved(tmp_path, content, name) == proof


def macro_workbook() -> bytes:
    buffer = io.BytesIO(made.workbook_bytes())
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr("xl/vbaProject.bin", b"macro")
    return buffer.getvalue()


def zip_bomb() -> bytes:
    buffer = io.BytesIO(made.workbook_bytes())
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/zeros.bin", bytes(210 * 1024 * 1024))
    return buffer.getvalue()


def picture_of(width: int, height: int) -> bytes:
    """A PNG whose header claims a size that was never drawn."""
    content = bytearray(made.picture_bytes("PNG"))
    content[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    content[29:33] = zlib.crc32(content[12:29]).to_bytes(4, "big")
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"MZ\x90\x00" + bytes(500), "申报表.pdf", "file_not_what_it_says"),
        (b"<html><script>alert(1)</script>", "申报表.pdf", "file_not_what_it_says"),
        (made.workbook_bytes() + made.pdf_bytes(), "两面.pdf", "file_not_what_it_says"),
        (made.pdf_bytes(), "其实是PDF.png", "file_not_what_it_says"),
        (b"%PDF-1.7\n" + bytes(300), "只有开头.pdf", "file_truncated"),
        (b"\x89PNG\r\n\x1a\n" + bytes(300), "只有开头.png", "file_broken"),
        (b"PK\x03\x04" + bytes(300), "只有开头.xlsx", "file_truncated"),
        (made.encrypted_pdf(user="open"), "有密码.pdf", "file_encrypted"),
        (made.encrypted_pdf(), "有限制.pdf", "file_restricted"),
        (made.scripted_pdf(), "脚本.pdf", "file_scripted"),
        (made.pdf_with_launching_link(), "启动.pdf", "file_active"),
        (made.pdf_with_attachment(), "嵌入.pdf", "file_carries_files"),
        (made.empty_pdf(), "无页.pdf", "file_without_pages"),
        (made.pdf_bytes(pages=51), "太长.pdf", "file_too_many_pages"),
        (picture_of(60_000, 60_000), "炸弹.png", "file_too_many_pixels"),
        (macro_workbook(), "宏.xlsx", "file_has_macros"),
        (zip_bomb(), "炸弹.xlsx", "file_too_complex"),
        (made.pdf_bytes(), "没有扩展名", "file_type_refused"),
        (made.pdf_bytes(), "程序.pdf.exe", "file_type_refused"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_does_not_is_refused_with_a_sentence(tmp_path, content, name, code):
    with pytest.raises(RefusedFileError) as refused:
        proved(tmp_path, content, name)

    assert refused.value.code == code
    assert refused.value.sentence.endswith("。")


def test_only_the_kinds_of_the_slot_are_taken(tmp_path):
    with pytest.raises(RefusedFileError) as refused:
        proved(tmp_path, made.picture_bytes("PNG"), "图.png", accept=("pdf", "xlsx"))

    assert refused.value.sentence == "这里只接受 PDF、XLSX 文件，请转换后重新上传。"


@pytest.mark.parametrize(
    "action",
    [
        pikepdf.Array([0, pikepdf.Name.Fit]),
        pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=pikepdf.Array([0, pikepdf.Name.Fit])),
    ],
)
def test_a_place_to_open_at_is_harmless(tmp_path, action):
    assert proved(tmp_path, made.pdf_opening_at(action), "定位.pdf").pages == 1


def test_every_refusal_is_one_sentence():
    assert all(text.endswith("。") and len(text) < 80 for text in REFUSALS.values())
