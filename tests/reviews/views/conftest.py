"""A browser of each person, at a moment of the preliminary review."""

import pytest
import time_machine
from django.test import Client

from tests import cast


@pytest.fixture(autouse=True)
def during_review(db):
    """Everything happens on 10 November 2022 at 10 in Beijing unless a test travels on."""
    with time_machine.travel(cast.IN_PRELIMINARY, tick=False):
        yield


@pytest.fixture
def browser():
    """``browser(user)``: a client that is signed in as this person."""

    def of(user):
        client = Client()
        client.force_login(user)
        return client

    return of


@pytest.fixture
def body(browser, body_person, season):
    """张伟 of 中国科协信息科技学会联合体 at the keyboard."""
    return browser(body_person)
