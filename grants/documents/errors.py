"""Why a file is refused; one Chinese sentence per code, for people who may never have heard of a file format."""

from __future__ import annotations

from grants.kernel.errors import InvalidError

REFUSALS: dict[str, str] = {
    "file_missing": "没有选择文件，请先选择再上传。",
    "file_empty": "这个文件是空的，请核对后重新选择。",
    "file_too_large": "文件超过 %(limit_mb)s MB 的上限，请压缩图片或拆分后再上传。",
    "file_type_refused": "这里只接受 %(accepted)s 文件，请转换后重新上传。",
    "file_not_what_it_says": "文件内容与扩展名不符：它不是真正的 %(claimed)s 文件。请用原来的软件重新导出。",
    "file_broken": "文件打不开，可能已损坏或没有传完。请重新导出后再上传。",
    "file_encrypted": "文件加了密码或限制，审查人员无法查看。请去除密码和限制后再上传。",
    "file_active": "文件中含有脚本、自动打开或运行程序的动作，不能上传。请用“打印为 PDF”重新导出。",
    "file_carries_files": "文件里还嵌着其他文件，请取出后分别上传。",
    "file_has_macros": "工作簿中含有宏，请另存为不含宏的 .xlsx 后再上传。",
    "file_too_many_pages": "文件有 %(pages)s 页，超过 %(limit)s 页的上限，请精简或拆分。",
    "file_without_pages": "文件里没有任何一页内容，请核对后重新选择。",
    "file_too_complex": "文件结构过于复杂，无法核验。请用“打印为 PDF”重新导出，或减小图片尺寸。",
    "file_gone": "文件暂时取不到，请稍后再试；仍不行请联系受理部门。",
}


class RefusedFileError(InvalidError):
    """A file that cannot be taken; ``code`` is one of REFUSALS. Nothing of it has been kept."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, **facts)

    @property
    def sentence(self) -> str:
        """The refusal in words."""
        return REFUSALS[self.code] % self.facts
