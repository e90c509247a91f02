"""Rankings: 融通创新组织榜, its form (附件2) and its conditions (附件1 三)."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from nominations.fields.base import Check, Condition, Declaration, Question, Seal, Section, options

COUNTED = _("字数按字符计，不含空格")
HATCHED = "孵化科技型企业数量（个）"

ORGANISATION = Section(
    key="organisation",
    title="组织机构基本情况",
    side=0,
    questions=(
        Question(key="organisation_name", label="组织机构名称", kind="short_text", width="half"),
        Question(
            key="founded_on", label="成立时间", kind="date", hint=_("年-月-日，例如2019-06-15"), width="half"
        ),
        Question(
            key="organisation_kind",
            label="机构类别",
            kind="one_of",
            box="before",
            per_line=2,
            options=options("产业技术研究院", "产业技术创新战略联盟", "专业技术转移机构", "其他新型研发机构"),
        ),
        Question(
            key="years_of_service",
            label="从事产学研融通服务时间（年）",
            short="从事产学研融通服务时间",
            kind="decimal",
            width="half",
        ),
        Question(
            key="full_time_staff",
            label="从事产学研融通服务专职人员数量（人）",
            short="从事产学研融通服务专职人员数量",
            kind="integer",
            width="half",
        ),
        Question(key="address", label="详细地址", kind="short_text"),
        Question(key="contact_name", label="组织机构联系人", kind="short_text", width="half"),
        Question(key="position", label="职务", kind="short_text", width="half"),
        Question(
            key="phone",
            label="电话",
            kind="phone",
            hint=_("手机或座机均可，座机写区号，例如010-56057633"),
            width="half",
        ),
        Question(key="email", label="邮箱", kind="email", width="half"),
    ),
)

RESULTS = Section(
    key="results",
    title="近三年组织机构产学研融通情况",
    questions=(
        Question(
            key="contract_sum",
            label="与“科创中国”试点城市（园区）内主体的产学研技术合同成交金额总数（万元）",
            short="产学研技术合同成交金额总数",
            kind="decimal",
        ),
        Question(
            key="hatched", label=f"{HATCHED}：总数", short="孵化科技型企业总数", kind="integer", group=HATCHED
        ),
        Question(
            key="hatched_high_tech",
            label=f"{HATCHED}：高新技术企业数",
            short="高新技术企业数",
            kind="integer",
            group=HATCHED,
        ),
        Question(
            key="hatched_small",
            label=f"{HATCHED}：科技型中小企业数",
            short="科技型中小企业数",
            kind="integer",
            group=HATCHED,
        ),
        Question(
            key="talent_share",
            label="高层次创新人才数量占比（%）",
            short="高层次创新人才数量占比",
            kind="percent",
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
            key="focus",
            label="聚焦的重点产业领域",
            kind="one_of",
            options=options(
                "新一代信息技术", "生物医药", "装备制造", "新材料", "新能源", "节能环保", "其他重点产业领域"
            ),
        ),
        Question(
            key="pilot_city",
            label="所在或服务的试点城市（园区）",
            kind="pilot_city",
            hint=_("填写“科创中国”试点城市（园区）的全称"),
        ),
    ),
)

PROFILE = Section(
    key="profile",
    title="一、组织机构简介",
    note="（包含成立背景、股东情况、规模及工作内容等，500字以内）",
    layout="block",
    questions=(
        Question(key="profile_text", label="组织机构简介", kind="long_text", hint=COUNTED, max_count=500),
    ),
)

MECHANISM = Section(
    key="mechanism",
    title="二、机制模式创新情况",
    note=(
        "（包含研发模式、转移转化模式、服务机制、激励机制、市场化机制等方面的创新性、灵活性及完善程度等，1000字以内）"
    ),
    layout="block",
    questions=(
        Question(
            key="mechanism_text", label="机制模式创新情况", kind="long_text", hint=COUNTED, max_count=1000
        ),
    ),
)

PROMOTION = Section(
    key="promotion",
    title="三、对“科创中国”工作促进作用",
    note="（包含组织机构借助科协力量，促进“科创中国”工作开展的做法及案例，1000字以内）",
    layout="block",
    questions=(
        Question(
            key="promotion_text",
            label="对“科创中国”工作促进作用",
            kind="long_text",
            hint=COUNTED,
            max_count=1000,
        ),
    ),
)

ECOSYSTEM = Section(
    key="ecosystem",
    title="四、对本地产学研生态构建及产业发展的贡献",
    note=("（包含对“科创中国”试点城市（园区）产学研生态构建的促进和产业发展的贡献及案例，1000字以内）"),
    layout="block",
    questions=(
        Question(
            key="ecosystem_text",
            label="对本地产学研生态构建及产业发展的贡献",
            kind="long_text",
            hint=COUNTED,
            max_count=1000,
        ),
    ),
)

CONDITIONS = (
    Condition(
        key="purpose",
        text=(
            "围绕“科创中国”试点城市（园区）重点产业需求，遴选在服务机制、运营模式等方面具备创新性，"
            "有效促进科技经济融合发展的融通创新组织。"
        ),
        clause="附件1 三",
        kind="reviewer",
    ),
    Condition(
        key="organisation_kind",
        text=("机构类型为新型研发机构、产业技术研究院、专业技术转移机构和产业技术创新战略联盟中的一类，"),
        clause="附件1 三1",
        kind="computed",
        rule="answered",
        question="organisation_kind",
    ),
    Condition(
        key="founded",
        text="且成立时间在{year-2}年9月1日之前。",
        clause="附件1 三1",
        kind="computed",
        rule="before",
        question="founded_on",
        arguments=("{year-2}-09-01",),
    ),
    Condition(
        key="focus",
        text=(
            "机构应聚焦于新一代信息技术、生物医药、装备制造、新材料、新能源、节能环保等重点产业领域中的一种。"
        ),
        clause="附件1 三2",
        kind="computed",
        rule="answered",
        question="focus",
    ),
    Condition(
        key="pilot_city",
        text="组织机构来自或服务于“科创中国”试点城市（园区），",
        clause="附件1 三3",
        rule="pilot_city",
        question="pilot_city",
    ),
    Condition(
        key="services",
        text=("从事共性技术研发、成果转移转化、创业企业孵化等“产学研”融通领域的科学技术服务。"),
        clause="附件1 三3",
    ),
    Condition(
        key="not_honoured",
        text="入选{year-1}年“科创中国”产学研融通组织榜的机构不再纳入候选。",
        clause="附件1 三",
        kind="computed",
        rule="organisation_not_honoured",
        question="organisation_name",
        arguments=("产学研融通组织榜",),
    ),
)

CHECKS = (
    Check(key="high_tech_of_all", rule="at_most", questions=("hatched_high_tech", "hatched")),
    Check(key="small_of_all", rule="at_most", questions=("hatched_small", "hatched")),
)

DECLARATION = Declaration(
    key="integrated_innovation",
    name="融通创新组织榜",
    title="{year}年“科创中国”融通创新组织榜",
    title_question="organisation_name",
    sections=(ORGANISATION, RESULTS, ELIGIBILITY, PROFILE, MECHANISM, PROMOTION, ECOSYSTEM),
    conditions=CONDITIONS,
    checks=CHECKS,
    seals=(
        Seal(key="applicant", label="申报单位公章：", stamp_label=""),
        Seal(key="recommender", label="推荐单位公章：", stamp_label=""),
    ),
)
