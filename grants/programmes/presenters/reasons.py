"""One text per reason, one label per state of a draft."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

REASONS: dict[str, object] = {
    "definition_faulty": _l("定义文件有错误，没有载入；请按列出的位置修改后重新载入。"),
    "definition_version_taken": _l("这个版本号已被使用，而内容不同。已有的版本不能改动，请提高版本号后再试。"),
    "definition_published": _l("这个版本已经发布。"),
    "definition_not_published": _l("这个版本还没有发布，不能用来开设批次。"),
    "definition_own_load": _l("这个版本由您载入，请另一名管理员核对后发布。"),
    "case_faulty": _l("申报内容与专项定义不符，没有处理。"),
    "parameters_faulty": _l("批次参数有缺漏或超出范围，没有保存。"),
    "draft_moved": _l("您打开以后，另一名管理员改过这一处，您的修改没有覆盖它。请对照两边的内容后决定。"),
    "draft_proposed": _l("草稿已提交第二人审批，不能修改；需要修改的，请先撤回。"),
    "draft_closed": _l("这份草稿已经发布或放弃，不能再修改；请新建草稿。"),
    "draft_not_proposed": _l("这份草稿没有在等待审批，请刷新后查看最新状态。"),
    "own_draft": _l("这份草稿由您提交，请另一名管理员审批。"),
    "draft_too_large": _l("定义超过 %(kilobytes)s kB，没有保存。请精简后再试。"),
    "draft_unprintable": _l("内容中有不可显示的字符，没有保存。请删去后再试。"),
    "draft_in_pieces": _l("按现在的写法不能单独修改这一处，没有保存。请在“全文”中修改。"),
    "rule_key_taken": _l("规则编号“%(key)s”已被使用，没有保存。请换一个编号。"),
    "draft_without_reason": _l("请写明理由，不超过 2000 字。"),
    "draft_of_another": _l("草稿中的代码改成了“%(programme)s”，与本专项不符，没有提交。请改回原来的代码。"),
    "impact_not_ready": _l("对已有申报的影响还没有算完，不能发布。请稍候刷新；没有开始的，请先预览影响。"),
    "try_refs_missing": _l("请填写一至十件申报的编号，用空格或换行隔开。"),
    "draft_without_difference": _l("除版本号外，草稿与第 %(version)s 版没有不同，没有提交。"),
}

STATES: dict[str, tuple[str, object]] = {
    "definition_draft.drafting": ("act", _l("编辑中")),
    "definition_draft.proposed": ("run", _l("待第二人审批")),
    "definition_draft.published": ("ok", _l("已发布")),
    "definition_draft.discarded": ("end", _l("已放弃")),
}
