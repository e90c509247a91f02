"""Rankings: 技术经理人先锋榜, its form (附件2) and its conditions (附件1 五)."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from nominations.fields.base import Check, Condition, Declaration, Question, Seal, Section, options

COUNTED = _("字数按字符计，不含空格")
TOGETHER = _("四部分合计2000字以内；字数按字符计，不含空格")
PERIOD = _("例如2015.7—2019.6")
DAY = _("年-月-日，例如2021-06-15")

BASICS = Section(
    key="basics",
    title="基本情况",
    side=0,
    questions=(
        Question(key="person_name", label="姓名", kind="short_text", width="half"),
        Question(
            key="phone",
            label="联系方式",
            kind="phone",
            hint=_("手机或座机均可，座机写区号，例如010-56057633"),
            width="half",
        ),
        Question(key="employer", label="工作单位", kind="short_text", width="half"),
        Question(key="position", label="职称/职务", kind="short_text", width="half"),
        Question(key="address", label="地址", kind="short_text"),
        Question(key="email", label="邮箱", kind="email"),
        Question(
            key="fields_of_work",
            label="专业领域",
            kind="any_of",
            box="before",
            per_line=2,
            options=options(
                "新一代信息技术产业",
                "生物技术与生命科学",
                "创新药与大健康",
                "创新医疗器械",
                "智能终端与高端装备",
                "智能生产与高端制造",
                "新能源及应用",
                "新材料及应用",
                "碳中和与绿色创新",
                "现代农业",
                "相关服务业",
            ),
        ),
        Question(
            key="kinds_of_post",
            label="岗位类型",
            kind="any_of",
            box="before",
            per_line=1,
            options=options(
                "政府部门",
                "科技型企业",
                "高等院校/科研院所",
                "技术转移机构/平台载体等第三方服务机构",
                "投资、科技金融等第三方服务机构",
                "重点园区/科技园区",
                "其他",
            ),
        ),
        Question(
            key="certificates",
            label="所获得技术转移专业培训或资质证书情况（如有请附证书扫描件）",
            short="所获得技术转移专业培训或资质证书情况",
            kind="rows",
            required=False,
            columns=(
                Question(key="date", label="颁发日期", kind="date", hint=DAY),
                Question(key="issuer", label="颁发机构", kind="short_text"),
                Question(key="name", label="证书编号及名称", kind="short_text"),
                Question(key="scan", label="证书扫描件", kind="files", required=False, max_count=1),
            ),
        ),
        Question(
            key="awards",
            label="从事技术转移专业领域获得奖励情况",
            kind="rows",
            required=False,
            columns=(
                Question(key="date", label="获得日期", kind="date", hint=DAY),
                Question(key="issuer", label="颁发机构", kind="short_text"),
                Question(key="name", label="证书编号及名称", kind="short_text"),
            ),
        ),
        Question(
            key="contracts", label="从业至今累计登记技术合同数量", kind="integer", suffix="项", width="half"
        ),
        Question(
            key="turnover", label="从业至今累计成交技术交易额", kind="decimal", suffix="万元", width="half"
        ),
        Question(
            key="career",
            label="主要工作经历",
            kind="rows",
            note="请阐述每一段工作经历的任职单位及任职职务，所负责的主要工作内容以及所取得的主要工作成绩。",
            columns=(
                Question(key="period", label="起止年月", kind="short_text", hint=PERIOD),
                Question(key="employer", label="工作单位", kind="short_text"),
                Question(key="position", label="职务", kind="short_text"),
                Question(key="work", label="主要工作内容和工作成绩", kind="long_text"),
            ),
        ),
    ),
)

SKILLS = Section(
    key="skills",
    title="一、申请人所具备的科技成果转移转化实践技能与经验成效",
    note="（2000字以内，可另附说明材料）",
    layout="block",
    questions=(
        Question(
            key="skills_theory",
            label=(
                "（一）所从事的科技成果转移转化相关理论研究，参与完成技术转移转化和技术市场领域研究课题,"
                "或参与制定技术转移转化和技术市场相关法律法规、政策类文件,以及行业发展报告、专著、编著、教材等。"
            ),
            short="（一）所从事的科技成果转移转化相关理论研究",
            kind="long_text",
            hint=TOGETHER,
            max_count=2000,
        ),
        Question(
            key="skills_projects",
            label=(
                "（二）所从事的技术需求挖掘与分析、技术评估评价、技术中试孵化、技术成果运营、技术投融资、转移转化咨询，"
                "以及技术转让、技术许可、技术开发、技术咨询、技术服务等具体项目。"
            ),
            short="（二）具体项目",
            kind="long_text",
            hint=TOGETHER,
            max_count=2000,
        ),
        Question(
            key="skills_platforms",
            label="（三）参与或主持创建技术转移相关平台建设、人才培养活动等。",
            short="（三）平台建设、人才培养活动",
            kind="long_text",
            hint=TOGETHER,
            max_count=2000,
        ),
        Question(
            key="skills_results",
            label=(
                "（四）参与或主持的技术转移项目获得的政府表彰、政策支持，及从业期间取得的经济效益与社会效益"
                "（奖项名称与颁发机构、技术交易额、技术合同信息等）。"
            ),
            short="（四）表彰、政策支持，及经济效益与社会效益",
            kind="long_text",
            hint=TOGETHER,
            max_count=2000,
        ),
        Question(key="skills_files", label="另附说明材料", kind="files", required=False, max_count=5),
    ),
)

TAKING_PART = Section(
    key="taking_part",
    title="二、参与“科创中国”科技经济融合与技术交易促进相关工作情况",
    note="，包括但不限于“科创中国”路演、试点城市与园区建设、科技服务团等（1000字以内）【非必填】",
    layout="block",
    questions=(
        Question(
            key="taking_part_text",
            label="参与“科创中国”科技经济融合与技术交易促进相关工作情况",
            short="参与“科创中国”工作情况",
            kind="long_text",
            hint=COUNTED,
            max_count=1000,
            required=False,
        ),
    ),
)

CONDUCT = Section(
    key="conduct",
    title="三、申请人在技术经理人从业规范方面认知与理解情况",
    note="，包括且不限于思想品德、职业道德、保密义务与责任等（1000字以内）",
    layout="block",
    questions=(
        Question(
            key="conduct_text",
            label="从业规范方面认知与理解情况",
            short="从业规范认知与理解",
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
            "面向科技创新创业领域，遴选具备分析企业核心需求能力，发掘产业高质量技术成果并提供高质量专利资源，"
            "为技术成果转化创造了巨大产业化成效和显著经济效益的优秀技术经理人。"
        ),
        clause="附件1 五",
        kind="reviewer",
    ),
    Condition(
        key="employer",
        text=(
            "任职于各级政府机关及企事业单位、高等院校、科研院所、新型研发机构、科技园区或创新集群、"
            "国际技术转移与国际科技创新合作机构、组织与企业等单位的相关工作岗位。"
        ),
        clause="附件1 五1",
    ),
    Condition(
        key="abilities",
        text=(
            "具备相应的知识与技能，兼具一定的组织能力、协调能力、经营能力、解决问题的综合能力，"
            "能够应对技术商品在交易的过程中涉及的诸多复杂繁琐的因素，以及洽谈业务、订立合同、组织实施等相关工作。"
        ),
        clause="附件1 五2",
    ),
    Condition(
        key="training",
        text=(
            "经过技术经理人培训及考试、认证或组织技术经理人培训、持续讲授技术转移相关培训课程的技术转移专家。"
        ),
        clause="附件1 五3",
    ),
    Condition(key="willing", text="申报者有强烈的意愿参与“科创中国”科技创新工作服务。", clause="附件1 五4"),
)

CHECKS = (
    Check(
        key="skills_together",
        rule="together_at_most",
        questions=("skills_theory", "skills_projects", "skills_platforms", "skills_results"),
        name="实践技能与经验成效四部分",
        limit=2000,
    ),
)

DECLARATION = Declaration(
    key="technology_manager",
    name="技术经理人先锋榜",
    title="{year}年“科创中国”技术经理人先锋榜",
    form_word="申请表",
    title_question="person_name",
    sections=(BASICS, SKILLS, TAKING_PART, CONDUCT),
    conditions=CONDITIONS,
    checks=CHECKS,
    seals=(
        Seal(key="applicant", label="申报单位意见", stamp_label="申报单位公章"),
        Seal(key="recommender", label="推荐单位意见", stamp_label="推荐单位公章"),
    ),
)
