"""describe_forms: every label of the specification as data, a valid JSON Schema, and the blank forms as PDF."""

import csv
import json
import re
from io import StringIO
from pathlib import Path

import jsonschema
import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from nominations.answers import walk
from nominations.models import Ranking
from nominations.outputs import json as data
from nominations.outputs.blank import blank_pdf
from nominations.rankings import DECLARATIONS
from tests.nominations.answers_of import full as full_pioneer
from tests.nominations.outputs.test_pdf import pages
from tests.nominations.rankings.samples import CASES, full

LABELS = Path(__file__).parent / "rankings" / "labels.tsv"
with LABELS.open(encoding="utf-8", newline="") as lines:
    EXPECTED = list(csv.DictReader(lines, delimiter="\t"))


def described(*arguments):
    out = StringIO()
    call_command("describe_forms", "--season", "2022", *arguments, stdout=out)
    return json.loads(out.getvalue())


def describes(form, row):
    """Whether a form has a question of this name below this heading; headings and labels have notes of their own."""
    return any(
        row["section"].startswith(section["title"])
        and row["label"] in (question["label"], question["name"], question["words"])
        for section in form["sections"]
        for question in section["questions"]
    )


def squeezed(text):
    return re.sub(r"\s", "", text)


@pytest.mark.django_db
def test_every_label_of_the_specification_is_described_in_its_section():
    forms = {form["ranking"]: form for form in described()["forms"]}
    assert list(forms) == list(DECLARATIONS)
    assert len(EXPECTED) > 110
    assert [row for row in EXPECTED if not describes(forms[row["ranking"]], row)] == []


@pytest.mark.django_db
def test_limits_options_columns_rows_and_years_are_described(season):
    forms = {form["ranking"]: form for form in described()["forms"]}
    pioneer = {
        q["key"]: q for section in forms["pioneer_technology"]["sections"] for q in section["questions"]
    }
    assert pioneer["introduction_text"]["limits"] == {"min": 400, "max": 600, "unit": "字"}
    assert [option["label"] for option in pioneer["readiness"]["options"]][:2] == ["TRL1", "TRL2"]
    assert [column["label"] for column in pioneer["awards_rows"]["columns"]] == [
        "奖项名称",
        "奖项级别",
        "获奖时间",
    ]
    assert pioneer["awards_rows"]["required"] is False
    assert forms["pioneer_technology"]["tracks"][0] == "电子信息"
    startup = {
        q["key"]: q for section in forms["startup_employment"]["sections"] for q in section["questions"]
    }
    assert startup["jobs_years"]["required_of"] == ["就业先锋"]
    assert startup["jobs_years"]["years"] == ["2020年", "2021年", "2022年1-6月"]
    assert [o["label"] for o in forms["startup_employment"]["categories"]] == ["创业先锋", "就业先锋"]
    assert forms["emerging_enterprise"]["conditions"][0]["clause"].startswith("附件1")
    assert "{year" not in json.dumps(forms, ensure_ascii=False)


@pytest.mark.django_db
def test_the_season_describes_its_own_copy_not_the_shipped_one(season):
    ranking = Ranking.objects.get(season=season, key="open_source")
    ranking.declaration["title"] = "{year}年改过的表"
    ranking.save()
    titles = {form["ranking"]: form["title"] for form in described()["forms"]}
    assert titles["open_source"] == "2022年改过的表"
    assert described("--ranking", "open_source")["forms"][0]["title"] == "2022年改过的表"


def test_without_a_database_the_shipped_forms_are_described(monkeypatch):
    def away(year):
        raise OperationalError("no such table")

    monkeypatch.setattr("nominations.management.commands.describe_forms.forms_of", away)
    assert len(described()["forms"]) == 7


@pytest.mark.django_db
def test_what_is_not_known_is_named():
    with pytest.raises(CommandError, match="没有1999年的通知数据"):
        call_command("describe_forms", "--season", "1999")
    with pytest.raises(CommandError, match="没有榜单poetry"):
        call_command("describe_forms", "--season", "2022", "--ranking", "poetry")


@pytest.mark.django_db
@pytest.mark.parametrize(("key", "category"), [("pioneer_technology", ""), *CASES])
def test_the_schema_is_valid_and_takes_the_documents_of_every_ranking(key, category):
    whole, single = described("--schema"), described("--schema", "--ranking", key)
    jsonschema.Draft202012Validator.check_schema(whole)
    jsonschema.Draft202012Validator.check_schema(single)
    assert set(whole["$defs"]) == set(DECLARATIONS)
    answers = full_pioneer() if key == "pioneer_technology" else full(key, category)
    document = data.document(walk(DECLARATIONS[key], answers, category=category, season_year=2022))
    judge = jsonschema.Draft202012Validator(whole)
    assert list(judge.iter_errors(document)) == []
    assert list(jsonschema.Draft202012Validator(single).iter_errors(document["answers"])) == []
    document["answers"]["unknown"] = "x"
    assert [error.validator for error in judge.iter_errors(document)] == ["additionalProperties"]
    assert list(judge.iter_errors({"ranking": "poetry", "answers": {}}))


@pytest.mark.parametrize("key", DECLARATIONS)
def test_the_blank_form_has_every_printed_label_and_no_answer(key):
    form = DECLARATIONS[key].for_year(2022)
    text = "".join(re.sub(r"第\d+页共\d+页", "", page) for page in pages(blank_pdf(form)))
    words = [seal.label for seal in form.seals] + [option.label for option in form.categories]
    for section in (section for section in form.sections if section.printed):
        for question in section.questions:
            # A long text of a row is written below the row; on paper its column has no head.
            words += [column.label for column in question.columns if column.kind != "long_text"]
            words += [row.label for row in question.rows] + list(question.years)
            if question.box or form.separately_organised:
                words += [option.label for option in question.options]
            if section.layout == "grid" and not question.group:
                words.append(question.label)
            elif section.layout == "block":
                words.append(section.title)
    assert [word for word in words if squeezed(word) not in text] == []
    assert ("□" in text) == bool(form.categories or any(q.box for q in form.questions()))
    assert [word for word in ("√", "—", "草稿", "未填写", "核验码", "申报编号") if word in text] == []


@pytest.mark.django_db
def test_the_command_writes_a_pdf_for_each_form(tmp_path):
    out = StringIO()
    call_command(
        "describe_forms",
        "--season",
        "2022",
        "--blank",
        "--out",
        tmp_path / "new",
        "--ranking",
        "open_source",
        stdout=out,
    )
    made = list((tmp_path / "new").iterdir())
    assert [path.name for path in made] == ["open_source.pdf"] and made[0].read_bytes().startswith(b"%PDF-")
    assert out.getvalue().strip() == str(made[0])
