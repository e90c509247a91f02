"""The public's pages that are words alone."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/help/", "以服务器收到时间为准"),
        ("/accessibility/", "全部操作可以只用键盘完成"),
        ("/sitemap/", "新锐企业榜"),
    ],
)
def test_a_page_of_words_is_open_to_everybody(season, address, words):
    response = Client().get(address)
    assert response.status_code == 200
    assert words in response.content.decode()


def test_the_map_of_the_site_stands_without_a_season(db):
    assert Client().get("/sitemap/").status_code == 200
