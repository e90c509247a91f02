"""The demo's invented technologies, and whole forms about them whose texts keep the printed limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nominations.rules.counting import count_characters


@dataclass(frozen=True)
class Technology:
    """An invented technology: what it is called, where it belongs, and the words its texts are made of."""

    name: str
    track: str
    industries: tuple[str, ...]
    readiness: str
    problem: str
    core: str
    field: str


TECHNOLOGIES = (
    Technology(
        "面向产线的毫米波三维成像检测技术",
        "电子信息",
        ("3974", "401"),
        "TRL8",
        "不透光封装内部缺陷难以在线检出",
        "稀疏阵列与相位自校准重建",
        "电子封装、锂电池和食品包装产线",
    ),
    Technology(
        "低功耗边缘语音理解芯片",
        "电子信息",
        ("3973",),
        "TRL7",
        "端侧语音理解功耗高、离线能力弱",
        "存内计算阵列与事件触发唤醒",
        "家电、工业巡检终端和助听设备",
    ),
    Technology(
        "城市级时空数据流式融合引擎",
        "电子信息",
        ("6513", "655"),
        "TRL8",
        "多源时空数据到达乱序、融合延迟大",
        "水位线自适应与增量空间索引",
        "城市交通、应急和水务管理",
    ),
    Technology(
        "单光子阵列车载激光雷达",
        "电子信息",
        ("3962", "396"),
        "TRL7",
        "远距离弱回波条件下测距精度不足",
        "单光子阵列与直方图片上压缩",
        "智能网联汽车、港口和矿区车辆",
    ),
    Technology(
        "长效微球缓释给药平台",
        "生物医药",
        ("2720", "276"),
        "TRL6",
        "慢性病注射给药频次高、血药浓度波动大",
        "微流控连续乳化与孔道闭合固化",
        "糖尿病、精神疾病等慢性病用药",
    ),
    Technology(
        "术中荧光导航成像系统",
        "生物医药",
        ("3581",),
        "TRL8",
        "肿瘤边界在术中难以实时辨识",
        "双通道近红外荧光与白光配准",
        "肝胆、乳腺和胃肠外科手术",
    ),
    Technology(
        "大口径薄壁构件机器人自适应磨抛技术",
        "装备制造",
        ("3491", "374"),
        "TRL8",
        "薄壁构件刚性弱、磨抛余量不均",
        "力位混合控制与在线余量预测",
        "航空发动机机匣和风电叶片制造",
    ),
    Technology(
        "五轴联动数控系统误差实时补偿技术",
        "装备制造",
        ("3425",),
        "TRL9",
        "热变形与几何误差耦合导致精度漂移",
        "主轴热场稀疏感知与补偿表在线更新",
        "精密模具和航空结构件加工",
    ),
    Technology(
        "深海作业机械手电液复合驱动技术",
        "装备制造",
        ("3737", "349"),
        "TRL7",
        "深海高压环境下关节驱动响应慢",
        "压力自平衡电液执行器与力反馈遥操作",
        "海洋油气检修和海底观测网布放",
    ),
    Technology(
        "高速列车轴承智能诊断装备",
        "装备制造",
        ("3714",),
        "TRL8",
        "早期疲劳剥落信号被轮轨噪声淹没",
        "阶次跟踪与稀疏字典联合诊断",
        "轨道交通车辆运维",
    ),
    Technology(
        "耐六百五十摄氏度高温钛合金板材",
        "先进材料",
        ("3254", "325"),
        "TRL7",
        "高温钛合金板材组织不均、蠕变寿命短",
        "多向轧制与两相区梯度热处理",
        "航空航天热端构件",
    ),
    Technology(
        "可回收热固性复合材料",
        "先进材料",
        ("2659",),
        "TRL6",
        "热固性复合材料退役后难以回收",
        "动态共价网络与温和解聚工艺",
        "风电叶片和汽车轻量化部件",
    ),
    Technology(
        "工业窑炉富氧燃烧与烟气余热梯级利用技术",
        "绿色低碳",
        ("3461",),
        "TRL8",
        "窑炉排烟温度高、单位产品能耗大",
        "富氧分级燃烧与相变换热器组合",
        "建材、冶金和玻璃行业",
    ),
    Technology(
        "盐碱地光伏与耐盐作物协同系统",
        "绿色低碳",
        ("4416",),
        "TRL7",
        "盐碱地利用率低、光伏用地受限",
        "双面组件间距优化与滴灌控盐",
        "滨海和内陆盐碱地区",
    ),
    Technology(
        "高压大流量电液比例阀",
        "产业基础",
        ("3444",),
        "TRL8",
        "高压大流量工况下阀芯卡滞、重复精度低",
        "阀芯表面织构与位移闭环控制",
        "工程机械和盾构装备",
    ),
    Technology(
        "高纯电子级磷酸制备工艺",
        "产业基础",
        ("2611",),
        "TRL7",
        "电子级磷酸金属杂质含量控制困难",
        "熔融结晶与超净膜过滤耦合",
        "集成电路和显示面板制造",
    ),
    Technology(
        "多物理场耦合仿真求解内核",
        "产业基础",
        ("6511",),
        "TRL7",
        "复杂装备多物理场仿真依赖单一来源软件",
        "异构并行求解与网格自适应",
        "能源装备和航空航天设计",
    ),
    Technology(
        "精密减速器柔轮材料与热处理技术",
        "产业基础",
        ("3453",),
        "TRL8",
        "柔轮疲劳寿命短、批次一致性差",
        "夹杂物控制与表面残余应力设计",
        "工业机器人和数控转台",
    ),
)
"""All invented; none describes a product that exists."""

_INTRODUCTION = (
    "本技术为演示用的虚构内容。针对{field}中{problem}的难题，提出以{core}为核心的整体技术路线，"
    "从机理、方法、装备和标准四个方面开展研究，形成了具有自主知识产权的成套技术。",
    "在机理方面，建立了反映主要影响因素的模型，给出关键参数之间的定量关系，并通过台架试验和现场试验加以验证，"
    "模型预测与实测结果的平均偏差小于百分之五。",
    "在方法方面，{core}把原来离线完成的判断提前到过程之中，使调整可以在一个节拍之内完成，"
    "既减少了返工，也避免了过度加工。",
    "在装备方面，完成了样机研制、可靠性试验和用户试用，累计运行超过八千小时，主要性能指标达到设计要求，"
    "维护周期由一个月延长到一个季度。",
    "在标准方面，参与编制团体标准两项，形成工艺规程和操作手册各一套，为成果的转移转化和推广应用打下了基础。",
    "与现有做法相比，本技术在精度、效率和能耗三项指标上均有明显提高，综合成本下降约两成，"
    "关键部件和核心软件均可在国内配套，具备批量供应的条件。",
    "项目组由长期从事相关研究的科研人员和具有现场经验的工程人员组成，分工明确，保障有力。",
)
_SCENARIOS = (
    "本技术为演示用的虚构内容。主要面向{field}，可以作为新建产线的标准配置，也可以用于既有产线的改造升级，"
    "不改变原有的厂房布局和公用工程条件。",
    "第一类场景是新建项目。设计阶段即可按照给定的接口预留位置，安装调试一般在两周之内完成，"
    "操作人员经过三天培训可以独立上岗。",
    "第二类场景是改造项目。针对{problem}的现场，采用旁路安装、分段切换的方式实施，"
    "单台设备停机时间控制在一个班次以内，投资回收期约为十八个月。",
    "第三类场景是联合服务。由技术持有方提供核心部件和算法，由设备制造企业负责集成，由使用单位提供运行数据，"
    "三方按约定共享改进成果。",
    "目前已在三家单位开展示范应用，覆盖大中小不同规模的生产条件，运行稳定，得到使用单位认可。",
    "随着{core}的持续完善，还可以推广到相邻行业，在检测、维护和工艺优化等环节发挥作用，应用前景广阔。",
    "下一步将结合试点城市（园区）的产业需求，选择若干重点企业开展规模化应用，并建立面向用户的培训和服务体系。",
)
_MORE = (
    "技术资料完整，来源清楚，可以按照约定的方式公开、许可或者转让，便于开展后续合作。",
    "相关数据均来自第三方检测和现场记录，过程可以追溯，结果可以复核，符合管理要求。",
    "项目组将继续收集使用单位的意见，按季度改进软件和部件，不断提高可靠性和易用性。",
    "在推广过程中注重人才培养，与使用单位共同编写教材，组织操作和维护人员的实训。",
)


def text_between(sentences: tuple[str, ...], technology: Technology, fewest: int, most: int) -> str:
    """Whole sentences about a technology, at least ``fewest`` and at most ``most`` 字 in all."""
    words = {"field": technology.field, "problem": technology.problem, "core": technology.core}
    text = ""
    for sentence in (*sentences, *_MORE):
        longer = text + sentence.format(**words)
        if count_characters(longer) > most:
            break
        text = longer
        if count_characters(text) >= fewest + 20 and sentence is sentences[-1]:
            break
    if not fewest <= count_characters(text) <= most:
        raise ValueError(f"{technology.name}: {count_characters(text)}字")
    return text


def answers(technology: Technology, holder: str, contact: str) -> dict[str, Any]:
    """A whole form of 先导技术榜 about a technology; ``holder`` is the organisation, ``contact`` a person."""
    filled: dict[str, Any] = {
        "technology_name": technology.name,
        "holder_name": holder,
        "track": technology.track,
        "industries": list(technology.industries),
        "readiness": technology.readiness,
        "transfer_forms": ["可进行交易", "已经有合作"],
        "contact_name": contact,
        "phone": "010-56057633",
        "address": "演示省演示市创新路1号",
        "email": "contact@demo.invalid",
        "team_profile": (
            f"团队（演示）长期从事{technology.field}方面的研究与应用，现有成员二十六人，其中高级职称九人，"
            f"博士十二人，围绕{technology.core}形成了从理论研究、工程开发到应用推广的完整能力。"
        ),
        "introduction_text": text_between(_INTRODUCTION, technology, 400, 600),
        "scenarios_text": text_between(_SCENARIOS, technology, 400, 600),
        "rights_text": f"围绕{technology.core}，已获授权发明专利三项，发表与关键功能相关的论文四篇（演示）。",
        "rights_rows": [
            {
                "kind": "发明专利",
                "title": f"{technology.name}及其装置",
                "number": "ZL000000000000.0",
                "date": "2021-06",
                "holder": holder,
            }
        ],
        "awards_rows": [{"name": "演示科学技术奖一等奖", "level": "全国学会奖", "date": "2021-11"}],
        "economy_text": "预计形成产品后三年内在所在行业的市场占有率达到一成，年均新增收入约八千万元（演示）。",
        "society_text": f"缓解{technology.problem}的问题，带动上下游企业共同提高技术水平（演示）。",
    }
    if technology.track == "产业基础":
        filled["foundation_kind"] = "基础零部件和元器件"
    if technology.track == "绿色低碳":
        filled["green_direction"] = "工业"
    return filled
