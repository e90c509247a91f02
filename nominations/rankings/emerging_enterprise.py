"""Rankings: 新锐企业榜, its form (附件2) and its conditions (附件1 二)."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from nominations.fields.base import Check, Condition, Declaration, Question, Seal, Section, options

LAST_YEARS = ("{year-2}年", "{year-1}年", "{year}年")
NEXT_YEARS = ("{year+1}年", "{year+2}年", "{year+3}年")
YES_NO = options("是", "否")

ENTERPRISE = Section(
    key="enterprise",
    title="企业基本情况",
    side=0,
    questions=(
        Question(key="enterprise_name", label="申报企业名称", kind="short_text", width="half"),
        Question(
            key="region",
            label="所在地区",
            kind="region",
            hint=_("企业纳税所在地区"),
            note="请根据企业纳税所在地区填写（X省X市）",
            width="half",
        ),
        Question(
            key="registered_on",
            label="企业工商登记日期",
            kind="date",
            hint=_("年-月-日，例如2021-06-15"),
            note="（年-月-日）",
            width="half",
        ),
        Question(key="legal_representative", label="法定代表人", kind="short_text", width="half"),
        Question(
            key="is_high_tech",
            label="是否高新技术企业",
            kind="one_of",
            box="before",
            per_line=2,
            options=YES_NO,
            width="half",
        ),
        Question(
            key="is_listed",
            label="是否属于上市公司",
            kind="one_of",
            box="before",
            per_line=2,
            options=YES_NO,
            width="half",
        ),
        Question(key="capital", label="注册资本（万元）", short="注册资本", kind="decimal", width="half"),
        Question(
            key="staff",
            label="从业人数（人）",
            short="从业人数",
            kind="integer",
            hint=_("参照缴纳社会保险的人数"),
            note="请参照缴纳社会保险的人数填写",
            width="half",
        ),
        Question(key="contact_name", label="联系人姓名", kind="short_text", width="half"),
        Question(key="position", label="职务", kind="short_text", width="half"),
        Question(
            key="phone",
            label="电话",
            kind="phone",
            hint=_("手机或座机均可，座机写区号，例如010-56057633"),
            width="half",
        ),
        Question(key="email", label="邮箱", kind="email", width="half"),
        Question(key="address", label="联系人通讯地址", kind="short_text"),
        Question(
            key="emerging_industry",
            label="所属行业",
            kind="emerging_industry",
            hint=_("按《战略性新兴产业分类（2018）》选择，再填写具体名称"),
            note=(
                "请参照《战略性新兴产业分类（2018）》（国家统计局令第23号），填写企业所属行业的一层主体编码内容，"
                "例如：所属行业为“电子电路制造”的企业，本栏填写“新型电子元器件及设备制造”"
            ),
        ),
        Question(
            key="business",
            label="主营业务",
            kind="long_text",
            note="请根据工商登记的经营范围结合企业实际经营业务与主导产品填写",
        ),
        Question(
            key="main_industry",
            label="主营业务或主导产品行业及代码",
            kind="industry",
            hint=_("按GB/T 4754-2017的大类和中类选择；可输入名称、代码或拼音首字母查找"),
            note=(
                "请参照《国民经济行业分类与代码》，填写企业主营业务或主导产品对应的统计“大类”和“中类”及其编号，"
                "例如：主营业务为“农副食品加工业”的企业，本栏填写“农副食品加工业+13”"
            ),
            catalogue="industries",
            levels=("大类", "中类"),
            max_count=10,
        ),
        Question(
            key="titles",
            label="企业获得称号",
            kind="rows",
            required=False,
            columns=(
                Question(key="name", label="近3年内获得的称号名称", kind="short_text"),
                Question(key="year", label="认定年度", kind="year", hint=_("四位年份，例如2021")),
            ),
        ),
    ),
)

INNOVATION = Section(
    key="innovation",
    title="企业科技创新情况",
    side=1,
    questions=(
        Question(
            key="innovation_years",
            label="近三年",
            short="企业科技创新情况（近三年）",
            kind="year_table",
            years=LAST_YEARS,
            mean=True,
            rows=(
                Question(key="applied", label="专利申请量（项）", short="专利申请量", kind="integer"),
                Question(key="granted", label="专利授权量（项）", short="专利授权量", kind="integer"),
                Question(
                    key="transferred",
                    label="专利许可转让数量（项）",
                    short="专利许可转让数量",
                    kind="integer",
                ),
                Question(
                    key="owned",
                    label="拥有自主知识产权的专利数量（项）",
                    short="拥有自主知识产权的专利数量",
                    kind="integer",
                ),
            ),
        ),
    ),
)

RESEARCH = Section(
    key="research",
    title="企业技术研发投入",
    side=1,
    questions=(
        Question(
            key="research_years",
            label="近三年",
            short="企业技术研发投入（近三年）",
            kind="year_table",
            years=LAST_YEARS,
            mean=True,
            rows=(
                Question(
                    key="team", label="研发团队规模（科技R&D人员数量）", short="研发团队规模", kind="integer"
                ),
                Question(
                    key="quality",
                    label="研发团队素质（硕士及以上学历人员占比）",
                    short="研发团队素质",
                    kind="percent",
                    hint=_("百分数，35%填35"),
                ),
                Question(key="funds", label="研发经费总额（万元）", short="研发经费总额", kind="decimal"),
                Question(
                    key="intensity",
                    label="研发经费投入强度（当年研发经费占当年业务收入的百分比）",
                    short="研发经费投入强度",
                    kind="percent",
                    hint=_("百分数，35%填35"),
                ),
            ),
        ),
    ),
)

CONTRIBUTION = Section(
    key="contribution",
    title="企业对地方贡献",
    side=1,
    questions=(
        Question(
            key="contribution_years",
            label="近三年",
            short="企业对地方贡献（近三年）",
            kind="year_table",
            years=LAST_YEARS,
            mean=True,
            rows=(
                Question(key="tax", label="税收贡献（缴税总额/万元）", short="税收贡献", kind="decimal"),
                Question(
                    key="jobs",
                    label="就业贡献（就业人数相较上一年的增长率）",
                    short="就业贡献",
                    kind="signed",
                    hint=_("百分数，增长12.5%填12.5，减少填负数"),
                ),
                Question(
                    key="revenue", label="GDP贡献（营业收入总额/万元）", short="GDP贡献", kind="decimal"
                ),
                Question(
                    key="projects",
                    label="经济辐射带动贡献（带动产业链上下游合作项目数/项）",
                    short="经济辐射带动贡献",
                    kind="integer",
                ),
            ),
        ),
    ),
)

GROWTH = Section(
    key="growth",
    title="企业成长性",
    side=1,
    questions=(
        Question(
            key="growth_years",
            label="未来三年",
            short="企业成长性（未来三年）",
            kind="year_table",
            years=NEXT_YEARS,
            mean=True,
            rows=(
                Question(
                    key="profit", label="盈利预期增长能力（万元）", short="盈利预期增长能力", kind="signed"
                ),
                Question(
                    key="income",
                    label="主营业务收入预期增长能力（万元）",
                    short="主营业务收入预期增长能力",
                    kind="signed",
                ),
                Question(
                    key="application",
                    label="关键核心技术应用程度评估（高/较高/一般）",
                    short="关键核心技术应用程度评估",
                    kind="one_of",
                    options=options("高", "较高", "一般"),
                ),
            ),
        ),
    ),
)

# Not in the printed form, but asked for by the conditions of annex 1: the answer goes to those who judge them.
ELIGIBILITY = Section(
    key="eligibility",
    title="申报条件相关情况",
    printed=False,
    questions=(
        Question(
            key="pilot_city",
            label="注册或入驻的试点城市（园区）",
            kind="pilot_city",
            hint=_("填写“科创中国”试点城市（园区）的全称"),
        ),
    ),
)

ACHIEVEMENT = Section(
    key="achievement",
    title="突出成绩",
    note="（介绍企业在赋能地方科技经济融合发展方面的贡献或促进试点城市（园区）科技创新方面的突出成就）",
    layout="block",
    questions=(Question(key="achievement_text", label="突出成绩", kind="long_text"),),
)

CONDITIONS = (
    Condition(
        key="purpose",
        text=(
            "面向65个试点城市（园区），遴选以科技创新和商业模式创新为先导，"
            "在试点城市（园区）产业升级发展等方面做出突出贡献的中小型科技企业。"
        ),
        clause="附件1 二",
        kind="reviewer",
    ),
    Condition(key="mainland", text="在中国境内（不包括港、澳、台地区）注册，", clause="附件1 二1"),
    Condition(
        key="settled",
        text="注册地或以其他方式入驻“科创中国”65个试点城市（园区），",
        clause="附件1 二1",
        rule="pilot_city",
        question="pilot_city",
    ),
    Condition(
        key="young",
        text="成立年限不超过10年的中小型科技企业（工商注册成立时间以{year}年反推）。",
        clause="附件1 二1",
        kind="computed",
        rule="not_before",
        question="registered_on",
        arguments=("{year-10}-01-01",),
    ),
    Condition(
        key="allowed_products",
        text="企业提供的产品和服务不属于国家规定的禁止、限制和淘汰类。",
        clause="附件1 二2",
    ),
    Condition(
        key="clean_record",
        text=(
            "企业在填报上一年及当年内未发生重大安全、重大质量事故和严重环境违法、科研严重失信行为，"
            "且企业未列入经营异常名录和严重违法失信企业名单。"
        ),
        clause="附件1 二3",
    ),
    Condition(
        key="not_honoured",
        text="入选{year-1}年“科创中国”新锐企业榜的企业不再纳入候选。",
        clause="附件1 二",
        kind="computed",
        rule="organisation_not_honoured",
        question="enterprise_name",
        arguments=("新锐企业榜",),
    ),
)

CHECKS = (
    Check(
        key="intensity",
        rule="share_of",
        questions=("research_years", "contribution_years"),
        kind="warning",
        name="研发经费投入强度",
        arguments=("intensity", "funds", "revenue", *LAST_YEARS),
    ),
    Check(
        key="jobs_growth",
        rule="growth_within",
        questions=("contribution_years",),
        kind="warning",
        name="就业贡献",
        limit=200,
        arguments=("jobs", *LAST_YEARS),
    ),
)

DECLARATION = Declaration(
    key="emerging_enterprise",
    name="新锐企业榜",
    title="{year}年“科创中国”新锐企业榜",
    title_question="enterprise_name",
    sections=(ENTERPRISE, INNOVATION, RESEARCH, CONTRIBUTION, GROWTH, ELIGIBILITY, ACHIEVEMENT),
    conditions=CONDITIONS,
    checks=CHECKS,
    seals=(
        Seal(key="applicant", label="申报单位公章：", stamp_label=""),
        Seal(key="recommender", label="推荐单位公章：", stamp_label=""),
    ),
)
