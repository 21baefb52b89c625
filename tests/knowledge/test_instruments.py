"""The instrument files: complete, consistent, and refused with a useful line when broken."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from unknot.domain.instruments import catalogue
from unknot.domain.instruments.catalogue import FOLDER, RefusedInstrument, UnknownInstrument
from unknot.domain.knowledge import KnowledgeError

SHIPPED = {
    "pain_nrs",
    "peg",
    "gcps_r",
    "rmdq24",
    "activity3",
    "phq4",
    "phq8",
    "gad7",
    "stiffness_nrs",
    "stiffness_now_nrs",
    "stress_nrs",
    "stress_now_nrs",
    "mood_nrs",
    "mood_now_nrs",
    "elo_stress",
    "dass21_stress",
    "sleep_nrs",
    "change_global",
    "post_session",
}
SCORING_ONLY = {"who5", "pss10", "pss4", "startback", "jss", "sqs", "brs", "psfs"}
REFUSED = {"isi", "odi", "ndi", "promis", "startmsk", "phq9"}
BROKEN = [
    pytest.param(
        "peg.toml",
        'recall = "P7D"',
        'recall = "P7D"\nrecal = "P7D"',
        ["peg.toml", "recal", "not permitted"],
        id="unknown key",
    ),
    pytest.param(
        "peg.toml",
        'id = "peg_e"',
        'id = "peg_p"',
        ["peg.toml", "item.id", "every id once", "peg_p"],
        id="item id twice",
    ),
    pytest.param(
        "peg.toml",
        'answers = "nrs_0_10"',
        'answers = "nrs_0_11"',
        ["instruments/peg.toml", "item.peg_p.answers", "expected one of", "nrs_0_11"],
        id="dangling answer list",
    ),
    pytest.param(
        "phq8.toml",
        'ship = "yes"',
        'ship = "code_only"',
        ["phq8.toml", "licence.ship is 'code_only'", "no item wording", "phq_1"],
        id="wording under a code-only licence",
    ),
    pytest.param(
        "phq8.toml",
        'ship = "yes"',
        'ship = "no"',
        ["phq8.toml", "licence.ship is 'no'", "no item wording", "phq_1"],
        id="wording without any licence",
    ),
    pytest.param(
        "scoring_only/who5.toml",
        "item_count = 5",
        'item_count = 5\nitems = ["some wording"]',
        ["who5.toml", "items", "ship is 'code_only'", "no item wording"],
        id="wording among the scoring-only",
    ),
    pytest.param(
        "scoring_only/who5.toml",
        "[[example]]",
        '[[item]]\nid = "who5_1"\ntext = "some wording"\n[[example]]',
        ["who5.toml", "item", "ship is 'code_only'", "no item wording"],
        id="an item among the scoring-only",
    ),
    pytest.param(
        "scoring_only/who5.toml",
        '"who5_2"',
        '"some wording"',
        ["who5.toml", "item_ids", "no item wording", "some wording"],
        id="wording as an item id",
    ),
    pytest.param(
        "scoring_only/who5.toml",
        'ship = "code_only"',
        'ship = "no"',
        ["who5.toml", "licence.ship", "expected 'code_only'", "'no'"],
        id="a refused instrument among the scoring-only",
    ),
    pytest.param(
        "refused/isi.toml",
        'ship = "no"',
        'ship = "no"\nitems = ["some wording"]',
        ["isi.toml", "items", "ship is 'no'", "no item wording"],
        id="wording among the refused",
    ),
    pytest.param(
        "refused/isi.toml",
        'ship = "no"',
        'ship = "code_only"',
        ["isi.toml", "ship", "'no' or 'yes'"],
        id="a scoring-only instrument among the refused",
    ),
    pytest.param(
        "refused/isi.toml",
        'reason = "The',
        'reason = "the',
        ["isi.toml", "reason", "match pattern"],
        id="a reason that is no sentence",
    ),
    pytest.param(
        "refused/isi.toml",
        "terms =",
        "note =",
        ["isi.toml", "expected terms, or with ship 'yes' a note"],
        id="refused without terms",
    ),
    pytest.param(
        "refused/phq9.toml",
        "note =",
        "terms =",
        ["phq9.toml", "expected terms, or with ship 'yes' a note"],
        id="free and refused without a note",
    ),
    pytest.param(
        "refused/isi.toml",
        'id = "isi"',
        'id = "peg"',
        ["instruments/refused/isi.toml", "expected 'isi'", "'peg' is already taken"],
        id="id of another instrument",
    ),
    pytest.param(
        "scoring_only/jss.toml",
        'id = "jss"',
        'id = "sleep"',
        ["jss.toml", "item_ids", "only sleep_1, sleep_2", "jss_1"],
        id="item ids of another instrument",
    ),
    pytest.param(
        "scoring_only/sqs.toml",
        'id = "sqs"',
        'id = "sqt"',
        ["instruments/scoring_only/sqs.toml", "id", "expected 'sqs'", "'sqt'"],
        id="file and id of a scoring-only instrument differ",
    ),
    pytest.param(
        "scoring_only/jss.toml",
        "item_count = 4",
        "item_count = 5",
        ["jss.toml", "item_count, as many item_ids and answers, or not_scored"],
        id="fewer ids than items",
    ),
    pytest.param(
        "scoring_only/sqs.toml",
        'not_scored = "the range of its answer is not stated, and one item does not determine it"',
        "",
        ["sqs.toml", "expected scoring.not_scored with method 'none'"],
        id="not scored without a reason",
    ),
    pytest.param(
        "scoring_only/jss.toml",
        'method = "sum"',
        'method = "sum"\nnot_scored = "of a whim"',
        ["jss.toml", "not_scored with method 'none', and only there"],
        id="scored with a reason why not",
    ),
    pytest.param(
        "scoring_only/jss.toml",
        "max = 5",
        "max = 4",
        ["instruments/scoring_only/jss.toml", "scoring.range", "(0, 16)", "(0, 20)"],
        id="answers that do not make the range of the sum",
    ),
    pytest.param(
        "scoring_only/who5.toml",
        "times = 4",
        "times = 5",
        ["instruments/scoring_only/who5.toml", "scoring.range", "(0, 125)", "(0, 100)"],
        id="a multiplier that does not make the range",
    ),
    pytest.param(
        "scoring_only/brs.toml",
        "min = 1",
        "min = 0",
        ["instruments/scoring_only/brs.toml", "scoring.range", "(0, 5)", "(1, 5)"],
        id="answers that do not make the range of the mean",
    ),
    pytest.param(
        "phq4.toml",
        "range = [0, 6], positive_at = 3 }\ndep",
        "range = [0, 7], positive_at = 3 }\ndep",
        ["instruments/phq4.toml", "scoring.subscales.anxiety.range", "(0, 6)", "(0, 7)"],
        id="items that do not make the range of the subscale",
    ),
    pytest.param(
        "scoring_only/brs.toml",
        'method = "mean"',
        'method = "mean"\ntimes = 2',
        ["brs.toml", "times with method 'sum'"],
        id="a multiplied mean",
    ),
    pytest.param(
        "scoring_only/pss4.toml",
        'reversed = ["pss4_2"',
        'reversed = ["pss4_7"',
        ["instruments/scoring_only/pss4.toml", "scoring.reversed", "expected one of", "pss4_7"],
        id="an unknown item reversed",
    ),
    pytest.param(
        "rmdq24.toml",
        "missing_counts_as = 0",
        'missing_counts_as = 0\nreversed = ["rm_1"]',
        ["rmdq24.toml", "reversed with 'sum' or 'mean', without missing_counts_as"],
        id="reversed where a blank counts",
    ),
    pytest.param(
        "elo_stress.toml",
        'method = "single"',
        'method = "single"\nreversed = ["elo_1"]',
        ["elo_stress.toml", "reversed with 'sum' or 'mean'"],
        id="a single rating reversed",
    ),
    pytest.param(
        "scoring_only/startback.toml",
        'when = "distress <= 3"',
        'when = "stress <= 3"',
        ["instruments/scoring_only/startback.toml", "bands.rule.when", "expected one of", "stress"],
        id="a word decided by an unknown subscale",
    ),
    pytest.param(
        "scoring_only/startback.toml",
        '{ label = "high" }',
        '{ when = "total >= 4", label = "high" }',
        ["startback.toml", "bands", "the last rule, and only the last"],
        id="no word for the rest",
    ),
    pytest.param(
        "scoring_only/startback.toml",
        'when = "distress <= 3", ',
        "",
        ["startback.toml", "bands", "the last rule, and only the last"],
        id="a word that hides the next",
    ),
    pytest.param(
        "gcps_r.toml",
        'when = "nhis_pain_limit >= 2"\n',
        "",
        ["gcps_r.toml", "scoring", "the last rule, and only the last"],
        id="a grade that hides the next",
    ),
    pytest.param(
        "scoring_only/startback.toml",
        "[bands]",
        '[bands]\nband = [{ min = 0, max = 9, label = "any" }]',
        ["startback.toml", "bands", "either band or rule"],
        id="words by points and by rules",
    ),
    pytest.param(
        "scoring_only/who5.toml",
        "[change]",
        '[[support]]\nwhen = "total <= 28"\nshow = "other_card"\n[change]',
        ["instruments/scoring_only/who5.toml", "support.show", "expected one of", "other_card"],
        id="a scoring-only instrument with a dangling card",
    ),
    pytest.param(
        "stress_nrs.toml",
        'ship = "house"\nconf = "derived"',
        'ship = "house"',
        ["stress_nrs.toml", "licence.conf", "required"],
        id="licence without conf",
    ),
    pytest.param(
        "stress_nrs.toml",
        '[[example]]\nanswers = { stress_today = 4 }\nexpect = { value = 4 }\nconf = "derived"',
        "",
        ["stress_nrs.toml", "example", "required"],
        id="no worked example",
    ),
    pytest.param(
        "phq8.toml",
        'same_as = "phq4"',
        'same_as = "phq5"',
        ["instruments/phq8.toml", "licence.same_as", "expected one of", "phq5"],
        id="dangling licence",
    ),
    pytest.param(
        "phq4.toml",
        'ask = "gad7"',
        'ask = "gad8"',
        ["instruments/phq4.toml", "branch.ask", "expected one of", "gad8"],
        id="dangling branch",
    ),
    pytest.param(
        "phq4.toml",
        'show = "crisis_card"',
        'show = "other_card"',
        ["instruments/phq4.toml", "support.show", "expected one of", "other_card"],
        id="dangling support card",
    ),
    pytest.param(
        "phq4.toml",
        'when = "total >= 9"',
        'when = "total > 9"',
        ["phq4.toml", "support.1.when", "expected 'name [+ name] >= number", "total > 9"],
        id="condition in another notation",
    ),
    pytest.param(
        "gcps_r.toml",
        'when = "nhis_pain_limit >= 2"',
        'when = "nhis_pain_limits >= 2"',
        ["instruments/gcps_r.toml", "scoring.rule.when", "expected one of", "nhis_pain_limits"],
        id="condition on an unknown item",
    ),
    pytest.param(
        "gcps_r.toml",
        'includes = ["peg"]',
        'includes = ["pog"]',
        ["instruments/gcps_r.toml", "includes", "expected one of", "pog"],
        id="dangling include",
    ),
    pytest.param(
        "gad7.toml",
        "{ min = 5, max = 9",
        "{ min = 6, max = 9",
        ["gad7.toml", "bands", "'mild' to start at 5"],
        id="gap between bands",
    ),
    pytest.param(
        "sleep_nrs.toml",
        'item = "sleep_last_night"',
        'item = "sleep_tonight"',
        ["instruments/sleep_nrs.toml", "scoring.item", "expected one of", "sleep_tonight"],
        id="score of an unknown item",
    ),
    pytest.param(
        "pain_nrs.toml",
        "separate = true\n",
        "",
        ["instruments/pain_nrs.toml", "scoring.item", "or separate = true"],
        id="single score of several items",
    ),
    pytest.param(
        "peg.toml",
        'id = "peg"',
        'id = "pegs"',
        ["instruments/peg.toml", "id", "expected 'peg'", "'pegs'"],
        id="file and id differ",
    ),
    pytest.param(
        "peg.toml",
        'reviewed_by = ""',
        'reviewed_by = "A. Reviewer"',
        ["peg.toml", "reviewed_by and reviewed_on together"],
        id="review without a date",
    ),
    pytest.param(
        "shared/batteries.toml",
        'items = ["peg", "activity3"]',
        'items = ["pag", "activity3"]',
        ["instruments/shared/batteries.toml", "battery.weekly", "expected one of", "pag"],
        id="battery of an unknown instrument",
    ),
    pytest.param(
        "shared/batteries.toml",
        "pain_nrs.pain_24h",
        "pain_nrs.pain_48h",
        ["instruments/shared/batteries.toml", "battery.daily.pain_nrs", "pain_24h", "pain_48h"],
        id="battery of an unknown item",
    ),
    pytest.param(
        "shared/responder_rule.toml",
        'instrument = "rmdq24"',
        'instrument = "rmdq"',
        ["responder_rule.toml", "improved_if.any.instrument", "expected one of", "'rmdq'"],
        id="responder rule on an unknown instrument",
    ),
    pytest.param(
        "shared/answer_lists.toml",
        '{ value = 1, label = "Yes" }',
        '{ value = 0, label = "Yes" }',
        ["answer_lists.toml", "yes_no_0_1", "every option.value once"],
        id="answer value twice",
    ),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "instruments"))


@pytest.fixture
def edit(copy: Path) -> Callable[[str, str, str], Path]:
    def change(file: str, old: str, new: str) -> Path:
        path = copy / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} no longer says {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return copy

    return change


def test_nothing_was_lost() -> None:
    known = catalogue.load()
    examples = [e for one in known.instruments.values() for e in one.example]
    published = [e for e in examples if e.conf != "derived"]
    assert set(known.instruments) == SHIPPED
    assert set(known.scoring_only) == SCORING_ONLY
    assert set(known.refused) == REFUSED
    assert len(known.instrument("rmdq24").items) == 24
    assert len(published) + len(known.responder_rule.example) == 24
    assert len(known.responder_rule.example) == 3
    assert set(known.batteries) == {"daily", "door", "weekly", "intake", "outcome"}
    assert set(known.cards) == {"talk_to_clinician", "crisis_card"}
    assert len(known.card("crisis_card").line) == 9


def test_every_instrument_has_an_example_a_source_and_a_sure_licence() -> None:
    for one in catalogue.load().instruments.values():
        assert one.example, one.id
        assert one.source, one.id
        assert one.licence.conf, one.id
        assert one.licence.ship in ("yes", "house"), one.id


def test_every_scoring_only_instrument_has_examples_a_source_and_terms() -> None:
    for one in catalogue.load().scoring_only.values():
        assert one.source, one.id
        assert one.licence.terms, one.id
        assert len(one.example) >= (4 if one.items else 1), one.id
        assert [e for e in one.example if "value" in e.expect.not_scored], one.id


def test_nothing_claims_a_review_that_did_not_happen() -> None:
    known = catalogue.load()
    assert not [one.id for one in known.instruments.values() if one.reviewed_by]
    assert not [one.id for one in known.scoring_only.values() if one.reviewed_by]
    assert not [one.id for one in known.refused.values() if one.reviewed_by]


@pytest.mark.parametrize("folder", ["scoring_only", "refused"])
def test_what_is_not_ours_carries_no_wording(folder: str) -> None:
    paths = sorted((FOLDER / folder).glob("*.toml"))
    assert paths
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert "[[item]]" not in text
        assert "?" not in text


def test_find_gives_what_can_be_scored_with_wording_or_without() -> None:
    known = catalogue.load()
    assert known.find("peg") is known.instrument("peg")
    assert known.find("who5") is known.scoring_only["who5"]


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_refused_instrument_is_refused_with_its_reason(name: str) -> None:
    known = catalogue.load()
    with pytest.raises(RefusedInstrument) as caught:
        known.find(name)
    assert str(caught.value) == known.refused[name].reason
    assert str(caught.value).count("because") == 1
    assert not isinstance(caught.value, UnknownInstrument)


def test_an_unknown_instrument_is_not_found() -> None:
    with pytest.raises(UnknownInstrument, match="'who6'"):
        catalogue.load().find("who6")


@pytest.mark.parametrize("name", ["phq4", "phq8", "gad7"])
def test_what_looks_back_two_weeks_is_not_asked_more_often(name: str) -> None:
    one = catalogue.load().instrument(name)
    assert (one.recall, one.recommended_interval_days) == ("P14D", 14)


def test_the_attribution_follows_same_as() -> None:
    known = catalogue.load()
    assert "Pfizer" in known.attribution("phq8")
    assert known.attribution("phq8") == known.attribution("phq4")
    assert known.attribution("stress_nrs") == ""


def test_the_grade_includes_the_items_of_the_peg() -> None:
    known = catalogue.load()
    ids = [item.id for item in known.instrument("gcps_r").items]
    assert ids == ["nhis_pain_freq", "nhis_pain_limit", "peg_p", "peg_e", "peg_g"]
    assert known.instrument("gcps_r").items[-1].scale.points == tuple(range(11))


@pytest.mark.parametrize("ask", ["instrument", "battery", "card"])
def test_an_unknown_name_is_named(ask: str) -> None:
    with pytest.raises(UnknownInstrument, match="'who5'"):
        getattr(catalogue.load(), ask)("who5")


def test_an_unchanged_copy_is_accepted(copy: Path) -> None:
    assert set(catalogue.load(copy).instruments) == SHIPPED


@pytest.mark.parametrize(("file", "old", "new", "says"), BROKEN)
def test_a_broken_file_is_refused_with_file_key_and_expectation(
    edit: Callable[[str, str, str], Path], file: str, old: str, new: str, says: list[str]
) -> None:
    folder = edit(file, old, new)
    with pytest.raises(KnowledgeError) as caught:
        catalogue.load(folder)
    for part in says:
        assert part in str(caught.value)


def test_two_broken_files_are_reported_at_once(edit: Callable[[str, str, str], Path]) -> None:
    edit("peg.toml", 'recall = "P7D"', "recall = 7")
    folder = edit("gad7.toml", 'recall = "P14D"', "recall = 14")
    with pytest.raises(KnowledgeError) as caught:
        catalogue.load(folder)
    assert "peg.toml: recall" in str(caught.value)
    assert "gad7.toml: recall" in str(caught.value)
