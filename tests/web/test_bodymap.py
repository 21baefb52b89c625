"""The body map: pictures and list show the same marks, and no id stands twice."""

import re
from collections import Counter

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template

from unknot.domain.bodymap import regions
from unknot.web import bodymap


def drawn(source: str, levels: dict[str, int] | None = None) -> str:
    return Template("{% load unknot_bodymap %}" + source).render(Context({"levels": levels or {}}))


def ids(text: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', text)


def test_the_drawings_show_exactly_the_regions_of_the_vocabulary() -> None:
    body = regions.load()
    whole = {s.region for name in bodymap.WHOLE for s in bodymap.drawing(name).shapes}
    assert whole == {region.id for region in body.drawn("whole")}
    for name in ("neck_shoulders", "low_back"):
        shapes = {shape.region for shape in bodymap.drawing(name).shapes}
        assert shapes == {region.id for region in body.drawn(name)}


def test_a_drawing_that_does_not_exist_is_refused() -> None:
    with pytest.raises(KeyError):
        bodymap.drawing("inside")


def test_the_list_has_every_region_that_can_be_marked_once() -> None:
    fields = re.findall(r'<select id="mark-[a-z_]+" name="(mark-[a-z_]+)"', drawn("{% bodymap %}"))
    expected = {f"mark-{region.id}" for region in regions.load().regions if region.markable}
    assert set(fields) == expected
    assert len(fields) == len(expected) == 72


def test_what_is_asked_in_words_is_never_a_field() -> None:
    assert "mark-saddle" not in drawn("{% bodymap %}")


def test_every_field_offers_nothing_and_1_to_10_and_has_a_label() -> None:
    text = drawn("{% bodymap %}")
    first = text[text.index('<select id="mark-cervical_l"') :]
    options = re.findall(r"<option[^>]*>(\w[\w ]*)", first[: first.index("</select>")])
    assert options == ["not marked", *[str(number) for number in range(1, 11)]]
    assert '<option value="">not marked' in first
    assert '<label for="mark-cervical_l">Neck, left</label>' in text


def test_a_mark_is_chosen_in_the_list_and_painted_in_the_picture() -> None:
    text = drawn("{% bodymap levels %}", {"cervical_l": 6})
    field = text[text.index('<select id="mark-cervical_l"') :]
    assert "<option selected>6" in field[: field.index("</select>")]
    assert re.search(r'data-region="cervical_l"[^>]*data-level="6"', text)
    assert text.count(" selected>") == 1


def drawings_in(page: str) -> set[str]:
    return set(re.findall(r'data-map="(\w+)" viewBox', page))


def test_a_page_carries_the_back_and_fetches_the_other_drawings_when_asked() -> None:
    page = drawn("{% bodymap levels %}", {"chest_mid": 3, "cervical_l": 6})
    assert drawings_in(page) == {"back"}
    files = set(re.findall(r'data-file="/static/(web/drawings/\w+\.svg)"', page))
    assert files == {f"web/drawings/{name}.svg" for name in ("front", "neck_shoulders", "low_back")}
    assert all(finders.find(file) for file in files)


def test_the_views_are_those_on_which_a_mark_shows() -> None:
    assert bodymap.views({"levator_l": 3}) == ("back",)
    assert bodymap.views({"chest_mid": 3, "cervical_l": 6}) == ("back", "front")
    assert bodymap.views({}) == ()


def test_a_drawing_that_is_fetched_has_all_the_script_needs() -> None:
    for name in bodymap.NAMES:
        text = (bodymap.FOLDER / f"{name}.svg").read_text(encoding="utf-8")
        figure = bodymap.drawing(name)
        assert len(re.findall(r'class="region[ "]', text)) == len(figure.shapes)
        assert "no-pressure" in text or not any(shape.no_pressure for shape in figure.shapes)
        assert not ids(text), "an id would stand twice beside the other drawings"
        assert {side.left for side in figure.sides} == {True, False}
        assert re.findall(r">(Left|Right)</text>", text)


def test_no_id_stands_twice_in_a_page_with_the_question_and_pictures() -> None:
    page = drawn(
        "{% bodymap_patterns %}{% bodymap levels %}"
        '{% bodymap_picture levels "back" %}{% bodymap_picture levels "neck_shoulders" %}',
        {"cervical_l": 6},
    )
    twice = [name for name, times in Counter(ids(page)).items() if times > 1]
    assert not twice


def test_a_picture_to_read_has_no_ids_and_says_its_marks_in_words() -> None:
    text = drawn('{% bodymap_picture levels "back" %}', {"cervical_l": 6, "lumbar_r": 2})
    assert not ids(text)
    assert 'role="img"' in text
    assert 'aria-label="Back: Neck, left 6 of 10; Lower back, right 2 of 10"' in text


def test_an_empty_picture_says_so() -> None:
    assert 'aria-label="Front: nothing marked"' in drawn('{% bodymap_picture levels "front" %}')


def levels_on(drawing: str, marks: dict[str, int]) -> dict[str, tuple[int, bool]]:
    shown = bodymap.marked(bodymap.drawing(drawing), marks)
    return {mark.shape.region: (mark.level, mark.numbered) for mark in shown if mark.level}


def test_the_whole_figure_shows_the_strongest_of_a_place_and_its_finer_sites() -> None:
    marks = {"upper_trap_l": 4, "levator_l": 9}
    assert levels_on("back", marks) == {"upper_trap_l": (9, True)}


def test_a_zoomed_view_shades_the_finer_sites_of_a_place_it_does_not_draw() -> None:
    shown = levels_on("neck_shoulders", {"skull_base": 5})
    assert shown == {"suboccipital_l": (5, False), "suboccipital_r": (5, False)}


def test_a_finer_site_marked_itself_keeps_its_own_number() -> None:
    shown = levels_on("neck_shoulders", {"skull_base": 5, "suboccipital_l": 8})
    assert shown["suboccipital_l"] == (8, True)
    assert shown["suboccipital_r"] == (5, False)


def test_left_is_on_the_left_from_behind_and_on_the_right_from_the_front() -> None:
    def left(name: str) -> float:
        return next(float(side.x) for side in bodymap.drawing(name).sides if side.left)

    assert left("back") < 160 < left("front")


def test_the_front_of_the_neck_is_drawn_as_never_pressed() -> None:
    striped = [s.region for s in bodymap.drawing("front").shapes if s.no_pressure]
    assert striped == ["neck_front_mid"]


def test_marks_in_words_go_from_strong_to_weak() -> None:
    text = drawn("{% bodymap_words levels %}", {"lumbar_r": 2, "cervical_l": 6})
    assert text.index("Neck, left") < text.index("Lower back, right")
    assert "No place is marked." in drawn("{% bodymap_words levels %}")


def test_the_drawings_carry_no_style_that_the_policy_would_refuse() -> None:
    for path in bodymap.FOLDER.glob("*.svg"):
        text = path.read_text(encoding="utf-8")
        assert "style" not in text, path.name
        assert "<script" not in text, path.name


def test_a_therapist_is_asked_for_findings_by_anatomical_name() -> None:
    page = drawn("{% bodymap_chart levels %}", {"upper_trap_l": 4})
    assert "Upper trapezius, left" in page
    assert "How tense or tender is it to touch?" in page
    assert not re.search(r"\bpain\b", page)
