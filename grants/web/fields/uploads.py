"""A file field with its limits; what a file really is, is proved by ``documents``, not here."""

from __future__ import annotations

from collections.abc import Collection
from os import SEEK_END
from pathlib import PurePosixPath
from typing import Any

from flask_babel import gettext as _
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms.validators import ValidationError

BYTES_PER_MB = 1024 * 1024
_ALIASES = {"jpeg": "jpg"}


def megabytes(size: int) -> str:
    """A size in bytes for reading: ``24.6 MB``, ``20 MB``, ``3 KB``."""
    if size < BYTES_PER_MB:
        return f"{max(1, -(-size // 1024))} KB"
    tenths = -(-size * 10 // BYTES_PER_MB)
    return f"{tenths // 10}.{tenths % 10} MB" if tenths % 10 else f"{tenths // 10} MB"


def limits_in_words(accept: Collection[str], max_bytes: int, max_pages: int | None) -> str:
    """What a file may be: ``PDF，20 MB、50 页以内``."""
    kinds = str(_("或")).join(kind.upper() for kind in accept)
    if max_pages is None:
        return str(_("%(kinds)s，%(size)s 以内", kinds=kinds, size=megabytes(max_bytes)))
    return str(_("%(kinds)s，%(size)s、%(pages)s 页以内", kinds=kinds, size=megabytes(max_bytes), pages=max_pages))


class UploadField(FileField):
    """One file; data is a FileStorage or None. ``accept`` are extensions without dot, ``max_bytes`` is exact."""

    control = "file"

    def __init__(
        self,
        label: str | None = None,
        validators: Any = None,
        *,
        accept: tuple[str, ...] = ("pdf",),
        max_bytes: int = 20 * BYTES_PER_MB,
        max_pages: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.accept, self.max_bytes, self.max_pages = accept, max_bytes, max_pages

    @property
    def accept_attribute(self) -> str:
        """Value of the input's ``accept``: ``.pdf,.jpg``."""
        return ",".join(f".{kind}" for kind in self.accept)

    @property
    def limits(self) -> str:
        """The limits in words."""
        return limits_in_words(self.accept, self.max_bytes, self.max_pages)

    def pre_validate(self, form: Any) -> None:
        if not isinstance(self.data, FileStorage):
            return
        self._check_extension(self.data.filename or "")
        self._check_size(self.data)

    def _check_extension(self, filename: str) -> None:
        extension = PurePosixPath(filename.replace("\\", "/")).suffix.lower().removeprefix(".")
        if _ALIASES.get(extension, extension) not in {_ALIASES.get(kind, kind) for kind in self.accept}:
            kinds = str(_("或")).join(kind.upper() for kind in self.accept)
            raise ValidationError(_("只接受 %(kinds)s。请转换后重新选择文件。", kinds=kinds))

    def _check_size(self, upload: FileStorage) -> None:
        here = upload.stream.tell()
        size = upload.stream.seek(0, SEEK_END)
        upload.stream.seek(here)
        if size == 0:
            raise ValidationError(_("这个文件是空的，请核对后重新选择。"))
        if size > self.max_bytes:
            facts = {"size": megabytes(size), "limit": megabytes(self.max_bytes)}
            raise ValidationError(_("文件 %(size)s，超过 %(limit)s。可压缩图片或拆为两个文件。", **facts))
