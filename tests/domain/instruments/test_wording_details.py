"""Wording under a licence: what is kept of the scale, and what cannot be known is said."""

import pytest

from unknot.domain.instruments import catalogue
from unknot.domain.instruments.wording import Wording, with_wording

WHO5 = catalogue.load().scoring_only["who5"]
WORDS = Wording(items={item.id: "text" for item in WHO5.items}, licence="Licensed.", language="en")
LABELS = {point: f"step {point}" for point in range(6)}


@pytest.mark.parametrize("options", [{}, LABELS])
def test_the_scale_keeps_its_name_and_how_sure_it_is(options: dict[int, str]) -> None:
    worded = with_wording(
        WHO5, Wording(items=WORDS.items, licence="Licensed.", language="en", options=options)
    )
    for bare, item in zip(WHO5.items, worded.items, strict=True):
        assert (item.scale.id, item.scale.conf) == ("who5", "unsure")
        assert item.scale.points == bare.scale.points


def test_the_recall_is_left_to_the_wording() -> None:
    assert with_wording(WHO5, WORDS).recall == "as its wording says"
