"""One form with a field of every kind, as it is and as it comes back with errors."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import Form, PasswordField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from grants.web.fields import (
    ChoiceField,
    ChoicesField,
    DatePartsField,
    DecimalTextField,
    ListField,
    MoneyField,
    PercentField,
    RadioChoiceField,
    UndertakingField,
    UploadField,
    UsccField,
    WholeNumberField,
    YesNoField,
)

CATEGORIES = {"industrial": _l("工业"), "basic": _l("基础"), "core": _l("核心")}
ENVIRONMENTS = {"cpu": _l("国产处理器"), "os": _l("国产操作系统"), "db": _l("国产数据库")}


class SampleForm(Form):
    """One field of every kind."""

    product = StringField(
        _l("产品名称"), [Length(max=80)], description=_l("与著作权登记证书上的全称一致"), default="示例产线仿真平台"
    )
    report_no = StringField(_l("第三方测试报告编号"))
    breakthrough = TextAreaField(
        _l("技术突破"),
        [Length(max=2000)],
        description=_l("100 到 2000 字"),
        default="在万级工序的排程问题上，求解时间由小时级缩短到 4 分钟以内……",
    )
    place = StringField(_l("登记机关所在地代码"), default="320500")
    uscc = UsccField(
        _l("统一社会信用代码"), description=_l("由单位资料带入，在“单位资料”修改"), default="91310115MA1EXMP19X"
    )
    category = ChoiceField(_l("产品类别"), options=CATEGORIES, default="industrial")
    dev_mode = RadioChoiceField(
        _l("研制方式"), options={"own": _l("自主研制"), "joint": _l("合作研制，须附合作开发协议")}, default="own"
    )
    branch = YesNoField(_l("是否为分支机构"))
    environments = ChoicesField(_l("国产环境"), options=ENVIRONMENTS, default=("cpu", "os"))
    employees = WholeNumberField(_l("从业人员"), unit="人", default=168)
    growth = PercentField(_l("营业收入增长率"), [Optional()], default=Decimal("12.5"))
    invoices = ListField(_l("发票号码"), default=("00000001", "00000002"))
    requested = MoneyField(_l("申请金额"), description=_l("精确到元"), default=120_000_000)
    received = MoneyField(_l("已到账"), default=150_000_000)
    investment = MoneyField(_l("项目总投资"), unit="wan_yuan", default=2_680_000_000)
    finished_on = DatePartsField(
        _l("研制完成日期"), description=_l("例如 2025 年 3 月 28 日"), default=date(2025, 3, 28)
    )
    reported_on = DatePartsField(_l("报告日期"), default=date(2027, 6, 30))
    report = UploadField(_l("a5 第三方测试报告"), max_pages=50)
    contract = UploadField(_l("a6 销售合同"), max_pages=50)
    password = PasswordField(_l("密码"))
    truth = UndertakingField(
        _l("真实性"), statement=_l("本单位对所填内容和所附材料的真实性、合法性、有效性负责。"), default=True
    )
    consent = UndertakingField(_l("授权查询公共信用信息"))
    score_a = DecimalTextField(_l("突破程度"), places=1, default=Decimal("10"))
    score_b = DecimalTextField(_l("指标领先"), places=1, default=Decimal("6.5"))
    score_note = TextAreaField(_l("评语"), default="仅一项指标有第三方测试，其余为自测，来源未注明页码。")
    metric_0 = StringField(default="求解时间（分）")
    ours_0 = DecimalTextField(default=Decimal(4))
    source_0 = StringField(default="a5 第 9 页")
    metric_1 = StringField(default="最大工序数")
    ours_1 = DecimalTextField(default=Decimal(20000))
    source_1 = StringField(_l("对标指标第 2 行，来源"))
    revenue_0 = MoneyField(unit="wan_yuan", default=8_620_000_000)
    profit_0 = MoneyField(unit="wan_yuan", default=640_000_000)
    revenue_1 = MoneyField(unit="wan_yuan", default=7_110_000_000)
    profit_1 = MoneyField(unit="wan_yuan")

    SHOWN_ERRORS: ClassVar[dict[str, object]] = {
        "report_no": _l("请填写报告编号，可在报告首页右上角找到"),
        "received": _l("已到账不应大于已开票 1,420,000 元"),
        "reported_on": _l("报告日期不能晚于今天"),
        "contract": _l("文件 24.6 MB，超过 20 MB。可压缩图片或拆为两个文件。"),
        "branch": _l("请选择“是”或“否”。"),
        "source_1": _l("请写明来源"),
    }

    def with_errors(self) -> SampleForm:
        """The form as it comes back after a faulty submission."""
        for name, sentence in self.SHOWN_ERRORS.items():
            self[name].errors = [str(sentence)]
        return self
