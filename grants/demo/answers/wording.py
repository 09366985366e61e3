"""Descriptive texts of projects, each in its own words, so that a comparison finds what it is meant to find."""

from __future__ import annotations

import random
from collections.abc import Sequence

BORROWS_EVERY = 7  # one applicant in so many has taken half of its sentences from the one before it
_THINGS = (
    "主轴振动 轴承温升 刀具寿命 停机记录 备件库存 点检路线 工单派发 油液指标 "
    "能耗曲线 班次台账 泊位计划 集卡调度 闸口预约 冷箱温度 舱单核对 拼箱作业 "
    "检查单 影像序列 阅片任务 会诊申请 质控评分 随访计划 批次赋码 墒情数据 "
    "预冷时间 货损登记 抽检结果 订单变更 供货周期 产能日历 在制库存 工艺路线 "
    "质检报告 能耗定额 碳排放因子 设备档案 维修经验 报警规则 门店库存 配送线路 "
    "合同履约 账期提醒 客户投诉 退换货 用工排班 安全巡查 隐患整改 应急预案 "
    "培训记录 资质到期"
)
THINGS = _THINGS.split()
_ACTORS = (
    "设备管理员 车间主任 调度员 报关员 放射科医师 社区医院 种植合作社 冷链司机 "
    "采购专员 质检员 工艺工程师 园区管委会 仓库保管员 客服坐席 中小供应商 "
    "第三方检测机构"
)
ACTORS = _ACTORS.split()
TURNS = (
    "{actor}原先靠电话和表格核对{one}，平均要{n}小时，差错往往在{two}环节才被发现",
    "把{one}与{two}放在同一条时间线上，{actor}能看出问题从哪一步开始",
    "{one}由现场终端自动采集，断网时在本地保留{n}天，恢复后按顺序补传，不丢不重",
    "对{two}建立基线，偏离百分之{n}即提醒{actor}，同时列出可能的三种原因",
    "{actor}可以自己调整{one}的阈值，改动留痕，{n}天内可以撤回",
    "先在{n}家单位试用，{one}的处理时间缩短近半，{two}的返工明显减少",
    "开放{one}接口，{actor}已有的软件不必更换即可读取{two}",
    "把{actor}的处理经验整理成{n}条规则，遇到{one}异常时逐条给出依据",
    "{two}按敏感程度分级，{actor}只看到办理所需的部分，查询{one}须写明事由",
    "以{one}预测下一周的{two}，误差超过百分之{n}的样本退回{actor}复核",
    "每月由{actor}抽查{n}份{one}，与{two}逐项比对，结果向使用单位公布",
    "{one}和{two}编码不一的，建立对照表，由{actor}确认后生效",
    "过去{one}只留纸质记录，{actor}追查{two}要翻{n}本台账",
    "手机上扫码登记{one}，比{actor}回办公室录入早{n}分钟",
    "{two}的责任人不清，{n}成的争议集中在{one}交接时",
    "系统给出三个方案供{actor}选择，各自写明对{one}和{two}的影响",
    "接入{n}种常见终端，{one}不符合格式的原样保存并标出，不丢弃",
    "{actor}休假时由替班人员看到同样的{one}，不因换人中断{two}",
    "连续{n}天没有新的{one}即自动询问{actor}是否停用",
    "{two}的统计口径写在表头，{actor}点开可以看到每个{one}的来源",
    "与上下游{n}家企业交换{one}，只交换结果，不交换{two}的明细",
    "用真实的{one}做了{n}轮演练，{actor}在演练中提出的意见全部有答复",
    "{one}异常先在本地处置，{n}秒内无人响应再通知{actor}，避免{two}误停",
    "老旧设备加装采集模块，每台改造不超过{n}小时，不影响{actor}当班的{two}",
)


def project_text(number: int, part: str, name: str, at_least: int) -> str:
    """A paragraph of at least so many characters about the project of that number; ``part`` tells paragraphs apart."""
    sentences = own_sentences(number, part, at_least)
    if number % BORROWS_EVERY == BORROWS_EVERY - 1:
        theirs = own_sentences(number - 1, part, at_least)
        sentences = [*theirs[: len(theirs) // 2], *sentences[len(theirs) // 2 :]]
    text = f"{name}要解决的问题如下。" + "".join(f"{sentence}。" for sentence in sentences)
    return text if len(text) >= at_least else text + project_text(number + 10_000, part, name, at_least - len(text))


def own_sentences(number: int, part: str, at_least: int) -> Sequence[str]:
    """Sentences that no other number has, about as many characters of them as asked for."""
    dice = random.Random(f"{part}:{number}")
    found: list[str] = []
    for turn in dice.sample(TURNS, len(TURNS)):
        if sum(map(len, found)) >= at_least:
            break
        one, two = dice.sample(THINGS, 2)
        found.append(turn.format(actor=dice.choice(ACTORS), one=one, two=two, n=dice.randrange(2, 40)))
    return found
