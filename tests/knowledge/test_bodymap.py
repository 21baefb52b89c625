"""The body map file: 73 regions, consistent, and refused with a useful line when broken."""

from collections import Counter
from pathlib import Path

import pytest

from unknot.domain.bodymap import regions
from unknot.domain.bodymap.regions import FILE
from unknot.domain.knowledge import KnowledgeError

BROKEN = [
    pytest.param(
        'id = "face"\n', 'id = "face"\ncolour = "red"\n', ["colour", "not permitted"], id="key"
    ),
    pytest.param(
        "parents = 53",
        "parents = 54",
        ["bodymap/regions.toml", "counts.parents", "expected 54 regions, found 53"],
        id="count",
    ),
    pytest.param(
        'id = "forehead"',
        'id = "face"',
        ["bodymap/regions.toml", "region.id", "every id once", "'face'"],
        id="id twice",
    ),
    pytest.param(
        'parent = "skull_base"',
        'parent = "skull_top"',
        ["region.suboccipital_l.parent", "expected a parent region", "'skull_top'"],
        id="dangling parent",
    ),
    pytest.param(
        'parent = "skull_base"',
        'parent = "levator_l"',
        ["region.suboccipital_l.parent", "expected a parent region", "'levator_l'"],
        id="parent that is a child",
    ),
    pytest.param(
        'groups = ["jaw"]',
        'groups = ["head"]',
        ["region.jaw_l.groups", "expected ['jaw'] as in area_groups", "['head']"],
        id="groups differ",
    ),
    pytest.param(
        'flank = ["flank_l", "flank_r"]',
        'flank = ["flank_l", "flank_r", "flunk"]',
        ["area_groups.flank", "expected a region id", "'flunk'"],
        id="unknown member of a group",
    ),
    pytest.param(
        'label = "Temple, left"',
        'label = "Temple, right"',
        ["region.temple_l.label", "expected ['left']", "'Temple, right'"],
        id="wrong side in the label",
    ),
    pytest.param(
        'label = "Forehead"',
        'label = "Forehead, left"',
        ["region.forehead.label", "no side", "'Forehead, left'"],
        id="side in a midline label",
    ),
    pytest.param(
        'id = "temple_l"\nview = "front"\nside = "l"',
        'id = "temple_l"\nview = "front"\nside = "r"',
        ["region.temple_l.side", "expected the side of the id", "'r'"],
        id="side differs from the id",
    ),
    pytest.param(
        'drawn_in = ["whole", "neck_shoulders"]',
        'drawn_in = ["whole", "neck"]',
        ["region.head_back.drawn_in", "expected a drawing", "'neck'"],
        id="unknown drawing",
    ),
    pytest.param(
        "regions = 17",
        "regions = 18",
        ["drawings.low_back.regions", "expected 18 regions, found 17"],
        id="drawing count",
    ),
    pytest.param('role = "no_press"', 'role = "press"', ["role", "no_press"], id="unknown role"),
]


def test_nothing_was_lost() -> None:
    body = regions.load()
    views = Counter(region.view for region in body.parents())
    assert len(body.regions) == 73
    assert len(body.parents()) == 53
    assert views == {"back": 28, "front": 25}
    assert sum(bool(region.parents) for region in body.regions) == 19
    assert [region.id for region in body.regions if not region.markable] == ["saddle"]
    assert len(body.entry.area_groups) == 15
    assert len(body.entry.dermatome_hints.hint) == 15
    assert len(body.entry.ui_rules) == 8
    assert len(body.entry.roles) == 4


def test_every_parent_is_drawn_on_the_whole_figure() -> None:
    body = regions.load()
    assert body.drawn("whole") == body.parents()
    assert len(body.drawn("neck_shoulders")) == 21
    assert len(body.drawn("low_back")) == 17


def test_every_left_region_has_a_right_twin() -> None:
    body = regions.load()
    left = {r.id.removesuffix("_l") for r in body.regions if r.side == "l"}
    right = {r.id.removesuffix("_r") for r in body.regions if r.side == "r"}
    assert left == right


@pytest.mark.parametrize(("old", "new", "says"), BROKEN)
def test_a_broken_map_is_refused_with_key_and_expectation(
    tmp_path: Path, old: str, new: str, says: list[str]
) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "regions.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        regions.load(file)
    for part in ("regions.toml", *says):
        assert part in str(caught.value)
