"""What every test starts from: real servers, found or started before Django reads its settings."""

import os

from tests import servers

servers.prepare()
os.environ["DJANGO_SETTINGS_MODULE"] = "kczg.settings"

import django  # noqa: E402

django.setup()
