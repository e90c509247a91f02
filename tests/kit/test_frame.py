"""The frame of every page: menu by role, the switches of language and type size."""

import pytest
from django.urls import reverse

from kczg.kit.context import LARGE_TYPE, Page
from kczg.menu import MENU


class Person:
    is_authenticated = True

    def __init__(self, *roles):
        self.roles = list(roles)
        self.active_memberships = []


def menu(rf, path, user):
    request = rf.get(path)
    request.user = user
    return [(entry["path"], entry["current"]) for entry in Page(request).menu]


def test_each_role_has_its_menu_and_the_page_is_marked(rf):
    assert menu(rf, "/unit/nominations/", Person("unit")) == [
        ("/unit/", ""), ("/unit/nominations/", "page"), ("/unit/summary/", ""), ("/unit/selection/", ""),
        ("/unit/deadline/", ""), ("/unit/import/", ""), ("/unit/people/", ""),
    ]  # fmt: skip
    assert menu(rf, "/unit/nominations/A1/", Person("unit"))[1] == ("/unit/nominations/", "true")


def test_a_person_with_two_roles_sees_both_menus_once(rf):
    paths = [path for path, _ in menu(rf, "/", Person("applicant", "unit"))]
    assert paths == [entry.path for role in ("applicant", "unit") for entry in MENU[role]]


def test_who_has_no_role_sees_the_public_menu(rf):
    assert [path for path, _ in menu(rf, "/", Person())] == [entry.path for entry in MENU["public"]]


def test_large_type_is_remembered_and_taken_back(client, db):
    answer = client.post(reverse("large_type"), {"on": "1", "next": "/login/?a=1"})
    assert (answer.status_code, answer["Location"]) == (302, "/login/?a=1")
    assert client.cookies[LARGE_TYPE].value == "1"
    assert '<html lang="zh-CN" class="large">' in client.get("/login/").content.decode()
    client.post(reverse("large_type"), {"on": "0", "next": "/"})
    assert '<html lang="zh-CN">' in client.get("/login/").content.decode()


@pytest.mark.parametrize("name", ["large_type", "set_language"])
def test_the_switches_change_nothing_on_safe_methods_and_stay_on_our_site(client, name):
    assert client.get(reverse(name)).status_code == 405
    answer = client.post(reverse(name), {"on": "1", "language": "en", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"


def test_the_language_is_named_to_the_browser(client, db):
    client.post(reverse("set_language"), {"language": "en", "next": "/login/"})
    assert '<html lang="en">' in client.get("/login/").content.decode()


@pytest.mark.parametrize("path", ["/login/", "/register/", "/password/"])
def test_the_account_pages_answer_with_our_frame(client, db, path):
    answer = client.get(path)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert html.count("<h1>") == 1
    assert '<a class="skip" href="#main">' in html
    assert "Sign" not in html


def test_registering_leads_to_the_code_and_the_code_into_the_account(client, db, mailoutbox, settings):
    posted = {
        "name": "王某", "username": "wangmou", "email": "wang@example.cn",
        "password1": "长安街的银杏2022秋", "password2": "长安街的银杏2022秋",
    }  # fmt: skip
    answer = client.post("/register/", posted, follow=True)
    html = answer.content.decode()
    assert "验证码已发送到wang@example.cn" in html
    assert "data-seconds=" in html
    assert mailoutbox[0].subject == "“科创中国”系列榜单：邮箱验证码"
    code = mailoutbox[0].body.split("邮箱验证码：")[1].split()[0]
    assert "验证码不对" in client.post("/register/code/", {"code": "XXXXXX"}).content.decode()
    client.post("/register/code/", {"code": code})
    from accounts.models import User

    assert User.objects.get(username="wangmou").name == "王某"
    assert "_auth_user_id" in client.session


def test_a_wrong_password_and_an_unknown_account_get_the_same_words(client, db, django_user_model):
    django_user_model.objects.create_user("known", "known@example.cn", "长安街的银杏2022秋", name="王某")
    words = "账号或密码不对，检查大小写后重新输入"
    for login in ("known", "unknown"):
        assert words in client.post("/login/", {"login": login, "password": "x"}).content.decode()
