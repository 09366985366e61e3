"""Why a file is refused; one Chinese sentence per code, for people who may never have heard of a file format."""

from __future__ import annotations

from grants.kernel.errors import InvalidError

REFUSALS: dict[str, str] = {
    "file_missing": "没有选择文件，请先选择再上传。",
    "file_empty": "这个文件是空的，请核对后重新选择。",
    "file_too_large": "文件超过 %(limit_mb)s MB 的上限，请压缩图片或拆分后再上传。",
    "file_type_refused": "这里只接受 %(accepted)s 文件，请转换后重新上传。",
    "file_not_what_it_says": "文件内容与扩展名不符：它不是真正的 %(claimed)s 文件。请用原来的软件重新导出。",
    "file_polyglot": "文件里混有另一种文件的内容，不能上传。请用原来的软件重新导出。",
    "file_old_workbook": "这是旧版 Excel 工作簿，请另存为 .xlsx 格式后再上传。",
    "file_broken": "文件内部已损坏，无法正常打开。请用原来的软件重新导出后再上传。",
    "file_truncated": "文件不完整，后面的内容缺失，可能没有下载或复制完。请重新取得完整的文件后再上传。",
    "file_encrypted": "文件加了打开密码，审查人员无法查看。请去除密码后再上传。",
    "file_restricted": "文件设置了打印、复制等限制，审查人员无法正常使用。请去除限制后再上传。",
    "file_scripted": "文件中含有脚本程序，不能上传。请用“打印为 PDF”重新导出。",
    "file_dynamic_form": "文件是动态表单（XFA），内容随软件变化，不能上传。请用“打印为 PDF”重新导出。",
    "file_active": "文件中含有自动运行或打开外部程序的动作，不能上传。请用“打印为 PDF”重新导出。",
    "file_carries_files": "文件里还嵌着其他文件，请取出后分别上传。",
    "file_links_out": "工作簿引用了其他文件或外部数据，请断开链接、只保留数值后再上传。",
    "file_has_macros": "工作簿中含有宏，请另存为不含宏的 .xlsx 后再上传。",
    "file_too_many_pages": "文件有 %(pages)s 页，超过 %(limit)s 页的上限，请精简或拆分。",
    "file_without_pages": "文件里没有任何一页内容，请核对后重新选择。",
    "file_too_many_pixels": "图片尺寸过大，请缩小到 8000 万像素以内（例如 A3 幅面 600 dpi）后再上传。",
    "file_too_complex": "文件结构过于复杂，无法核验。请删减内容，或用“打印为 PDF”重新导出。",
    "file_busy": "系统正忙，没有来得及核验这个文件。请稍后再上传一次。",
    "file_not_scanned_yet": "文件正在做安全检查，通常几秒钟即可完成，请稍后再打开。",
    "file_infected": "文件没有通过安全检查，可能带有病毒，任何人都不能打开。请在安全的电脑上重新制作后替换。",
    "file_scan_failed": "文件的安全检查没有完成，暂时不能打开。系统管理员已收到提示，您无需重新上传。",
    "workbook_too_large": "工作表太大，请只留下要导入的行和列，再上传。",
    "file_gone": "文件暂时取不到，请稍后再试；仍不行请联系受理部门。",
}


STATES: dict[str, tuple[str, str]] = {  # tone and label of a file's scan
    "file.pending": ("run", "正在检查"),
    "file.clean": ("ok", "已通过检查"),
    "file.infected": ("law", "未通过安全检查"),
    "file.failed": ("act", "检查未完成"),
}


class RefusedFileError(InvalidError):
    """A file that cannot be taken; ``code`` is one of REFUSALS. Nothing of it has been kept."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, **facts)

    @property
    def sentence(self) -> str:
        """The refusal in words."""
        return REFUSALS[self.code] % self.facts
