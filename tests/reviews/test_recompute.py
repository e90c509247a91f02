"""45 nominations by 9 experts under every recipe: the database, and two programs that know nothing of us, agree."""

import random
import subprocess
import sys
import zipfile
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from kczg.kit import outbox
from kczg.kit.models import Job
from nominations.rules.check_code import digest
from reviews import queries
from reviews.models import Assignment, BodyExpert, Expert, PreliminaryResult, ReviewPlan, Score
from reviews.outputs import recompute
from reviews.outputs.result import frozen_rows
from reviews.rules.recipe import TIES
from tests import cast
from tests.reviews.many import copies

pytestmark = pytest.mark.django_db
AT = cast.IN_PRELIMINARY
GROUPS = [
    {"key": "g1", "name": "技术专家", "weight": 55},
    {"key": "g2", "name": "产业专家", "weight": 45},
]
INDEPENDENT = Path(__file__).with_name("independent_recompute.py")


@pytest.fixture
def during_review():
    with time_machine.travel(AT, tick=False):
        yield


def nine_experts(body):
    users = User.objects.bulk_create(
        User(username=f"many{n}", name=f"评审{n}", email=f"many{n}@example.org") for n in range(9)
    )
    experts = Expert.objects.bulk_create(Expert(user=user, employer="某研究院") for user in users)
    BodyExpert.objects.bulk_create(
        BodyExpert(body=body, expert=each, committed_at=AT, group=f"g{1 + n % 2}")
        for n, each in enumerate(experts)
    )
    return experts


def scored(nominations, experts, plan):
    """A submitted sheet of each for each; every expert with a severity of their own, ties not rare."""
    by, dice = cast.cast("body_person"), random.Random(2022)
    facts = {"assigned_at": AT, "assigned_by": by, "saved_at": AT, "submitted_at": AT, "comment": "清晰。"}
    sheets = Assignment.objects.bulk_create(
        Assignment(nomination=nomination, expert=each, plan=plan, **facts)
        for nomination in nominations
        for each in experts
    )
    severity = {each.pk: dice.randint(-12, 6) for each in experts}
    Score.objects.bulk_create(
        Score(assignment=sheet, criterion=c["key"], value=Decimal(dice.randint(160, 180) * 5 + severity[sheet.expert_id]) / 10)
        for sheet in sheets
        for c in cast.CRITERIA
    )  # fmt: skip


def freeze(track, plan):
    result = PreliminaryResult(
        track=track, plan=plan, closed_at=AT, closed_by=cast.cast("body_person"), frozen_at=AT
    )
    result.rows = frozen_rows(queries.ranked_result(track, plan), queries.recipe_digest(plan))
    result.digest = digest(result.rows)
    return result


def isolated(*command):
    """Runs a program with nothing but the standard library in reach."""
    return subprocess.run([sys.executable, "-I", *command], capture_output=True, text=True, timeout=60)


def browser(key):
    client = Client()
    client.force_login(cast.cast(key))
    return client


def command(**options):
    said, wrong = StringIO(), StringIO()
    try:
        call_command("recompute_result", season=2022, ranking="pioneer_technology", track="information",
                     stdout=said, stderr=wrong, **options)  # fmt: skip
    except SystemExit as end:
        return end.code, wrong.getvalue()
    return 0, said.getvalue()


def test_every_recipe_is_recomputed_to_the_last_digit(accepted, track, tmp_path):
    plan = cast.recorded_plan(shortlist=10)
    nominations = [accepted, *copies(accepted, 44)]
    scored(nominations, nine_experts(track.bodies.get()), plan)
    orders = set()
    for kind in ReviewPlan.Recipe.values:
        plan.recipe, plan.ties, plan.expert_groups = kind, list(TIES), GROUPS
        plan.save()
        result = freeze(track, plan)
        assert recompute.first_difference(result) == ""
        packed = tmp_path / f"{kind}.zip"
        packed.write_bytes(recompute.export(result))
        order = [
            f"{r['rank']},{r['tied']:d},{r['shortlisted']:d},{r['number']},{r['exact']}" for r in result.rows
        ]
        ours = isolated(str(INDEPENDENT), str(packed))
        assert (ours.returncode, ours.stdout.split(), ours.stderr) == (0, order, "")
        folder = tmp_path / kind
        zipfile.ZipFile(packed).extractall(folder)
        shipped = isolated(str(folder / "recompute.py"))
        assert (shipped.returncode, shipped.stdout) == (
            0,
            "OK: 45 nominations, order and figures identical\n",
        )
        orders.add(tuple(row["number"] for row in result.rows))
    # The recipes do differ on these scores, or the test would say little.
    assert len(orders) == 5


def test_what_was_changed_after_the_freeze_is_named(in_review, track, tmp_path):
    cast.score_all()
    result = freeze(track, queries.scoring_plan(track))
    result.save()
    code, said = command(export=tmp_path)
    assert (code, f"1项的得分与名次重算一致（{result.digest[:16]}）" in said) == (0, True)
    packed = tmp_path / "2022年先导技术榜（电子信息）初评结果复算.zip"
    assert packed.exists()
    score = Score.objects.first()
    Score.objects.filter(pk=score.pk).update(value=Decimal(10))
    code, said = command()
    assert (code, said.strip()) == (
        1,
        f"第1行{in_review.number}，得分：冻结的为88.500000，重算为72.800000",
    )
    # A figure changed in the export is found by both programs, and by its checksum.
    files = {name: zipfile.ZipFile(packed).read(name) for name in zipfile.ZipFile(packed).namelist()}
    files["result.csv"] = files["result.csv"].replace(b"88.500000", b"88.600000")
    with zipfile.ZipFile(packed, "w") as changed:
        for name, content in files.items():
            changed.writestr(name, content)
    assert isolated(str(INDEPENDENT), str(packed)).returncode == 1
    shipped = isolated(str(recompute.STANDALONE / "recompute.py"), str(packed))
    assert (shipped.returncode, shipped.stdout.splitlines()) == (
        1,
        ["result.csv: changed since the export", "line 1, figure: frozen 88.600000, recomputed 88.500000"],
    )


def test_the_export_names_nobody_and_is_always_the_same(in_review, track):
    cast.score_all()
    result = freeze(track, queries.scoring_plan(track))
    packed = recompute.export(result)
    assert recompute.export(result) == packed
    files = {
        name: zipfile.ZipFile(BytesIO(packed)).read(name).decode() for name in recompute.export_files(result)
    }
    assert list(files) == [
        "recipe.json",
        "scores.csv",
        "result.csv",
        "README.txt",
        "recompute.py",
        "SHA256SUMS",
    ]
    for sheet in result.rows[0]["sheets"]:
        assert not any(sheet["expert_name"].split("（")[0] in text for text in files.values())
    assert in_review.title not in "".join(files.values())
    assert files["scores.csv"].splitlines()[:2] == [
        "nomination,expert,group,criterion,score",
        f"{in_review.number},E01,,c1,88.5",
    ]


@pytest.mark.usefixtures("during_review")
def test_both_sides_fetch_the_package_from_the_worker(in_review, track):
    cast.score_all()
    assert browser("body_person").get("/body/results/export/").status_code == 404
    cast.close_and_submit()
    result = PreliminaryResult.objects.get()
    pages = {"body_person": "/body/results/export/", "office_a": f"/office/results/{result.pk}/export/"}
    for key, page in pages.items():
        theirs = browser(key)
        words = theirs.get(page).content.decode()
        assert queries.recipe_digest(result.plan) in words
        assert "权重最高的指标平均分高者在前；仍同则并列" in words
        for _n in range(2):
            answer = theirs.post(page)
        job = Job.objects.get(kind="result_export", owner=cast.cast(key))
        assert f"job={job.pk}" in answer.url
        outbox.run(job.pk)
        assert f"/jobs/{job.pk}/file/" in theirs.get(answer.url).content.decode()
        file = theirs.get(f"/jobs/{job.pk}/file/")
        assert b"".join(file.streaming_content) == recompute.export(result)
    stranger = browser("applicant")
    assert [stranger.get(page).status_code for page in pages.values()] == [404, 404]


def test_the_command_says_what_is_not_there(track):
    with pytest.raises(CommandError, match="没有已冻结的初评结果"):
        command()
