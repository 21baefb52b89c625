"""The check-in walked from agreement to result, as a browser without script does."""

import pytest
from django.test import Client as Browser

from tests.cast import Cast
from tests.journey.understand.walk import walk

pytestmark = pytest.mark.usefixtures("now")


def test_the_whole_path_leads_to_a_result_that_allows_booking(cast: Cast, client: Browser) -> None:
    checkin = walk(client)
    assert checkin.state == "completed"
    assert checkin.screening.blocked is False
    page = client.get("/check-in/result/")
    assert page.status_code == 200
