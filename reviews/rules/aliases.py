"""What else an organisation, a person, an address or a mailbox is called by: the forms in which a text gives it away."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from pypinyin import lazy_pinyin


def _words(text: str) -> list[str]:
    return text.split()


_HAN = r"[\u4e00-\u9fff]"
SHORTEST_SPELT = 5
"""A shorter name in pinyin is too easily another word."""
_LEGAL = re.compile(
    r"(?:集团)?(?:股份|控股|有限|责任|合伙企业|普通|特殊普通|有限合伙|[()（）])*(?:公司|企业|集团|工作室)$"
)
_HOUSE = re.compile(r"(?:大学|学院|研究院|研究所|研究中心|实验室|事务所|医院|中心)$")
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_REGION = re.compile(
    "^(?:中国|中华|北京|天津|上海|重庆|河北|山西|内蒙古|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北"
    "|湖南|广东|广西|海南|四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆|香港|澳门|台湾|石家庄|太原|沈阳|大连|长春"
    "|哈尔滨|南京|苏州|无锡|常州|南通|徐州|扬州|杭州|宁波|温州|嘉兴|绍兴|合肥|芜湖|福州|厦门|泉州|南昌|济南|青岛"
    "|烟台|潍坊|郑州|洛阳|武汉|宜昌|襄阳|长沙|株洲|广州|深圳|珠海|东莞|佛山|惠州|中山|南宁|海口|成都|绵阳|贵阳"
    "|昆明|西安|兰州|西宁|银川|乌鲁木齐|保定|唐山)(?:省|市|自治区|特别行政区)?"
)
_TRADE = _words(
    "科技 技术 信息 智能 传感 电子 材料 新材料 能源 新能源 环保 环境 生物 医药 制药 医疗 器械 软件 网络 数据 数字 通信"
    " 通讯 装备 设备 机械 制造 自动化 机器人 工业 实业 产业 工程 系统 控制 仪器 仪表 精密 光电 光学 激光 微电子 半导体"
    " 集成电路 芯片 化工 化学 纳米 航空 航天 航天科技 汽车 动力 电力 电气 电器 电池 农业 农林 食品 建筑 建设 交通 物流"
    " 咨询 服务 管理 投资 发展 创新 创业 国际 贸易 文化 教育 健康 安全 检测 测控 计量 应用 开发 研发 研究 高新 高科 现代"
    " 先进 绿色 低碳 云计算 大数据 人工智能 物联网 互联网 量子 空间 海洋 地质 水利 生态 节能 清洁"
)
_GENERIC = sorted(
    {
        *_TRADE,
        *_words(
            "中国 中华 全国 国家 本地 人民 联合 第一 中央 大学 学院 学校 医院 公司 企业 集团 有限 责任 股份 中心"
        ),
        *_words(
            "科学 科学院 研究院 研究所 研究会 学会 协会 联合会 联合体 委员会 园区 重点 实验室 工作室 平台 基地 省 市 区"
        ),
    },
    key=len,
    reverse=True,
)
"""Words that many names are made of; what consists of them alone tells nobody apart."""
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟"
    "谭陆汪范金石廖贾夏韦傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐"
    "易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳"
)
_COMMON = frozenset("高方成时常全应关万安金明向于和文路龙白江毛")
"""Surnames that are everyday words: “提高总产量” names nobody."""
_ROLES = "负责人|带头人|联系人|主持人|发明人|设计人|创始人|法定代表人|董事长|总经理|总裁|首席科学家|首席执行官|作者|组长|完成人"
_TITLES = (
    "教授|副教授|院士|博士|研究员|副研究员|高级工程师|工程师|先生|女士|主任|院长|所长|董事长|总经理|老师"
)
_AFTER_ROLE = re.compile(rf"(?:{_ROLES})(?:为|是|由|[:：])?\s*({_HAN}{{2,3}})(?!{_HAN})")
_ROLE_THEN = re.compile(rf"(?:{_ROLES})(?:为|是|由|[:：])?\s*({_HAN}{{2,3}}?)(?:{_TITLES})")
_LEAD = rf"(?:成员(?:有|为|是|包括|[:：])?|包括|带领|[由与和]|(?<!{_HAN}))"
_BEFORE_TITLE = re.compile(rf"{_LEAD}({_HAN}{{2,3}}?)(?:{_TITLES})")
_LISTED = re.compile(
    rf"{_LEAD}({_HAN}{{2,3}}(?:[、,，]{_HAN}{{2,3}}?){{2,}})(?={_TITLES}|等|组成|(?!{_HAN}))"
)
_PUBLIC_MAIL = _words(
    "qq.com 163.com 126.com 139.com 189.cn gmail.com sina.com sina.cn sohu.com foxmail.com outlook.com"
    " hotmail.com yeah.net aliyun.com yahoo.com vip.qq.com vip.163.com icloud.com"
)
_MAILBOXES = _words("info office contact admin service sales mail hr support public")
_STREET = re.compile(r"^(?:.{2,7}?(?:省|自治区))?(?:.{2,7}?[市州盟])?(?:.{1,6}?[区县旗市])?(.{4,})$")
_HOUSE_NUMBER = re.compile(r"^.{2,}?(?:路|街|道|巷|里|园|厦|场)\d+号")
_ALIAS_LEAD = re.compile(
    r"^(?:以下)?(?:简称|英文名称?|英文简称|英文缩写|原名|曾用名|又称|品牌|缩写)*[为是]?[:：]?"
)


def of_organisation(name: str) -> Iterator[str]:
    """The name and its short forms: without brackets, legal form, place and trade (云脉 of 北京云脉传感科技有限公司).

    A form that is an everyday word, or a place alone, is none.
    """
    whole = unicodedata.normalize("NFKC", name).strip()
    yield whole
    bare_name = _BRACKETS.sub("", whole)
    forms = [bare_name]
    for form in dict.fromkeys((bare_name, whole.replace("(", "").replace(")", ""))):
        bare = _LEGAL.sub("", form)
        is_company = bare != form
        bare = bare if is_company else _HOUSE.sub("", form)
        local = _REGION.sub("", bare)
        forms += [_REGION.sub("", form), bare, local]
        if is_company:
            forms += list(_without_trade(local))
    told = list(dict.fromkeys(form for form in forms if form != whole and _tells(form)))
    yield from told
    for form in told:
        spelt = "".join(lazy_pinyin(form)) if re.fullmatch(rf"{_HAN}{{2,4}}", form) else ""
        if len(spelt) >= SHORTEST_SPELT:
            yield spelt


def _without_trade(core: str) -> Iterator[str]:
    while found := next((word for word in _TRADE if core.endswith(word) and len(core) > len(word) + 1), None):
        core = core[: -len(found)]
        yield core


def _tells(form: str) -> bool:
    if len(form) < 2 or not _REGION.sub("", form):
        return False
    rest = form
    for word in _GENERIC:
        rest = rest.replace(word, "")
    return bool(rest)


def of_person(name: str) -> Iterator[str]:
    """The name; of a Chinese one also in pinyin, both ways round, and the surname with a title (李教授)."""
    whole = unicodedata.normalize("NFKC", name).strip()
    if len(whole) < 2:
        return
    yield whole
    if not re.fullmatch(rf"{_HAN}{{2,4}}", whole):
        yield "".join(reversed(whole.split()))
        return
    first, *given = lazy_pinyin(whole)
    yield first + "".join(given)
    yield "".join(given) + first
    if whole[0] in _SURNAMES and whole[0] not in _COMMON:
        yield from (whole[0] + title for title in ("总", *_TITLES.split("|")))


def of_address(address: str) -> Iterator[str]:
    """The address, what follows its district, and the street with its number."""
    whole = "".join(unicodedata.normalize("NFKC", address).split())
    yield whole
    if found := _STREET.match(whole):
        yield found[1]
        if street := _HOUSE_NUMBER.match(found[1]):
            yield street[0]


def of_email(email: str) -> Iterator[str]:
    """The mailbox, its written-out form, its name where it tells, and its domain where it isn't a public one."""
    local, _at, domain = email.strip().casefold().partition("@")
    yield local + domain
    yield f"{local}at{domain}"
    if len(local) >= 4 and local not in _MAILBOXES:
        yield local
    if domain and domain not in _PUBLIC_MAIL:
        yield from of_host(domain)


def of_host(address: str) -> Iterator[str]:
    """A web address without its scheme, its host, and the host's own word."""
    bare = re.sub(r"^[a-z]+://", "", address.strip().casefold()).removeprefix("www.")
    host = bare.split("/")[0]
    yield bare
    yield host
    word = re.sub(
        r"(?:\.(?:com|net|org|edu|gov|ac|cn|io|ai|cc|tech|top|xyz|info|co|me|hk))+$", "", host
    ).split(".")[-1]
    if len(word) >= 4:
        yield word


def of_phone(phone: str) -> Iterator[str]:
    """The digits, and those of a landline without its area code."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", phone)).removeprefix("86")
    yield digits
    if digits.startswith("0"):
        area = 3 if digits[1] in "12" else 4
        yield digits[area:]


def people_in(text: str) -> list[str]:
    """Names of people in running text: behind a post (负责人王强), before a title (王强教授), or three in a row."""
    plain = unicodedata.normalize("NFKC", text)
    found = [m[1] for pattern in (_ROLE_THEN, _AFTER_ROLE, _BEFORE_TITLE) for m in pattern.finditer(plain)]
    for run in _LISTED.finditer(plain):
        names = re.split("[、,，]", run[1])
        if all(name[0] in _SURNAMES for name in names):
            found += names
    return list(dict.fromkeys(name for name in found if name[0] in _SURNAMES))


def in_brackets(following: str) -> Iterable[str]:
    """The further names in a bracket that directly follows a full name: （简称“云脉”，英文名YunMai）."""
    found = re.match(r"\s*[(（]([^()（）]{2,60})[)）]", following)
    for part in re.split("[、，,;；/]", found[1]) if found else ():
        alias = _ALIAS_LEAD.sub("", part.strip()).strip("“”\"'‘’「」《》 ")
        if 2 <= len(alias) <= 40 and _tells(alias):
            yield alias
