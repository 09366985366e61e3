"""What each kind of message has a worker do, in the words of operators."""

from __future__ import annotations

KINDS: dict[str, str] = {
    "acceptance.confirmed": "批量受理",
    "application.submitted": "自动核验",
    "application.passed_district": "区级初审意见后的核验",
    "application.asof_reached": "截止日后的复核",
    "application.recheck_asked": "重新核验",
    "application.claims_released": "释放占用后的关联核验",
    "application.expired": "逾期后的关联核验",
    "application.rejected": "不予受理后的关联核验",
    "application.withdrawn": "撤回后的关联核验",
    "application_pdf.requested": "生成申报材料 PDF",
    "call.concluded": "结果确定后释放占用",
    "deadline.extended": "延期生效与通知",
    "formal_notice.issued": "生成书面通知",
    "review.panel_completed": "汇总评审意见",
    "notice.published": "生成公示文件",
    "award_list.released": "生成名单文件",
    "definition.proposed": "预估规则变动的影响",
    "impact.asked": "影响预估：分组",
    "impact.chunk_cut": "影响预估：逐组判断",
    "file.cleared": "生成附件预览",
    "file.received": "附件安全检查",
    "file.forgotten": "删除附件内容",
    "register_import.received": "读取登记信息表头",
    "register_import.mapped": "核对登记信息内容",
    "password.forgotten": "重置密码邮件",
    "mail.requested": "发送邮件",
}


def kind_words(topic: str) -> str:
    """The words of a topic; one that has none is called by its own name."""
    return KINDS.get(topic, topic)
