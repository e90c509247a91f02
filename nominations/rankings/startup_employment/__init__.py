"""Rankings: 创业就业先锋榜, its form (附件2) for both categories; its conditions stand beside."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from nominations.fields.base import Check, Declaration, Option, Question, Seal, Section, options
from nominations.rankings.startup_employment.conditions import CONDITIONS, EMPLOYMENT, STARTUP

COUNTED = _("字数按字符计，不含空格")
LAST_YEARS = ("{year-2}年", "{year-1}年", "{year}年1-6月")
NEXT_YEARS = ("{year+1}年", "{year+2}年", "{year+3}年")

PERSON = Section(
    key="person",
    title="个人信息",
    questions=(
        Question(key="person_name", label="姓名", kind="short_text", width="half"),
        Question(key="sex", label="性别", kind="one_of", options=options("男", "女"), width="half"),
        Question(key="age", label="年龄", kind="integer", width="half"),
        Question(
            key="birthplace",
            label="出生地（省-市）",
            short="出生地",
            kind="region",
            options=options("香港特别行政区", "澳门特别行政区", "台湾省", "境外"),
            width="half",
        ),
        Question(
            key="phone",
            label="联系方式",
            kind="phone",
            hint=_("手机或座机均可，座机写区号，例如010-56057633"),
            width="half",
        ),
        Question(key="email", label="电子邮箱", kind="email", width="half"),
        Question(key="address", label="通讯地址", kind="short_text"),
        Question(
            key="education",
            label="教育背景",
            kind="rows",
            note="（高中及以上）",
            columns=(
                Question(key="period", label="起止年月", kind="short_text", hint=_("例如2008.9—2012.6")),
                Question(key="school", label="学校", kind="short_text"),
                Question(key="subject", label="专业", kind="short_text", required=False),
                Question(key="degree", label="学历/学位", kind="short_text"),
            ),
        ),
        Question(
            key="career", label="个人履历", kind="long_text", note="（包括工作经历、项目经验、所获成就等）"
        ),
    ),
)

ENTERPRISE = Section(
    key="enterprise",
    title="创业情况",
    questions=(
        Question(key="enterprise_name", label="创业企业名称", kind="short_text"),
        Question(key="position", label="担任职务", kind="short_text", width="half"),
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
            label="工商登记日期",
            kind="date",
            hint=_("年-月-日，例如2021-06-15"),
            note="（年-月-日）",
            width="half",
        ),
        Question(
            key="staff",
            label="企业规模（总人数）",
            short="企业规模",
            kind="integer",
            hint=_("参照缴纳社会保险的人数"),
            note="请参照缴纳社会保险的人数填写",
            width="half",
        ),
        Question(
            key="emerging_industry",
            label="所属行业/领域",
            kind="emerging_industry",
            hint=_("按《战略性新兴产业分类（2018）》选择，再填写具体名称"),
            note=(
                "请参照《战略性新兴产业分类（2018）》（国家统计局令第23号），填写企业所属行业的一层主体编码内容，"
                "例如：所属行业为“电子电路制造”的企业，本栏填写“新型电子元器件及设备制造”"
            ),
        ),
        Question(
            key="core_team",
            label="核心团队成员构成",
            kind="long_text",
            note="（人数、组织架构，成员背景，博士、硕士占比）",
        ),
        Question(
            key="core_technology",
            label="核心专有技术（或产品）及优势竞争力",
            kind="long_text",
            note="（研发资源、核心专有技术（或产品）及优势等）",
        ),
        Question(
            key="innovations",
            label="企业的技术创新、管理创新、服务创新（不超过1000字）",
            short="企业的技术创新、管理创新、服务创新",
            kind="long_text",
            hint=COUNTED,
            note="（包括创业就业网络体系或平台的先进性，管理模式和制度的创新，服务内容的创新性、丰富性）",
            max_count=1000,
        ),
        Question(
            key="business_model",
            label="商业模式（不超过1000字）",
            short="商业模式",
            kind="long_text",
            hint=COUNTED,
            note="（包括市场策略、运营状况、发展潜力等）",
            max_count=1000,
        ),
        Question(
            key="financing",
            label="融资情况（不超过1000字）",
            short="融资情况",
            kind="long_text",
            hint=COUNTED,
            note="（获得天使投资、风险资本（VC）等融资次数及金额）",
            max_count=1000,
        ),
        Question(
            key="philosophy",
            label="创业理念（不超过1000字）",
            short="创业理念",
            kind="long_text",
            hint=COUNTED,
            max_count=1000,
        ),
        Question(
            key="titles",
            label="企业获得称号（近三年）",
            short="企业获得称号",
            kind="rows",
            required=False,
            columns=(
                Question(key="name", label="所获称号名称", kind="short_text"),
                Question(key="year", label="认定年度", kind="year", hint=_("四位年份，例如2021")),
            ),
        ),
    ),
)

POTENTIAL = Section(
    key="potential",
    title="创新能力及发展潜力",
    side=1,
    questions=(
        Question(
            key="potential_years",
            label="近三年",
            short="创新能力及发展潜力（近三年）",
            kind="year_table",
            years=LAST_YEARS,
            rows=(
                Question(key="tax", label="税收贡献（缴税总额/万元）", short="税收贡献", kind="decimal"),
                Question(
                    key="intensity",
                    label="研发经费投入强度（当年研发经费占当年主营业务收入的百分比）",
                    short="研发经费投入强度",
                    kind="percent",
                    hint=_("百分数，35%填35"),
                ),
                Question(key="funds", label="研发费用总额（万元）", short="研发费用总额", kind="decimal"),
                Question(
                    key="team",
                    label="研发人员占比（科技R&D人员数量/就业人员总数）",
                    short="研发人员占比",
                    kind="percent",
                    hint=_("百分数，35%填35"),
                ),
                Question(
                    key="inventions", label="拥有发明专利数量（项）", short="拥有发明专利数量", kind="integer"
                ),
                Question(
                    key="owned",
                    label="拥有自主知识产权的专利数量（项）",
                    short="拥有自主知识产权的专利数量",
                    kind="integer",
                ),
                Question(
                    key="projects", label="新增研发项目数（项）", short="新增研发项目数", kind="integer"
                ),
                Question(
                    key="products",
                    label="新增产品/工艺创新数（项）",
                    short="新增产品/工艺创新数",
                    kind="integer",
                ),
            ),
        ),
        Question(
            key="prospects_years",
            label="未来三年",
            short="创新能力及发展潜力（未来三年）",
            kind="year_table",
            years=NEXT_YEARS,
            rows=(
                Question(
                    key="profit", label="预期盈利增长能力（万元）", short="预期盈利增长能力", kind="signed"
                ),
                Question(
                    key="growth", label="主营业务利润增长率（%）", short="主营业务利润增长率", kind="signed"
                ),
                Question(key="worth", label="企业估值（万元）", short="企业估值", kind="decimal"),
            ),
        ),
    ),
)

JOBS = Section(
    key="jobs",
    title="带动就业的效益",
    side=1,
    questions=(
        Question(
            key="served", label="服务覆盖群体", kind="long_text", note="（服务类型、覆盖区域、所属行业等）"
        ),
        Question(
            key="employed",
            label="就业人员的构成",
            kind="long_text",
            note="（促成的就业人员的学历结构、职称结构、行业结构等）",
        ),
        Question(
            key="jobs_years",
            label="近三年",
            short="带动就业的效益（近三年）",
            kind="year_table",
            hint=_("就业先锋填写；创业先锋可以不填"),
            required=False,
            required_of=(EMPLOYMENT,),
            years=LAST_YEARS,
            rows=(
                Question(
                    key="income",
                    label="企业总收入（包括营业收入和非营业收入）（万元）",
                    short="企业总收入",
                    kind="decimal",
                ),
                Question(key="visits", label="就业服务（平台）的访问量", kind="integer"),
                Question(
                    key="employers",
                    label="就业服务平台的企业用户数（人）",
                    short="就业服务平台的企业用户数",
                    kind="integer",
                ),
                Question(
                    key="seekers",
                    label="就业服务平台的求职用户数（人）",
                    short="就业服务平台的求职用户数",
                    kind="integer",
                ),
                Question(
                    key="positions",
                    label="就业服务（平台）促成的就业职位数量（个）",
                    short="促成的就业职位数量",
                    kind="integer",
                ),
                Question(
                    key="graduates",
                    label="就业服务（平台）促成的大学生/青年就业人数（人）",
                    short="促成的大学生/青年就业人数",
                    kind="integer",
                ),
                Question(
                    key="activities",
                    label="围绕就业服务开展的活动数量（次）",
                    short="围绕就业服务开展的活动数量",
                    kind="integer",
                ),
            ),
        ),
    ),
)

ACHIEVEMENT = Section(
    key="achievement",
    title="一、在热点领域或关键核心技术领域取得的突出成绩",
    note="，是否形成了企业标准或行业标准等（不超过1000字）",
    layout="block",
    questions=(
        Question(key="achievement_text", label="突出成绩", kind="long_text", hint=COUNTED, max_count=1000),
    ),
)

MANAGEMENT = Section(
    key="management",
    title="二、企业管理模式和制度创新",
    note="（不超过1000字）",
    layout="block",
    questions=(
        Question(
            key="management_text",
            label="企业管理模式和制度创新",
            kind="long_text",
            hint=COUNTED,
            max_count=1000,
        ),
    ),
)

CASES = Section(
    key="cases",
    title="三、就业服务的案例",
    note=(
        "（为就业群体素质提升、职业技能提高等方面提供就业指导、岗位精准推送、就业进展跟踪、"
        "重点群体定向帮扶等服务的案例）"
    ),
    layout="block",
    questions=(
        Question(
            key="cases_text",
            label="就业服务的案例",
            kind="long_text",
            hint=_("就业先锋填写；创业先锋可以不填"),
            required=False,
            required_of=(EMPLOYMENT,),
        ),
    ),
)

JOBS_CONTRIBUTION = Section(
    key="jobs_contribution",
    title="四、就业服务的贡献",
    note="（支撑区域经济社会高质量发展，助力稳就业保就业工作的贡献）",
    layout="block",
    questions=(
        Question(
            key="jobs_contribution_text",
            label="就业服务的贡献",
            kind="long_text",
            hint=_("就业先锋填写；创业先锋可以不填"),
            required=False,
            required_of=(EMPLOYMENT,),
        ),
    ),
)

PUBLICITY = Section(
    key="publicity",
    title="五、示范推广宣传",
    note="（典型项目、典型经验和典型案例的宣传，不超过1000字）",
    layout="block",
    questions=(
        Question(key="publicity_text", label="示范推广宣传", kind="long_text", hint=COUNTED, max_count=1000),
    ),
)

CHECKS = (
    # 主营业务收入 is a part of 企业总收入, so that the share of it can't be less than that of the whole.
    Check(
        key="intensity",
        rule="share_at_least",
        questions=("potential_years", "jobs_years"),
        kind="warning",
        name="研发经费投入强度",
        arguments=("intensity", "funds", "income", *LAST_YEARS),
    ),
    Check(
        key="inventions",
        rule="row_at_most",
        questions=("potential_years",),
        kind="warning",
        arguments=("inventions", "owned", "拥有发明专利数量", "拥有自主知识产权的专利数量", *LAST_YEARS),
    ),
    Check(
        key="profit_growth",
        rule="growth_of",
        questions=("prospects_years",),
        kind="warning",
        name="主营业务利润增长率",
        arguments=("growth", "profit", *NEXT_YEARS),
    ),
)

ATTACHMENTS = Section(
    key="attachments",
    title="附件",
    note="　其他典型经验、代表性案例以附件的形式提交（PDF或图片）",
    layout="block",
    questions=(
        Question(
            key="attachments_files",
            label="其他典型经验、代表性案例",
            kind="files",
            required=False,
            max_count=10,
        ),
    ),
)

DECLARATION = Declaration(
    key="startup_employment",
    name="创业就业先锋榜",
    title="{year}年“科创中国”创业就业先锋榜",
    title_question="person_name",
    categories=(
        Option(STARTUP, _("科创型企业的优秀创业者")),
        Option(EMPLOYMENT, _("通过科创型创业扩大就业机会的优秀创业者")),
    ),
    sections=(
        PERSON,
        ENTERPRISE,
        POTENTIAL,
        JOBS,
        ACHIEVEMENT,
        MANAGEMENT,
        CASES,
        JOBS_CONTRIBUTION,
        PUBLICITY,
        ATTACHMENTS,
    ),
    conditions=CONDITIONS,
    checks=CHECKS,
    seals=(Seal(key="recommender", label="推荐单位意见", stamp_label="推荐单位公章"),),
)
