"""S6, U3: what somebody may no longer do is over at the next request, also for files made for them before."""

import pytest
from django.test import Client

from accounts.models import Membership, User
from accounts.roles import Role
from kczg.kit.models import Job
from kczg.kit.outbox import owe
from tests import cast

pytestmark = pytest.mark.django_db


def finished(kind: str, owner: User, **args) -> Job:
    job = owe(kind, f"{kind}:lost", owner=owner, **args)
    job.state = Job.State.DONE
    job.save()
    job.attach("文件.xlsx", b"PK")
    return job


@pytest.mark.parametrize("kind", ["nominations_xlsx", "tallies_xlsx"])
def test_S6_who_leaves_the_secretariat_loses_the_exports(client, season, office_a, kind):
    job = finished(kind, office_a, season_id=season.pk, at=cast.DURING_CALL.isoformat())
    client.force_login(office_a)
    assert client.get(f"/jobs/{job.pk}/file/").status_code == 200
    Membership.objects.filter(user=office_a, role=Role.OFFICE).update(is_active=False)
    assert client.get(f"/jobs/{job.pk}/file/").status_code == 404
    assert client.get(f"/jobs/{job.pk}/").status_code == 404


def test_S6_who_leaves_the_applicant_loses_its_forms(client, submitted, applicant):
    job = Job.objects.get(kind="form_pdf")
    job.state = Job.State.DONE
    job.save()
    job.attach("申报表.pdf", b"%PDF")
    client.force_login(applicant)
    assert client.get(f"/jobs/{job.pk}/file/").status_code == 200
    Membership.objects.filter(user=applicant).update(is_active=False)
    assert client.get(f"/jobs/{job.pk}/file/").status_code == 404


def test_S6_a_file_about_what_is_not_there_is_nobodys(client, applicant):
    job = finished("draft_pdf", applicant, nomination_id=0, edit_version=1)
    client.force_login(applicant)
    assert client.get(f"/jobs/{job.pk}/file/").status_code == 404


def test_U3_the_admin_site_has_no_way_in_of_its_own(admin):
    """Its own login page would know no limit of attempts and no second factor."""
    client = Client()
    answer = client.post(
        "/admin/login/?next=/admin/", {"username": admin.username, "password": cast.PASSWORD}
    )
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login/")
    assert "_auth_user_id" not in client.session
