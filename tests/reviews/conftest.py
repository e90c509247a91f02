"""What tests of the reviews share."""

import pytest
from django.db import transaction

from tests import cast


@pytest.fixture(scope="module")
def built_in_review(django_db_setup, django_db_blocker):
    """The world of ``cast.in_review``, built once for a module: each test works in it and is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield cast.in_review()
        transaction.set_rollback(True)
