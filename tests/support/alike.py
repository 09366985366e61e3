"""A labelled set of proposals: pairs of texts of which it is known how the later one came about.

Sentences are put together from words of a field of application, so that two proposals on the same topic share words and
turns of phrase as real ones do, and nothing else.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

_WORDS: Mapping[str, str] = {
    "设备运维": (
        "数控机床 主轴 轴承 振动 温升 刀具 寿命 停机 备件 点检 润滑 工单 边缘网关 "
        "时序数据 剩余寿命 健康指数 故障树 诊断模型 维修班组 巡检路线 油液 传感器 "
        "采样频率 阈值 告警 误报 产线 节拍 良率 能耗 班次 台账 停线 拆检 校准 "
        "冗余"
    ),
    "港航物流": (
        "集装箱 堆场 岸桥 集卡 泊位 航次 舱单 提箱 预约 闸口 拥堵 调度员 船期 "
        "班轮 拼箱 冷箱 报关 查验 翻箱 作业链 无人集卡 路权 潮汐 引航 理货 铅封 "
        "箱号 中转 驳船 航道 装卸 吊具 配载 运价 订舱 空箱"
    ),
    "医疗影像": (
        "影像科 病灶 结节 阅片 胶片 随访 放射科 标注 假阳性 灵敏度 医联体 社区医院 "
        "会诊 检查单 脱敏 影像归档 序列 窗宽 肺部 乳腺 骨龄 医师 报告模板 危急值 "
        "质控 配准 分割 胸片 造影 核磁 知情同意 病历 互认 分诊 预约检查 复核"
    ),
    "农产品追溯": (
        "种植户 合作社 冷链 批次 赋码 大棚 土壤 墒情 农残 检测站 包装间 预冷 "
        "温度记录 货损 采收 分级 产地 门店 生鲜 配送车 追溯码 消费者 投诉 召回 "
        "施肥 病虫害 灌溉 品种 供货商 入库 抽检 保质期 分拣 农技员 收购价 损耗"
    ),
}
FIELDS: Mapping[str, tuple[str, ...]] = {topic: tuple(words.split()) for topic, words in _WORDS.items()}
TERMS: Mapping[str, str] = {  # what somebody replaces who says the same in other terms
    "平台": "系统",
    "采用": "运用",
    "建立": "构建",
    "企业": "单位",
    "数据": "资料",
    "模型": "算法",
    "提高": "提升",
    "降低": "压减",
    "减少": "削减",
    "现场": "一线",
    "人员": "员工",
    "形成": "产生",
    "通过": "借助",
    "实现": "达成",
    "用户": "客户",
}
TURNS = (
    "针对{0}与{1}长期脱节的问题，通过{2}把{3}接入平台，每{n}分钟更新一次",
    "采用{0}和{1}两级校验，{2}偏差超过百分之{n}时由{3}人员现场确认",
    "以{0}为主线建立{1}模型，用{2}的历史数据训练，再以{3}验证",
    "{0}由人工登记改为自动采集，减少{1}环节{n}个，{2}与{3}可以对照查询",
    "在{0}侧部署{1}服务，断网时保留{n}小时的{2}，恢复后与{3}对账",
    "已在{n}家企业试用，{0}的平均处理时间缩短，{1}和{2}的差错降低，{3}有据可查",
    "把{0}拆成{1}、{2}两步，前一步的结果作为{3}的输入，形成闭环",
    "{0}的规则由用户自行维护，{1}变化后{n}天内生效，不影响{2}和{3}",
    "对{0}给出置信区间，低于{n}个百分点的提示{1}复核，{2}与{3}留痕",
    "与{0}厂商约定开放接口，统一{1}编码，使{2}能够在{3}之间流转",
    "实现{0}到{1}的全程记录，{2}出现异常时可在{n}分钟内定位到{3}",
    "按{0}的轻重缓急排序，提高{1}利用率{n}个百分点，兼顾{2}和{3}",
)
BOILERPLATE = (
    "本项目符合国家和本市产业政策，建设单位具备相应的技术基础和实施条件",
    "项目实施过程中将严格执行国家有关法律法规和财务制度，专款专用，接受主管部门的监督检查",
    "项目团队结构合理，核心成员具有多年行业从业经验，能够保证项目按期保质完成",
    "项目建成后将产生良好的经济效益和社会效益，具有较强的示范带动作用和推广价值",
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A later text, the earlier one it came from or lies beside, and whether an officer should be shown it."""

    kind: str
    text: str
    earlier: str
    alike: bool


def sentences(dice: random.Random, topic: str, count: int) -> list[str]:
    """So many sentences of a field of application."""
    return [dice.choice(TURNS).format(*dice.sample(FIELDS[topic], 4), n=dice.randrange(2, 60)) for _ in range(count)]


def proposal(dice: random.Random, topic: str | None = None, count: int = 22) -> list[str]:
    """The sentences of a proposal, about ``count`` times forty characters."""
    return sentences(dice, topic or dice.choice(sorted(FIELDS)), count)


def written(parts: Sequence[str], *, boilerplate: bool = True) -> str:
    """Sentences as a text; with the phrases that every proposal has around them."""
    body = "。".join(parts)
    return f"{BOILERPLATE[0]}。{body}。{'。'.join(BOILERPLATE[1:])}。" if boilerplate else f"{body}。"


def reordered(dice: random.Random, parts: list[str]) -> list[str]:
    """The same sentences in another order."""
    return dice.sample(parts, len(parts))


def reworded(share: float) -> Callable[[random.Random, list[str]], list[str]]:
    """This share of the words, two characters each, replaced by others."""

    def reword(dice: random.Random, parts: list[str]) -> list[str]:
        return [
            "".join(
                _word(dice) if dice.random() < share else sentence[start : start + 2]
                for start in range(0, len(sentence), 2)
            )
            for sentence in parts
        ]

    return reword


def half_copied(dice: random.Random, parts: list[str]) -> list[str]:
    """Every second sentence taken over, the others new."""
    own = proposal(dice, count=len(parts))
    return [parts[n] if n % 2 else own[n] for n in range(len(parts))]


def embedded(dice: random.Random, parts: list[str]) -> list[str]:
    """The whole in the middle of a text three times as long."""
    return [*proposal(dice, count=len(parts)), *parts, *proposal(dice, count=len(parts))]


def in_other_terms(dice: random.Random, parts: list[str]) -> list[str]:
    """The same, every term for which there is another replaced."""
    return [_translated(sentence) for sentence in parts]


KINDS: Mapping[str, Callable[[random.Random, list[str]], list[str]]] = {
    "sentences reordered": reordered,
    "10 % of words changed": reworded(0.10),
    "30 % of words changed": reworded(0.30),
    "half copied": half_copied,
    "copied into a longer text": embedded,
    "terms replaced": in_other_terms,
}


def labelled_pairs(count: int, *, seed: int = 1) -> list[Pair]:
    """``count`` pairs of each kind: copies of every kind, boilerplate only, and unrelated work on the same topic."""
    dice = random.Random(seed)
    pairs = []
    for _ in range(count):
        for kind, change in KINDS.items():
            parts = proposal(dice)
            pairs.append(Pair(kind, written(change(dice, parts)), written(parts), True))
        topics = dice.sample(sorted(FIELDS), 2)
        apart = [written(proposal(dice, topic)) for topic in topics]
        pairs.append(Pair("boilerplate only", *apart, alike=False))
        near = [written(proposal(dice, topics[0])) for _ in range(2)]
        pairs.append(Pair("same topic, unrelated", *near, alike=False))
    return pairs


def _word(dice: random.Random) -> str:
    return chr(dice.randrange(0x4E00, 0x9000)) + chr(dice.randrange(0x4E00, 0x9000))


def _translated(sentence: str) -> str:
    for term, other in TERMS.items():
        sentence = sentence.replace(term, other)
    return sentence
