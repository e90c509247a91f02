"""Rankings: 先导技术榜, its form (附件2) and its conditions (附件1 一)."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from nominations.fields.base import Condition, Declaration, Option, Question, Seal, Section, options

INDUSTRY_TRACKS = ("电子信息", "生物医药", "装备制造", "先进材料", "绿色低碳")
GREEN = ("绿色低碳",)
FOUNDATION = ("产业基础",)

CANNOT_TRANSFER = "不能再次转化"

TECHNOLOGY = Section(
    key="technology",
    title="技术基本情况",
    questions=(
        Question(key="technology_name", label="技术名称", kind="short_text"),
        Question(key="holder_name", label="所属单位（团队）名称", kind="short_text"),
        Question(
            key="track",
            label="所属领域",
            kind="one_of",
            hint=_("领域决定推荐名额、申报条件和初评机构"),
            box="after",
            per_line=2,
            options=options("电子信息", "装备制造", "先进材料", "生物医药", "绿色低碳", "产业基础"),
        ),
        Question(
            key="industries",
            label="重点服务行业及应用领域",
            kind="industry",
            hint=_("按GB/T 4754-2017的中类和小类选择，可选多项；可输入名称、代码或拼音首字母查找"),
            note="（参照GB/T4754-2017规定的中类和小类填写）",
            catalogue="industries",
            levels=("中类", "小类"),
            max_count=20,
        ),
        Question(
            key="readiness",
            label="技术成熟度",
            kind="one_of",
            hint=_("参照GB/T 22900-2009《科学技术研究项目评价通则》的技术就绪水平量值（通知中印作2290）"),
            note="（可参照“技术就绪水平量值” GB/T 2290-2009测算；填写TRL1-TRL9之间的值）",
            options=(
                Option("TRL1", _("观察到并报告了基本原理")),
                Option("TRL2", _("形成了技术概念和/或应用设想")),
                Option("TRL3", _("通过分析和试验对关键功能和/或特性作了概念验证")),
                Option("TRL4", _("在实验室环境中验证了部件和/或试验板")),
                Option("TRL5", _("在相关环境中验证了部件和/或试验板")),
                Option("TRL6", _("在相关环境中演示了系统、分系统模型或样机")),
                Option("TRL7", _("在运行环境中演示了系统样机")),
                Option("TRL8", _("实际系统完成，并通过试验和演示考核")),
                Option("TRL9", _("实际系统经任务运行成功考验")),
            ),
        ),
        Question(
            key="transfer_forms",
            label="技术成果转化形式（可多选）",
            short="技术成果转化形式",
            kind="any_of",
            box="after",
            per_line=2,
            options=options("可进行交易", "在内部进行转化", "只能合作生产", "已经有合作", CANNOT_TRANSFER),
        ),
    ),
)

TEAM = Section(
    key="team",
    title="技术团队基本情况",
    questions=(
        Question(key="contact_name", label="联系人", kind="short_text", width="half"),
        Question(
            key="phone",
            label="电话",
            kind="phone",
            hint=_("手机或座机均可，座机写区号，例如010-56057633"),
            width="half",
        ),
        Question(key="address", label="地址", kind="short_text"),
        Question(key="email", label="邮箱", kind="email"),
        Question(
            key="team_profile",
            label="技术团队简介（200字）",
            short="技术团队简介",
            kind="long_text",
            hint=_("字数按字符计，不含空格"),
            max_count=200,
        ),
    ),
)

# Not in the printed form, but asked for by the conditions of annex 1: the answers go to those who judge them.
ELIGIBILITY = Section(
    key="eligibility",
    title="申报条件相关情况",
    printed=False,
    questions=(
        Question(
            key="foundation_kind",
            label="所属“五基”领域",
            kind="one_of",
            tracks=FOUNDATION,
            options=options(
                "基础零部件和元器件", "基础材料", "工业基础软件", "基础制造工艺及装备", "产业技术基础"
            ),
        ),
        Question(
            key="green_direction",
            label="面向的绿色低碳方向",
            kind="one_of",
            tracks=GREEN,
            options=options("能源", "交通", "工业", "建筑", "农林", "生态环境保护与修复"),
        ),
        Question(
            key="pilot_city",
            label="开发或应用所在的试点城市（园区）",
            kind="pilot_city",
            tracks=INDUSTRY_TRACKS,
            hint=_("在试点城市开发或应用的优先；填写“科创中国”试点城市（园区）的全称，没有则不填"),
            required=False,
        ),
    ),
)

INTRODUCTION = Section(
    key="introduction",
    title="一、技术介绍（400-600字）",
    layout="block",
    questions=(
        Question(
            key="introduction_text",
            label="技术介绍",
            kind="long_text",
            hint=_("字数按字符计，不含空格"),
            min_count=400,
            max_count=600,
        ),
    ),
)

SCENARIOS = Section(
    key="scenarios",
    title="二、技术应用场景介绍（400-600字）",
    layout="block",
    questions=(
        Question(
            key="scenarios_text",
            label="技术应用场景介绍",
            kind="long_text",
            hint=_("字数按字符计，不含空格"),
            min_count=400,
            max_count=600,
        ),
    ),
)

RIGHTS = Section(
    key="rights",
    title="三、技术知识产权情况",
    note="（仅限具有发明专利的技术、工艺、材料、产品或生物品种，或技术成果关键功能相关论文的发表情况）",
    layout="block",
    questions=(
        Question(key="rights_text", label="技术知识产权情况", kind="long_text"),
        Question(
            key="rights_rows",
            label="发明专利和论文",
            kind="rows",
            hint=_("逐项填写发明专利和论文，最多50项"),
            required=False,
            columns=(
                Question(
                    key="kind",
                    label="类别",
                    kind="one_of",
                    options=options("发明专利", "论文"),
                ),
                Question(key="title", label="专利名称或论文题目", kind="short_text"),
                Question(
                    key="number",
                    label="专利号或论文刊名及卷期",
                    kind="short_text",
                ),
                Question(
                    key="date",
                    label="授权或发表时间",
                    kind="month",
                    hint=_("年-月，例如2021-06"),
                ),
                Question(key="holder", label="专利权人或作者", kind="short_text"),
            ),
        ),
    ),
)

AWARDS = Section(
    key="awards",
    title="四、技术获奖情况",
    note="（包括国家奖、省部级奖、全国学会奖、行业奖及获奖时间）",
    layout="block",
    questions=(
        Question(
            key="awards_rows",
            label="技术获奖情况",
            short="奖项",
            kind="rows",
            required=False,
            columns=(
                Question(key="name", label="奖项名称", kind="short_text"),
                Question(
                    key="level",
                    label="奖项级别",
                    kind="one_of",
                    options=options("国家奖", "省部级奖", "全国学会奖", "行业奖"),
                ),
                Question(key="date", label="获奖时间", kind="month", hint=_("年-月，例如2021-06")),
            ),
        ),
    ),
)

ECONOMY = Section(
    key="economy",
    title="五、经济效益",
    note="（指技术形成产品预期达到的所在行业市场占有率及经济收入或成本降低额）",
    layout="block",
    questions=(Question(key="economy_text", label="经济效益", kind="long_text"),),
)

SOCIETY = Section(
    key="society",
    title="六、社会效益",
    note=(
        "（指对行业或社会发展所起的作用，如解决行业关键技术的“卡脖子”问题、解决国家重大需求、"
        "提高人民生活质量和健康水平等方面）"
    ),
    layout="block",
    questions=(Question(key="society_text", label="社会效益", kind="long_text"),),
)

CONDITIONS = (
    Condition(
        key="industry_purpose",
        text=(
            "电子信息、生物医药、装备制造、先进材料等四大产业领域遴选代表本领域前沿水平、面向产业需求具有开创性突破、"
            "市场带动力强、商业潜力巨大，可转化、可转移、可交易，具有产业先导意义的技术成果。"
        ),
        clause="附件1 一（一）",
        kind="reviewer",
        tracks=("电子信息", "生物医药", "装备制造", "先进材料"),
    ),
    Condition(
        key="green_direction",
        text="绿色低碳领域面向能源、交通、工业、建筑、农林等各类行业方向及生态环境保护与修复，",
        clause="附件1 一（一）",
        kind="computed",
        tracks=GREEN,
        rule="answered",
        question="green_direction",
    ),
    Condition(
        key="green_purpose",
        text="遴选实现减污降碳扩绿协同增效，具有商业化推广利用价值的共性、关键和战略性前沿技术。",
        clause="附件1 一（一）",
        kind="reviewer",
        tracks=GREEN,
    ),
    Condition(
        key="early_proof",
        text="技术具有创新性、战略性、引领性、突破性，达到一定成熟度且通过早期验证。",
        clause="附件1 一（一）1",
        tracks=INDUSTRY_TRACKS,
    ),
    Condition(
        key="transferable",
        text=(
            "技术可转化、可转移、可交易，具有潜在的产业价值和广泛的市场应用前景，"
            "技术持有方强烈的转化、推广应用意愿。"
        ),
        clause="附件1 一（一）2",
        tracks=INDUSTRY_TRACKS,
        rule="not_ticked",
        question="transfer_forms",
        arguments=(CANNOT_TRANSFER,),
    ),
    Condition(
        key="pilot_city",
        text="在试点城市开发或应用的优先。",
        clause="附件1 一（一）3",
        kind="preference",
        tracks=INDUSTRY_TRACKS,
        rule="pilot_city",
        question="pilot_city",
    ),
    Condition(
        key="not_honoured",
        text="入选{year-1}年“科创中国”先导技术榜的项目不再纳入候选。",
        clause="附件1 一（一）",
        kind="computed",
        tracks=INDUSTRY_TRACKS,
        rule="not_honoured",
        question="technology_name",
        arguments=("先导技术榜",),
    ),
    Condition(
        key="foundation_purpose",
        text=(
            "遴选破除瓶颈制约、填补国内科技空白，实现自主可控，具备高稳定性、高可靠性、高环境适应性的"
            "基础零部件和元器件、基础材料、工业基础软件、基础制造工艺及装备、产业技术基础等。"
        ),
        clause="附件1 一（二）",
        kind="reviewer",
        tracks=FOUNDATION,
    ),
    Condition(
        key="foundation_kind",
        text=(
            "属于“五基”领域，即基础零部件和元器件、基础材料、工业基础软件、基础制造工艺及装备、"
            "产业技术基础领域的技术成果。"
        ),
        clause="附件1 一（二）1",
        kind="computed",
        tracks=FOUNDATION,
        rule="answered",
        question="foundation_kind",
    ),
    Condition(
        key="breakthrough",
        text="属于重大突破性的原始创新技术。",
        clause="附件1 一（二）2",
        tracks=FOUNDATION,
    ),
    Condition(
        key="imported",
        text="被国外禁运或长期依赖进口。",
        clause="附件1 一（二）3",
        tracks=FOUNDATION,
    ),
    Condition(
        key="applicable",
        text="技术可推广、可应用。技术持有方强烈的转化、推广应用意愿。",
        clause="附件1 一（二）4",
        tracks=FOUNDATION,
        rule="not_ticked",
        question="transfer_forms",
        arguments=(CANNOT_TRANSFER,),
    ),
    Condition(
        key="not_honoured_foundation",
        text="入选{year-1}年“科创中国”突破短板关键技术榜（装备制造领域）的项目不再纳入候选。",
        clause="附件1 一（二）",
        kind="computed",
        tracks=FOUNDATION,
        rule="not_honoured",
        question="technology_name",
        arguments=("突破短板关键技术榜", "装备制造"),
    ),
)

DECLARATION = Declaration(
    key="pioneer_technology",
    name="先导技术榜",
    title="{year}年“科创中国”先导技术榜单",
    title_question="technology_name",
    sections=(
        TECHNOLOGY,
        TEAM,
        ELIGIBILITY,
        INTRODUCTION,
        SCENARIOS,
        RIGHTS,
        AWARDS,
        ECONOMY,
        SOCIETY,
    ),
    conditions=CONDITIONS,
    seals=(
        Seal(key="applicant", label="申报单位意见", stamp_label="申报单位公章"),
        Seal(key="recommender", label="推荐单位意见", stamp_label="推荐单位公章"),
    ),
)
