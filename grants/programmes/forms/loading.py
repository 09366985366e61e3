"""The form that takes a definition file."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileRequired

from grants.web.fields import UploadField
from grants.web.forms import StageForm

MAX_BYTES = 500_000


class LoadDefinitionForm(StageForm):
    """One YAML file."""

    file = UploadField(
        _l("定义文件"),
        [FileRequired(_l("请选择定义文件。"))],
        accept=("yaml", "yml"),
        max_bytes=MAX_BYTES,
        description=_l("一个文件是一个专项的一个版本，UTF-8 编码的 YAML 文本。"),
    )

    def text(self) -> str | None:
        """The file's text; None, with the reason beside the field, where it is not UTF-8."""
        try:
            return str(self.file.data.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            self.file.errors = [*self.file.errors, str(_l("文件不是 UTF-8 编码的文本，请另存为 UTF-8 后重新选择。"))]
            return None
