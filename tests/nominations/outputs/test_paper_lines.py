"""Tables cut where pages end: frames, side labels on each page, no scrap of a row at a page's foot."""

import pytest

from kczg.kit.papers import Place
from nominations.answers import walk
from nominations.outputs import pdf
from nominations.outputs.paper import FormPaper, Plain, ems, pieces
from nominations.outputs.paper_lines import SCRAP, Line, fit, is_scrap
from nominations.rankings import DECLARATIONS
from tests.cast_form import chinese
from tests.nominations.outputs.test_pdf import pages
from tests.nominations.rankings.samples import full

LABEL = [["甲", "乙", "丙"], ["甲乙", "丙"]]


class Long(Plain):
    is_long = True


def lines(*kinds):
    return [Line(f"row-{n}", [Long("长") if kind == "long" else Plain("短")]) for n, kind in enumerate(kinds)]


def at(*stretches):
    """Places by row: (page, top, bottom), or several of them."""
    rows = [stretch if isinstance(stretch[0], tuple) else (stretch,) for stretch in stretches]
    return {f"row-{n}": tuple(Place(*piece) for piece in row) for n, row in enumerate(rows)}


def sides(frames):
    return [[(line.side.lines, line.side.down, line.side.joins) for line in f if line.side] for f in frames]


def test_before_a_lay_out_all_rows_share_a_frame_and_the_label_stands_beside_all():
    (frame,) = fit(lines("", "", ""), LABEL, {})
    assert sides([frame]) == [[(("甲", "乙", "丙"), 3, False)]]
    assert [line.stays for line in frame] == [True, True, False]
    assert fit(lines(""), [], {})[0][0].side is None


def test_a_frame_for_each_page_with_the_label_again():
    found = fit(lines("", "", ""), LABEL, at((1, 200, 220), (1, 220, 245), (2, 25, 60)))
    assert [len(frame) for frame in found] == [2, 1]
    assert sides(found) == [[(("甲", "乙", "丙"), 2, False)], [(("甲", "乙", "丙"), 1, False)]]


def test_a_label_is_shortened_or_left_out_where_there_is_no_room():
    found = fit(lines("", "", ""), LABEL, at((1, 200, 245), (2, 25, 42), (3, 25, 35)))
    assert sides(found) == [[(("甲", "乙", "丙"), 1, False)], [(("甲乙", "丙"), 1, False)], [((), 1, False)]]


def test_a_row_over_two_pages_has_a_side_cell_of_its_own_and_rows_after_it_the_label_again():
    places = at((1, 150, 180), (1, 180, 200), ((1, 200, 245), (2, 25, 60)), (2, 60, 90))
    found = fit(lines("", "", "long", ""), LABEL, places)
    label = ("甲", "乙", "丙")
    assert sides(found) == [[(label, 2, False), ((), 1, True), (label, 1, True)]]


@pytest.mark.parametrize(
    ("row", "height", "scrap"), [("long", SCRAP - 1, True), ("long", SCRAP, False), ("", SCRAP - 1, True)]
)
def test_too_little_of_a_row_at_a_pages_foot_is_a_scrap(row, height, scrap):
    (line,) = lines(row)
    assert is_scrap(line, (Place(1, 245 - height, 245), Place(2, 25, 60))) is scrap
    assert not is_scrap(line, (Place(1, 245 - height, 245),))


@pytest.mark.parametrize(
    ("label", "room", "cut"),
    [
        ("研发经费总额（万元）", 8.4, ("研发经费总额", "（万元）")),
        ("税收贡献（缴税总额/万元）", 8.4, ("税收贡献", "（缴税总额/万元）")),
        ("商业模式（不超过1000字）", 8.4, ("商业模式", "（不超过1000字）")),
        ("从事产学研融通服务时间（年）", 9, ("从事产学研融通服务", "时间（年）")),
        ("出生地（省-市）", 5.2, ("出生地", "（省-市）")),
        ("专利申请量（项）", 8.4, ("专利申请量（项）", "")),
        ("所获得技术转移专业培训或资质证书情况（如有请附证书扫描件）", 9, None),
        ("通讯地址", 3, None),
    ],
)
def test_labels_are_kept_together_at_their_brackets(label, room, cut):
    assert pieces(label, room) == (cut or (label, ""))
    assert ems("中a1-") == pytest.approx(2.61)


def printed(key, category="", **changes):
    tree = walk(DECLARATIONS[key], full(key, category, **changes), category=category, season_year=2022)
    paper = FormPaper(tree, "2022XX00001", "7K3M-Q9TA", {})
    return pages(pdf.render(paper)), paper


@pytest.mark.parametrize("length", range(0, 1001, 250))
def test_seals_stand_together_and_never_on_a_page_without_a_word_of_the_form(length):
    text = chinese(length + 1)
    found, _paper = printed("emerging_enterprise", achievement_text=text)
    assert "申报单位公章：" in found[-1] and "推荐单位公章：" in found[-1]
    before = found[-1].partition("申报单位公章：")[0]
    assert text[-10:] in before or text in before


def test_each_page_on_which_rows_begin_says_what_they_belong_to():
    found, _paper = printed("startup_employment", "就业先锋")
    beginning = [page for page in found if "就业服务平台的企业用户数" in page or "新增研发项目数" in page]
    for page in beginning:
        assert "带动就业的效益" in page or "创新能力及发展潜力" in page


def test_heads_of_a_table_are_not_parted_from_its_first_row():
    for length in range(0, 700, 200):
        found, _paper = printed("startup_employment", "创业先锋", core_team=chinese(length + 1))
        for page in found:
            assert not page.split("申报编号")[0].endswith(("2022年1-6月", "2025年"))


def test_rows_beside_a_label_stand_in_the_cells_of_the_form_and_leave_empty_ones():
    _found, paper = printed("technology_manager", certificates=[])
    cells = {cell.item.question.key: cell for row in paper.parts[0].rows for cell in row}
    assert cells["certificates"].rows.spare == 3 and cells["certificates"].rows.is_shown
    (first, _second) = cells["career"].rows.entries
    assert first == (["2012.7—2016.5", "江南大学", "科研管理"], ["负责专利运营。"])
    assert [head for _column, head in cells["career"].rows.columns] == ["起止年月", "工作单位", "职务"]
