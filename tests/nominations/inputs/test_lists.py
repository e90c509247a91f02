"""The season's lists from files: each wrong row is named, the right ones are read whatever the spelling of the file."""

import io

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from kczg.kit.models import Event
from kczg.kit.verdicts import Refused
from nominations.actions import lists
from nominations.inputs.lists import HONOUREES, excluding_lists, read_list
from nominations.models import PILOT_PLACES, Honouree, PilotPlace
from tests import cast

pytestmark = pytest.mark.django_db
HEAD = "ranking,track,name,org,source,checked_by,checked_on\n"
KNOWN = "先导技术榜、突破短板关键技术榜、新锐企业榜、产学研融通组织榜"
LINE = "新锐企业榜,,北京云脉传感科技有限公司,,2022年1月公布名单,,\n"


def file(text: str, encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO(text.encode(encoding))


def book(*rows) -> io.BytesIO:
    made, found = Workbook(), io.BytesIO()
    for row in rows:
        made.active.append(row)
    made.save(found)
    return found


def test_the_lists_are_those_of_the_exclusion_rules(season):
    assert excluding_lists(season) == ["先导技术榜", "突破短板关键技术榜", "新锐企业榜", "产学研融通组织榜"]


@pytest.mark.parametrize(
    "made",
    [
        lambda: file(HEAD + LINE),
        lambda: file("\ufeff" + HEAD + LINE),
        lambda: file(
            "上年榜单,名称,出处\n新锐企业榜,北京云脉传感科技有限公司,2022年1月公布名单\n", "gb18030"
        ),
        lambda: file(
            "名称,序号,出处,榜单\r\n 北京云脉传感科技有限公司 ,1,2022年1月公布名单,新锐企业榜\r\n\r\n"
        ),
        lambda: book(
            ["上年榜单", "名称", "出处"], ["新锐企业榜", "北京云脉传感科技有限公司", "2022年1月公布名单"]
        ),
    ],
)
def test_a_file_is_read_whatever_its_spelling(season, made):
    found = read_list(HONOUREES, made(), season)
    assert found.problems == []
    (row,) = found.rows
    assert (row["ranking_name"], row["name"], row["source"]) == (
        "新锐企业榜", "北京云脉传感科技有限公司", "2022年1月公布名单",
    )  # fmt: skip


def test_the_notices_own_spelling_of_a_list_with_its_field(season):
    line = "突破短板关键技术榜（装备制造领域）,,高精度轴承,,名单,,\n"
    (row,) = read_list(HONOUREES, file(HEAD + line), season).rows
    assert (row["ranking_name"], row["track_name"]) == ("突破短板关键技术榜", "装备制造")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", [(0, "", "文件是空的")]),
        (HEAD, [(0, "", "文件只有表头，没有内容")]),
        ("name\n云脉\n", [(1, "榜单", "缺少这一列"), (1, "出处", "缺少这一列")]),
        (HEAD + "金牌榜,,云脉,,名单,,\n", [(2, "榜单", f"没有通知所列的榜单“金牌榜”，应为：{KNOWN}")]),
        (HEAD + LINE + "新锐企业榜,,,,,,\n", [(3, "名称", "填写名称"), (3, "出处", "填写出处")]),
        (HEAD + LINE + LINE, [(3, "名称", "与第2行是同一项")]),
        (HEAD + "新锐企业榜,,云脉,,名单,李某,去年\n", [(2, "核对日期", "日期写成2022-10-31这样")]),
        (HEAD + "新锐企业榜,," + "云" * 201 + ",,名单,,\n", [(2, "名称", "超过200个字符")]),
        (HEAD + "新锐企业榜,,云\u202e脉,,名单,,\n", [(2, "名称", "名称第2个字符是控制字符（U+202E），删去后再保存")]),
        (HEAD + "新锐企业榜,,……,,名单,,\n", [(2, "名称", "名称没有文字")]),
        ("ranking,name,source,统一社会信用代码\n新锐企业榜,云脉,名单,91110108MA000TQT96\n",
         [(2, "统一社会信用代码", "统一社会信用代码校验位不符，对照营业执照检查（不含字母I、O、S、V、Z）")]),
    ],
)  # fmt: skip
def test_what_is_wrong_names_row_column_and_reason(season, text, told):
    found = read_list(HONOUREES, file(text), season)
    assert [(p.row, p.column, p.reason) for p in found.problems] == told


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 no archive",
        b"\xd0\xcf\x11\xe0 old",
        b"\xff\xfe\xff\xff\xff",
        b"a" * 2_200_000,
        b'"' * 200_000,
    ],
)
def test_I6_a_nasty_file_is_answered_with_words(season, content):
    found = read_list(HONOUREES, io.BytesIO(content), season)
    assert found.rows == [] and found.problems and all(p.reason for p in found.problems)


def test_a_formula_is_not_taken(season):
    found = read_list(PILOT_PLACES, book(["名称", "出处"], ["=1+1", "名单"]), season)
    assert [(p.row, p.column) for p in found.problems] == [(2, "名称")]


def places(*names: str, **more: str) -> list[dict[str, str]]:
    blank = {"kind": "", "province_code": "", "source": "名单", "checked_by": "", "checked_on": ""}
    return [{**blank, **more, "name": name} for name in names]


def office():
    return cast.acting(cast.cast("office_a"))


def test_an_import_run_twice_changes_nothing_the_second_time(season):
    rows = places("苏州市", "苏州工业园区")
    assert vars(lists.preview(season, PILOT_PLACES, rows)) == {"new": 2, "changed": 0, "unchanged": 0}
    assert PilotPlace.objects.count() == 0
    lists.import_rows(season, PILOT_PLACES, rows, office(), cast.DURING_CALL)
    again = lists.import_rows(season, PILOT_PLACES, rows, office(), cast.DURING_CALL)
    assert vars(again) == {"new": 0, "changed": 0, "unchanged": 2}
    other = lists.import_rows(
        season, PILOT_PLACES, places("苏州 市", source="另一份"), office(), cast.DURING_CALL
    )
    assert vars(other) == {"new": 0, "changed": 1, "unchanged": 0}
    assert PilotPlace.objects.count() == 2
    assert [e.data["new"] for e in Event.objects.filter(name="list_imported")] == [2, 0, 0]


def test_a_check_stands_until_what_was_checked_changes(season):
    rows = places("苏州市")
    lists.import_rows(season, PILOT_PLACES, rows, office(), cast.DURING_CALL)
    place = PilotPlace.objects.get()
    assert lists.check_lines(season, PILOT_PLACES, [place.pk], office(), cast.DURING_CALL) == 1
    assert lists.check_lines(season, PILOT_PLACES, [place.pk], office(), cast.DURING_CALL) == 0
    place.refresh_from_db()
    assert (place.checked_by, place.checked_on.isoformat()) == ("赵磊", "2022-10-20")
    lists.import_rows(season, PILOT_PLACES, rows, office(), cast.DURING_CALL)
    assert PilotPlace.objects.get().checked_by == "赵磊"
    lists.import_rows(season, PILOT_PLACES, places("苏州市", source="更正"), office(), cast.DURING_CALL)
    assert PilotPlace.objects.get().checked_by == ""


def test_S1_the_secretariat_alone_changes_lists_and_gives_reasons(season):
    by = cast.acting(cast.cast("applicant"))
    deeds = [
        lambda who: lists.import_rows(season, PILOT_PLACES, places("苏州市"), who, cast.DURING_CALL),
        lambda who: lists.check_lines(season, PILOT_PLACES, [1], who, cast.DURING_CALL),
        lambda who: lists.remove_lines(season, PILOT_PLACES, [1], "误", who, cast.DURING_CALL),
        lambda who: lists.set_whole(season, PILOT_PLACES, True, "已齐", who, cast.DURING_CALL),
    ]
    for deed in deeds:
        with pytest.raises(Refused) as refused:
            deed(by)
        assert refused.value.verdict.status == 404
    assert PilotPlace.objects.count() == 0
    with pytest.raises(Refused) as refused:
        lists.set_whole(season, PILOT_PLACES, True, " ", office(), cast.DURING_CALL)
    assert refused.value.verdict.code == "reason_missing"
    with pytest.raises(Refused) as refused:
        lists.set_whole(season, "金牌榜", True, "已齐", office(), cast.DURING_CALL)
    assert refused.value.verdict.code == "unknown_list"
    lists.import_rows(season, PILOT_PLACES, places("苏州市"), office(), cast.DURING_CALL)
    pk = PilotPlace.objects.get().pk
    with pytest.raises(Refused):
        lists.remove_lines(season, PILOT_PLACES, [pk], "", office(), cast.DURING_CALL)
    assert lists.remove_lines(season, PILOT_PLACES, [pk], "重复", office(), cast.DURING_CALL) == 1
    assert Event.objects.get(name="list_lines_removed").data["removed"][0]["name"] == "苏州市"


def test_the_commands_import_every_row_or_none(season, tmp_path, capsys):
    path = tmp_path / "名单.csv"
    path.write_text(HEAD + LINE + "金牌榜,,云脉,,名单,,\n", "utf-8")
    with pytest.raises(CommandError, match="第3行 榜单：没有通知所列的榜单"):
        call_command("import_honourees", str(path), "--season", "2022")
    assert Honouree.objects.count() == 0
    path.write_text(HEAD + LINE, "utf-8")
    call_command("import_honourees", str(path), "--season", "2022", "--dry-run")
    assert Honouree.objects.count() == 0
    call_command("import_honourees", str(path), "--season", "2022")
    assert capsys.readouterr().out == "将新增1行，修改0行，不变0行\n已新增1行，修改0行，不变0行\n"
    assert Honouree.objects.get().normalised_name == "北京云脉传感科技有限公司"
    places_file = tmp_path / "places.csv"
    places_file.write_text("seq,name,kind,province_code,source\n1,苏州市,城市,320000,名单\n", "utf-8")
    call_command("import_pilot_places", str(places_file), "--season", "2022")
    assert PilotPlace.objects.get().province_code == "320000"
    for wrong in (["--season", "1999", str(path)], ["--season", "2022", str(tmp_path / "none.csv")]):
        with pytest.raises(CommandError):
            call_command("import_pilot_places", *wrong)
