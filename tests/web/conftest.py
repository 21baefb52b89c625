"""The folder of collected static files exists, as it does wherever pages are served."""

import pytest
from django.conf import settings


@pytest.fixture(scope="session", autouse=True)
def static_folder() -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
