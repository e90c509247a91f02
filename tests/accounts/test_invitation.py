"""An invited expert sets a password by the mailed link and is in; no second proof of the address is asked."""

import pytest
from django.urls import reverse

from accounts.invitations import password_link
from accounts.models import User
from tests import cast


@pytest.mark.django_db
def test_the_mailed_link_proves_the_address(client):
    user = User.objects.create(username="tangyu@example.org", email="tangyu@example.org", name="唐雨")
    user.set_unusable_password()
    user.save()
    path = "/" + password_link(user).split("/", 3)[3]
    form = client.get(path, follow=True)
    answer = client.post(
        form.request["PATH_INFO"], {"password1": cast.PASSWORD, "password2": cast.PASSWORD}, follow=True
    )
    assert answer.status_code == 200
    assert list(user.emailaddress_set.values_list("email", "verified")) == [("tangyu@example.org", True)]
    client.logout()
    entered = client.post(reverse("account_login"), {"login": user.email, "password": cast.PASSWORD})
    assert (entered.status_code, client.session["_auth_user_id"]) == (302, str(user.pk))
