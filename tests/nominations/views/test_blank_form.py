"""The blank form on a ranking's page: owed when the form is loaded, printed by the worker, everybody's to download."""

import pytest

from kczg.kit import outbox
from kczg.kit.models import Job
from nominations.actions import papers
from nominations.actions.options import set_options
from nominations.actions.season import load_season
from nominations.models import Ranking
from tests import cast

PAGE, FILE = "/rankings/open_source/", "/rankings/open_source/blank.pdf"


@pytest.fixture
def ranking(season):
    return Ranking.objects.get(season=season, key="open_source")


def test_loading_a_season_owes_each_blank_form_once(season):
    assert Job.objects.filter(kind="blank_form").count() == 7
    load_season(2022, 2022, cast.SYSTEM, cast.BEFORE_CALL)
    assert Job.objects.filter(kind="blank_form").count() == 7


def test_a_changed_declaration_owes_another_one(ranking):
    ranking.declaration["title"] = "{year}年改过的表"
    ranking.save()
    assert papers.blank_of(ranking) is None
    load_season(2022, 2022, cast.SYSTEM, cast.BEFORE_CALL)
    assert papers.blank_of(ranking).state == "queued"


def test_options_that_the_secretariat_sets_owe_another_one(season):
    ranking = Ranking.objects.get(season=season, key="international_cooperation")
    before = papers.blank_of(ranking)
    changed = set_options(
        ranking, "direction", ["数字经济", "生命健康"], "按年度重点", cast.office(), cast.BEFORE_CALL
    )
    assert papers.blank_of(changed).pk != before.pk


def test_the_page_says_so_until_it_is_made(client, ranking):
    assert "空白表正在生成" in client.get(PAGE).content.decode()
    assert client.get(FILE).status_code == 404


def test_everybody_downloads_it_and_asks_again_by_its_tag(client, ranking):
    job = papers.blank_of(ranking)
    outbox.run(job.pk)
    assert FILE in client.get(PAGE).content.decode()
    got = client.get(FILE)
    assert got.status_code == 200 and b"".join(got.streaming_content).startswith(b"%PDF-")
    assert got.headers["Cache-Control"] == "public, no-cache"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert "filename*=utf-8''2022%E5%B9%B4" in got.headers["Content-Disposition"]
    again = client.get(FILE, headers={"if-none-match": got.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_C2_who_is_signed_in_leaves_no_copy_in_a_cache(client, ranking, applicant):
    outbox.run(papers.blank_of(ranking).pk)
    client.force_login(applicant)
    assert "no-store" in client.get(FILE).headers["Cache-Control"]
