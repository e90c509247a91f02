"""先导技术榜 from an applicant's first click to the list that the public reads, each step by its own person."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.management import call_command
from playwright.sync_api import expect

from nominations.models import Nomination
from nominations.states import State, Window
from tests import cast, stamping
from tests.journeys import season
from tests.journeys.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "松风竹月-申报-2026"
ANSWERS = cast.full_answers("information")


def test_from_registration_to_the_published_list(visit, worker):
    cast.sealing()
    season.put_into(Window.CALL)
    cast.unit()
    for key in ("unit_person", "body_person", "office_a", "office_b"):
        cast.cast(key)
    applicant = visit("applicant")
    register(applicant)
    number = begin(applicant)
    fill_in(applicant, number)
    submit(applicant, number)
    assert state_of(number) == State.SUBMITTED
    recommend(visit("unit"), number)
    assert state_of(number) == State.RECOMMENDED
    season.put_into(Window.PRELIMINARY)
    body, office = visit("body"), visit("office")
    file_plan(body)
    put_on_record(office)
    check_form(body, number)
    take_experts_in(body)
    score(visit("expert"), "wuzhiyuan@example.org", worker)
    score(visit("expert2"), "zhenghaitao@example.org", worker)
    submit_result(body)
    assert state_of(number) == State.SHORTLISTED
    season.put_into(Window.FINAL)
    mark_and_give_notice(office)
    public = visit("public")
    read_notice(public)
    season.put_into(Window.PUBLICATION)
    season.end_notice_period()
    publish(office, visit("office2"))
    assert state_of(number) == State.PUBLISHED
    read_list(public)
    read_outcome(applicant, number)
    download_tallies(office)
    call_command("check_invariants")


def state_of(number: str) -> str:
    return Nomination.objects.get(number=number).state


def register(applicant: Person) -> None:
    applicant.go("/rankings/")
    applicant.look("榜单目录")
    applicant.go("/rankings/pioneer_technology/")
    applicant.look("榜单说明")
    applicant.press("开始申报")
    applicant.look("登录")
    applicant.press("注册")
    applicant.fill("账号", "sunmingyuan")
    applicant.fill("姓名", "孙明远")
    applicant.page.get_by_label(re.compile("^单位名称")).fill("杭州云栖感知科技有限公司")
    applicant.fill("邮箱", "sunmingyuan@example.org")
    applicant.fill("密码", PASSWORD)
    if applicant.page.get_by_label("再输入一次密码").count():
        applicant.fill("再输入一次密码", PASSWORD)
    applicant.look("注册")
    applicant.press("注册并发送邮箱验证码")
    applicant.look("邮箱验证码")
    code = re.search(r"\b([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\b", mail.outbox[-1].body)
    applicant.fill("验证码", code[1])
    applicant.press("确认")


def begin(applicant: Person) -> str:
    """Ends on the task list; returns the number. The login came back to the page that was asked for."""
    applicant.sees("选择领域")
    applicant.look("选择领域")
    applicant.tick("电子信息")
    applicant.press("下一步")
    applicant.page.locator("[name=title]").fill(ANSWERS["technology_name"])
    for choice in applicant.page.get_by_label("符合", exact=True).all():
        choice.check()
    applicant.tick("中国电子学会")
    applicant.look("资格自查")
    applicant.press("建立申报表")
    applicant.sees("填写内容")
    applicant.look("任务清单-新")
    return re.search(r"/nominations/(\w+)/", applicant.page.url)[1]


def fill_in(applicant: Person, number: str) -> None:
    page = applicant.page
    applicant.go(f"/nominations/{number}/technology/")
    for key in ("technology_name", "holder_name"):
        page.locator(f"[name={key}]").fill(ANSWERS[key])
    page.get_by_role("radio", name="电子信息").check()
    choose_industry(applicant)
    page.get_by_role("radio", name=re.compile(ANSWERS["readiness"])).check()
    for form in ANSWERS["transfer_forms"]:
        page.get_by_role("checkbox", name=form).check()
    applicant.look("填写-技术基本情况")
    applicant.press("保存并继续")
    for key in ("contact_name", "phone", "address", "email", "team_profile"):
        page.locator(f"[name={key}]").fill(ANSWERS[key])
    applicant.look("填写-技术团队")
    applicant.press("保存并继续")
    applicant.go(f"/nominations/{number}/introduction/")
    page.locator("[name=introduction_text]").fill(ANSWERS["introduction_text"][:300])
    applicant.sees("还差")
    applicant.press("保存并继续")
    applicant.look("填写-字数不足")
    page.locator("[name=introduction_text]").fill(ANSWERS["introduction_text"])
    expect(page.locator("body")).to_contain_text("已自动保存", timeout=15_000)
    applicant.look("填写-已自动保存")
    applicant.press("保存并继续")
    for section, key in (
        ("scenarios", "scenarios_text"),
        ("rights", "rights_text"),
        ("economy", "economy_text"),
        ("society", "society_text"),
    ):
        applicant.go(f"/nominations/{number}/{section}/")
        page.locator(f"[name={key}]").fill(ANSWERS[key])
        applicant.press("保存并继续")
    applicant.go(f"/nominations/{number}/awards/")
    applicant.press("添加一行", stays=True)
    page.locator("[name=awards_rows-0-name]").fill("演示科学技术奖")
    page.locator("[name=awards_rows-0-level]").first.select_option("全国学会奖")
    page.locator("[name=awards_rows-0-date]").fill("2021-11")
    applicant.look("填写-获奖")
    applicant.press("保存并继续")
    applicant.go(f"/nominations/{number}/eligibility/")
    applicant.press("保存并继续")
    applicant.go(f"/nominations/{number}/")
    applicant.look("任务清单-已填")


def choose_industry(applicant: Person) -> None:
    """Types pinyin initials, and takes the first that is found with the keyboard."""
    search = applicant.page.get_by_role("combobox")
    search.fill("集成电路")
    expect(applicant.page.get_by_role("option").first).to_be_visible()
    search.press("ArrowDown")
    search.press("Enter")


def submit(applicant: Person, number: str) -> None:
    page = applicant.page
    applicant.go(f"/nominations/{number}/preview/")
    applicant.press("生成草稿PDF")
    expect(page.get_by_role("link", name=re.compile("下载"))).to_be_visible(timeout=60_000)
    applicant.look("申报表预览")
    stamp(applicant, number)
    applicant.go(f"/nominations/{number}/check/")
    applicant.look("检查并提交")
    page.get_by_label(re.compile("^承诺")).check()
    applicant.press("确认提交")
    applicant.sees("核验码")
    applicant.look("提交结果")
    with page.expect_download() as download:
        expect(page.get_by_role("link", name=re.compile("下载")).first).to_be_visible(timeout=60_000)
        page.get_by_role("link", name=re.compile("下载")).first.click()
    assert download.value.suggested_filename.endswith(".pdf")
    download.value.save_as(applicant.shots / "申报表.pdf")


def stamp(applicant: Person, number: str) -> None:
    """Prints the frozen form, stamps it, scans it without its last page, then photographs that one."""
    page = applicant.page
    applicant.go(f"/nominations/{number}/seal/")
    applicant.look("盖章扫描件-未生成")
    applicant.go(f"/nominations/{number}/preview/")
    applicant.press("生成盖章版PDF")
    with page.expect_download(timeout=60_000) as download:
        link = page.get_by_role("link", name="下载", exact=True)
        expect(link).to_be_visible(timeout=60_000)
        link.click()
    pages = [stamping.stamped(each) for each in stamping.pages(download.value.path().read_bytes())]
    applicant.look("盖章版已生成")
    applicant.go(f"/nominations/{number}/seal/")
    applicant.look("盖章扫描件-未上传")
    send(applicant, "扫描件.pdf", "application/pdf", stamping.pdf_of(pages[:-1]))
    expect(page.locator("main")).to_contain_text(f"缺第{len(pages)}页", timeout=60_000)
    applicant.look("盖章扫描件-缺页")
    send(
        applicant,
        "末页.jpg",
        "image/jpeg",
        stamping.jpeg_of(pages[-1].rotate(8, expand=True, fillcolor=(90, 90, 90))),
    )
    expect(page.locator("main")).to_contain_text("核验码一致，页码齐全", timeout=60_000)
    applicant.look("盖章扫描件-齐全")


def send(person: Person, name: str, kind: str, content: bytes) -> None:
    """Sends one file by the form of the page."""
    person.page.locator("[name=files]").set_input_files([{"name": name, "mimeType": kind, "buffer": content}])
    person.press("上传")


def stamp_as_unit(unit: Person, number: str) -> None:
    """Prints what was submitted, and sends the page with the unit's seal."""
    with unit.page.expect_download() as download:
        unit.page.get_by_role("link", name="下载PDF").click()
    version = Nomination.objects.get(number=number).latest_version
    printed = stamping.pages(download.value.path().read_bytes())
    box = stamping.stamped(printed[version.seal_pages["recommender"] - 1])
    send(unit, "盖章页.jpg", "image/jpeg", stamping.jpeg_of(box))
    expect(unit.page.locator("main")).to_contain_text("推荐单位盖章页：核验码一致", timeout=60_000)


def recommend(unit: Person, number: str) -> None:
    unit.sign_in("wangmin", cast.PASSWORD)
    unit.go("/unit/")
    unit.sees("待审核", "剩余名额")
    unit.look("推荐工作台")
    unit.press("审核下一项")
    stamp_as_unit(unit, number)
    unit.look("审核推荐")
    unit.page.locator("[name=opinion]").fill("技术先进，应用前景好，同意推荐。")
    unit.press("推荐")
    unit.look("确认推荐")
    unit.press("确认推荐")
    unit.go("/unit/nominations/")
    unit.sees("已推荐", number)
    unit.look("申报列表")


def file_plan(body: Person) -> None:
    body.sign_in("zhangwei", cast.PASSWORD)
    body.go("/body/")
    body.look("初评工作台")
    body.go("/body/plan/")
    page = body.page
    page.locator("[name=work_plan]").fill("成立工作组，先形式审查，再由专家独立评审，最后汇总。")
    page.locator("[name=expert_plan]").fill("每项由两名专家评审，专家与申报单位、推荐单位无利害关系。")
    for number, (name, weight) in enumerate((("创新性", "60"), ("应用前景", "30"))):
        if page.locator("[name$=-name]").count() <= number:
            body.press("添加一行", stays=True)
        page.locator("[name$=-name]").nth(number).fill(name)
        page.locator("[name$=-weight]").nth(number).fill(weight)
    page.locator("[name=experts_each]").fill("2")
    page.locator("[name=shortlist]").fill("5")
    body.press("报送备案")
    body.sees("权重合计应为100，现为90，还差10")
    body.look("方案权重不足")
    page.locator("[name$=-weight]").nth(1).fill("40")
    body.press("报送备案")
    body.look("确认报送方案")
    body.press("确认报送")
    body.sees("待备案")


def put_on_record(office: Person) -> None:
    office.sign_in("zhaolei", cast.PASSWORD)
    office.go("/office/")
    office.look("数据大盘")
    office.press("待备案")
    office.look("初评方案")
    office.press("备案")


def check_form(body: Person, number: str) -> None:
    body.go("/body/check/")
    body.look("形式审查")
    body.press("审查下一项")
    body.look("形式审查一项")
    body.press("通过并看下一项")
    assert state_of(number) == State.ACCEPTED


def take_experts_in(body: Person) -> None:
    body.go("/body/experts/")
    for expert in cast.EXPERTS.values():
        if not body.page.locator("[name=email]").is_visible():
            body.page.get_by_text("加入专家", exact=True).click()
        for name, value in expert.items():
            body.page.locator(f"[name={name}]").fill(value)
        body.press("加入并发邀请")
    body.sees("吴志远", "郑海涛")
    body.look("专家")
    body.go("/body/assign/")
    body.look("专家与分配")
    body.press("生成建议")
    body.sees("采用建议并发布任务")
    body.press("采用建议并发布任务")
    body.go("/body/progress/")
    body.look("评审进度")


def score(expert: Person, email: str, worker) -> None:
    """Follows the link of the invitation, sets a password, gives the commitment, scores, submits."""
    expert.go(invitation_link(worker, email))
    for field in expert.page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    expert.look("设置密码")
    expert.page.locator("main").get_by_role("button").first.click()
    expert.page.wait_for_load_state("networkidle")
    expert.sign_in(email, PASSWORD)
    expert.go("/expert/")
    expert.look("评审任务")
    expert.press("答复邀请")
    expert.look("评审邀请")
    for tick in ("同意按以上说明", "已阅读"):
        expert.page.get_by_label(re.compile(tick)).check()
    expert.press("接受邀请")
    expert.press("继续评审")
    for number, value in enumerate(("88", "91.5")):
        expert.page.locator("[name^=score-]").nth(number).fill(value)
    expert.page.locator("[name=comment]").fill("创新性突出，验证充分。")
    expert.sees("已自动保存", "89.4")
    expert.look("评审打分")
    expert.press("完成并看下一项")
    expert.go("/expert/summary/")
    expert.look("核对与提交")
    expert.press("全部提交")
    expert.press("确认提交")
    expert.sees("不能再改")


def invitation_link(worker, email: str) -> str:
    """The path of the link in the mail that the worker sent, as it stands in the worker's log."""
    words = re.compile(
        rf"To: [^\n]*{re.escape(email)}.*?https?://[^/\s]+(/account/\S+|/password/\S+|/invitation/\S+)", re.S
    )
    for _second in range(60):
        if found := words.search(worker.log.read_text(encoding="utf-8", errors="replace")):
            return found[1]
        worker.idle(1)
    raise AssertionError(f"no invitation for {email}")


def submit_result(body: Person) -> None:
    body.go("/body/results/")
    body.look("评分未结束")
    body.press("结束评分")
    body.look("结束评分")
    body.press("确认结束评分")
    body.go("/body/results/")
    body.sees("89.40")
    body.look("初评结果")
    body.press("报送初评结果")
    body.press("确认报送")
    body.sees("已冻结")
    expect(body.page.get_by_role("link", name="下载")).to_be_visible(timeout=60_000)
    body.look("初评结果已报送")


def mark_and_give_notice(office: Person) -> None:
    office.go("/office/final/")
    office.look("终评")
    office.press("先导技术榜")
    office.page.locator("[name=chosen]").first.check()
    office.look("终评先导技术榜")
    office.press("标记拟入榜")
    office.go("/office/notices/")
    office.look("公示与异议")
    office.press("先导技术榜")
    office.look("公示草稿")
    office.press("预览")
    office.look("公示预览")
    office.press("发布公示")
    office.sees("公示")


def read_notice(public: Person) -> None:
    public.go("/")
    public.look("首页")
    public.go("/notices/")
    public.press("拟入榜名单公示")
    public.sees(ANSWERS["technology_name"])
    public.look("公示页")
    public.go("/lists/2022/pioneer_technology/")
    expect(public.page.locator("main")).not_to_contain_text(ANSWERS["technology_name"])


def publish(office: Person, second: Person) -> None:
    office.go("/office/publish/")
    office.look("发布入榜名单")
    office.press("先导技术榜")
    office.press("准备名单")
    office.look("名单待复核")
    second.sign_in("sunyue", cast.PASSWORD)
    second.go("/office/publish/2022/pioneer_technology/")
    second.page.locator("[name=typed]").fill("2022年先导技术榜")
    second.press("发布")
    second.sees("以确认发布")
    second.page.locator("[name=typed]").fill("2022先导技术榜")
    second.look("复核发布")
    second.press("发布")
    second.sees("孙悦发布")


def read_list(public: Person) -> None:
    public.go("/lists/")
    public.look("入榜名单")
    public.go("/lists/2022/pioneer_technology/")
    public.page.locator("[name=q]").fill("云")
    public.press("搜索")
    public.sees(ANSWERS["technology_name"])
    public.look("先导技术榜入榜名单")
    for suffix in ("XLSX", "PDF"):
        link = public.page.get_by_role("link", name=f"下载{suffix}")
        for _try in range(30):
            if link.count():
                break
            public.page.wait_for_timeout(1000)
            public.page.reload()
        with public.page.expect_download() as download:
            link.click()
        download.value.save_as(public.shots / f"入榜名单.{suffix.lower()}")


def read_outcome(applicant: Person, number: str) -> None:
    applicant.go("/my/")
    applicant.look("我的申报")
    applicant.go(f"/nominations/{number}/progress/")
    applicant.sees("已发布")
    applicant.look("申报进度")


def download_tallies(office: Person) -> None:
    office.go("/office/nominations/")
    office.look("申报总表")
    office.press("导出全部")
    link = office.page.get_by_role("link", name="下载")
    expect(link).to_be_visible(timeout=60_000)
    with office.page.expect_download() as download:
        link.click()
    download.value.save_as(office.shots / "申报总表.xlsx")
    office.go("/office/audit/")
    office.look("操作记录")
