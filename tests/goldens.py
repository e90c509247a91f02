"""Prints the golden pages of the forms anew; script/goldens calls it."""

import django

django.setup()

from tests.nominations.outputs import golden  # noqa: E402

golden.renew()
