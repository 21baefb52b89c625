"""What no page of ours sends, sent to every page of the check-in.

Each page has one form that it takes, and a table of what is wrong with one field of it: the answer
is 422 with a sentence for the person, and not one answer changes.
"""

import html
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.serializers import serialize
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import an_appointment
from tests.cast import NOW, Cast
from tests.journey.understand import walk
from tests.journey.understand.walk import begin, the_checkin
from unknot.journey.understand.actions import steps
from unknot.journey.understand.models import CallBack, CheckIn, SafetyStop
from unknot.people.actions import agree
from unknot.people.models import Purpose
from unknot.web.errors import BadInput

pytestmark = pytest.mark.usefixtures("now", "cast")

HUGE = "x" * 200_000
FORM = "application/x-www-form-urlencoded"

# What each page takes; the browser has marked the lower back and is asked everything.
TAKEN: dict[str, dict[str, Any]] = {
    "body": {"mark-lumbar_l": "6"},
    "places": {"sides": "yes", "quality-lumbar_l": ["tight"], "since-lumbar_l": "weeks"},
    "story": walk.STORY,
    "everyday": walk.EVERYDAY,
    "today": {"sentences": ["rmdq_1"]},
    "mind": walk.MIND | {"phq4-gad_1": "3", "phq4-gad_2": "3"},
    "more": {"gad7-gad_3": "1"},
    "safety": {},  # every red flag answered no, see `sent`
    "history": walk.REST,
    "wishes": walk.WISHES,
}
ADDRESS = {"about": "/check-in/safety/?about=1"}
ABOUT = {"age": "38", "pregnant": "no"}

#: What stands where a number from a list belongs.
NO_NUMBERS = ("six", "1e400", "NaN", "6.5", "-1", "99", "6\0", "9" * 5000)
NO_WORDS = ("perhaps", "<b>yes</b>", "yes\0")
NUMBER = "Choose a number from 0 to 10."
LISTED = "Choose one of the answers in the list."
WORDS = "Choose words from the list."
SAID = "Answer yes, no or not sure."
CHANGED = "These questions have changed since you opened the page."
TWICE = "There are two answers to this question. Choose one."

Wrong = tuple[str, str, Any, str]

#: Page, field, value, sentence.
WRONG: tuple[Wrong, ...] = (
    *(
        ("body", "mark-lumbar_l", value, "Lower back, left: choose a number from 1 to 10.")
        for value in NO_NUMBERS
    ),
    ("body", "mark-lumbar_l", ["6", "8"], "has two different answers"),
    ("body", "mark-tail", "6", "There is no place called “tail” on the map."),
    ("body", "mark-<script>", "6", "“&lt;script&gt;”"),
    ("body", "mark-" + HUGE, "6", "There is no place called"),
    *(("places", "sides", value, "Say whether the sides are right.") for value in NO_WORDS),
    *(("places", "quality-lumbar_l", [value], WORDS) for value in NO_WORDS),
    *(
        ("places", "since-lumbar_l", value, "Choose one of the answers in the list.")
        for value in NO_WORDS
    ),
    ("story", "onset_on_year", "2027", "This day lies in the future. Write when it began."),
    ("story", "onset_on_year", "9999", "This day lies in the future. Write when it began."),
    ("story", "onset_on_year", "1066", "This is more than 120 years ago. Check the year."),
    ("story", "onset_on_month", "13", "The month is a number from 1 to 12."),
    ("story", "onset_on_day", "31", "This day does not exist in that month."),
    ("story", "onset_on_day", "", "Write the day, the month and the year."),
    *(
        ("story", "onset_on_day", value, "Write the date in numbers")
        for value in ("six", "1e400", "NaN", "-1", "9" * 5000, HUGE)
    ),
    *(("story", name, value, WORDS) for name in ("course", "episodes") for value in NO_WORDS),
    *(
        ("story", name, [value], WORDS)
        for name in ("suspected_causes", "eased_by", "worsened_by")
        for value in NO_WORDS
    ),
    *(("story", "headaches", value, "Answer yes or no.") for value in NO_WORDS),
    ("story", "goal", "x" * 301, "Write at most 300 letters."),
    ("story", "goal", HUGE, "Write at most 300 letters."),
    ("story", "goal", "a\0b", "a sign in it cannot be kept"),
    *(("everyday", "gcps_r-peg_p", value, NUMBER) for value in NO_NUMBERS),
    *(("everyday", "gcps_r-nhis_pain_freq", value, LISTED) for value in NO_NUMBERS),
    *(("everyday", "hard_1", value, NUMBER) for value in NO_NUMBERS),
    ("everyday", "gcps_r-peg_p", ["6", "8"], TWICE),
    ("everyday", "activity_1", "", "Name the activity that you rated."),
    ("everyday", "activity_1", "x" * 81, "Write at most 80 letters."),
    ("everyday", "activity_1", HUGE, "Write at most 80 letters."),
    ("everyday", "activity_1", "a\0b", "character that cannot be kept"),
    *(
        (page, f"version-{name}", value, CHANGED)
        for page, name in (
            ("everyday", "gcps_r"),
            ("today", "rmdq24"),
            ("mind", "phq4"),
            ("more", "gad7"),
        )
        for value in ("0", "2", "1e400", "<b>")
    ),
    *(
        ("today", "sentences", [value], "Choose sentences from the list.")
        for value in ("rmdq_99", "gad_1", "1e400", "rmdq_1\0", HUGE)
    ),
    *(("mind", "stress_nrs-stress_today", value, NUMBER) for value in NO_NUMBERS),
    *(("mind", "phq4-gad_1", value, LISTED) for value in (*NO_NUMBERS, "4")),
    ("mind", "phq4-gad_1", ["0", "3"], TWICE),
    ("mind", "version-phq4", HUGE, CHANGED),
    ("mind", "stress_nrs-stress_today", HUGE, NUMBER),
    *(("more", "gad7-gad_3", value, LISTED) for value in (*NO_NUMBERS, "4")),
    ("more", "gad7-gad_3", ["0", "3"], TWICE),
    *(
        ("about", "age", value, "Write your age as a number")
        for value in ("six", "1e400", "NaN", "inf", "38.5", "38\0", "9" * 5000, HUGE, "<b>")
    ),
    ("about", "age", "17", "This check-in is for people of 18 and older."),
    ("about", "age", "-1", "This check-in is for people of 18 and older."),
    ("about", "age", "121", "Write your age in years, at most 120."),
    ("about", "age", "", "Write your age in years."),
    *(("about", "pregnant", value, SAID) for value in ("", *NO_WORDS)),
    *(("safety", "rf_stroke", value, SAID) for value in ("", *NO_WORDS)),
    *(("safety", "rf_ces_sexual", value, SAID) for value in NO_WORDS),
    ("safety", "rf_stroke", HUGE, SAID),
    ("safety", "rf_stroke", ["yes", "no"], SAID),
    ("safety", "rf_ces_sexual", ["unsure", "no"], SAID),
    ("about", "pregnant", ["yes", "no"], SAID),
    ("history", "anticoagulant", ["yes", "no"], SAID),
    *(("history", "anticoagulant", value, SAID) for value in NO_WORDS),
    *(("history", "skin_broken", value, SAID) for value in NO_WORDS),
    ("history", "where-skin_broken", ["tail"], "Choose places from the list."),
    ("history", "where-skin_broken", [HUGE], "Choose places from the list."),
    *(
        ("wishes", "pressure", value, "Choose a pressure from 1 to 5.")
        for value in (*NO_NUMBERS, "0")
    ),
    *(
        ("wishes", "minutes", value, "Choose one of the lengths in the list.")
        for value in (*NO_NUMBERS, "61")
    ),
    *(("wishes", "wishes", [value], "Choose wishes from the list.") for value in NO_WORDS),
    *(("wishes", "aims", [value], "Choose what you hope for from the list.") for value in NO_WORDS),
    *(
        ("wishes", "shares", [value], "Choose what to share from the list.")
        for value in ("care", "everything", HUGE)
    ),
)


def name_of(value: Any) -> str:
    return ascii(value)[:24]


@pytest.fixture
def browser(client: Browser) -> Browser:
    """Somebody with a sore lower back, in low spirits: every page opens for them."""
    begin(client)
    for page in ("body", "places", "mind"):
        assert client.post(f"/check-in/{page}/", TAKEN[page]).status_code == 302
    assert client.post(ADDRESS["about"], ABOUT).status_code == 302
    return client


def address(page: str) -> str:
    return ADDRESS.get(page, f"/check-in/{page}/")


def sent(browser: Browser, page: str, field: str = "", value: Any = None) -> dict[str, Any]:
    """What the page takes, with one field that it does not."""
    form: dict[str, Any] = dict(ABOUT if page == "about" else TAKEN[page])
    if page == "safety":
        form = dict(walk.flags(browser))
    return form | {field: value} if field else form


def stored(browser: Browser) -> str:
    """Every answer of this browser's check-in, as it is stored."""
    checkin = the_checkin(browser)
    rows: list[Any] = [CheckIn.objects.get(pk=checkin.pk)]
    for kind in (checkin.marks, checkin.answers, checkin.safety_answers, checkin.activities):
        rows += kind.order_by("pk")
    found = json.loads(serialize("json", rows))
    for row in found:
        row["fields"].pop("changed_at", None)
        row["fields"].pop("answered_at", None)
    return json.dumps(found, sort_keys=True)


def pages() -> list[str]:
    return ["about", *TAKEN]


def post(browser: Browser, page: str, form: dict[str, Any]) -> Any:
    """Send a form as a browser does."""
    return browser.post(address(page), urlencode(form, doseq=True), content_type=FORM)


def stop(browser: Browser) -> None:
    """Answer so that the practice has to call."""
    assert post(browser, "safety", sent(browser, "safety", "rf_stroke", "yes")).status_code == 302
    assert SafetyStop.objects.exists()


@pytest.mark.parametrize("page", pages())
def test_the_form_without_a_mistake_is_taken_and_what_nobody_asked_is_not_kept(
    browser: Browser, page: str
) -> None:
    """An instrument, an item or a question that is not on the page counts as not sent."""
    strangers = {
        "nonsense-item": "3",
        "version-nonsense": "9",
        "phq4-item_99": "3",
        "mdi-mdi_1": "3",
        "rf_nonsense": "yes",
        "where-nonsense": "neck",
        "quality-tail": "tight",
        "since-tail": "weeks",
        "client": "1",
        "state": "completed",
    }
    assert post(browser, page, sent(browser, page) | strangers).status_code == 302
    kept = stored(browser)
    assert not any(word in kept for word in ("nonsense", "item_99", "mdi", "tail"))
    if page != "wishes":
        assert the_checkin(browser).state == "draft"
    assert the_checkin(browser).client is None


@pytest.mark.parametrize("page", pages())
def test_what_cannot_be_is_refused_with_its_sentence_and_nothing_is_kept(
    browser: Browser, page: str
) -> None:
    """One browser for all rows of a page: nothing of one is left for the next."""
    before, failed = stored(browser), []
    rows = [row for row in WRONG if row[0] == page]
    for _page, field, value, sentence in rows:
        answer = post(browser, page, sent(browser, page, field, value))
        text = answer.content.decode()
        said = html.unescape(sentence) in html.unescape(text)
        clean = "<script>" not in text and "<b>yes" not in text
        if not (answer.status_code == 422 and said and clean and stored(browser) == before):
            failed.append((field, name_of(value), answer.status_code, said, clean))
            break
    assert failed == []
    assert rows


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"practice": "nowhere"}, "Choose one of the practices in the list."),
        ({"practice": "lindenweg\0"}, "Choose one of the practices in the list."),
        ({"practice": HUGE}, "Choose one of the practices in the list."),
        ({"practice": ""}, "Choose a practice."),
        ({"adult": ""}, "Say whether you are 18 or older."),
        ({"adult": "<b>yes</b>"}, "Are you 18 or older?"),
        ({"agree": ""}, "We can only ask you these questions if you agree."),
    ],
)
def test_nothing_begins_with_what_cannot_be(
    client: Browser, wrong: dict[str, str], sentence: str
) -> None:
    form = {"practice": "lindenweg", "adult": "yes", "agree": "on", **wrong}
    answer = client.post("/check-in/", urlencode(form), content_type=FORM)
    assert answer.status_code == 422
    assert sentence in html.unescape(answer.content.decode())
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": HUGE},
        {"name": "\0"},
        {"phone": ""},
        {"phone": "call me"},
        {"phone": HUGE},
        {"phone": "1" * 39},
        {"phone": "+49 30 5550\0 0100"},
    ],
    ids=name_of,
)
def test_a_call_is_asked_for_with_a_name_and_a_number_only(
    browser: Browser, wrong: dict[str, str]
) -> None:
    stop(browser)
    form = {"name": "Ana", "phone": "+49 30 5550 0100"} | wrong
    answer = browser.post("/check-in/call-me/", urlencode(form), content_type=FORM)
    assert answer.status_code == 422
    assert CallBack.objects.get().name == ""


@pytest.mark.parametrize("page", [*pages(), "call-me"])
def test_what_is_no_form_is_answered_with_a_page_of_ours(browser: Browser, page: str) -> None:
    """Too much, unreadable, of another kind, or without the token of the form."""
    if page == "call-me":
        stop(browser)
    many = "&".join(f"f{number}=1" for number in range(10_000))
    where = address(page)
    assert browser.post(where, many, content_type=FORM).status_code == 413
    large = f"goal={'x' * 2_000_000}"
    assert browser.post(where, large, content_type=FORM).status_code == 413
    broken = browser.post(where, b"\xff\xfe", content_type="multipart/form-data; boundary=")
    assert broken.status_code == 400
    latin = browser.post(where, b"goal=a", content_type=f"{FORM}; charset=latin-1")
    assert latin.status_code == 400
    for answer in (broken, latin):
        assert "We could not read this request" in answer.content.decode()
    for body, kind in (
        (b"goal=%ff%fe&age=%ed%a0%80&rf_cad=\xff", FORM),
        (b'{"goal": NaN, "age": 1e400}', "application/json"),
        (b"age=38", "text/plain"),
    ):
        assert browser.post(where, body, content_type=kind).status_code in (302, 404, 422)
    strict = Browser(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    for _again in range(2):
        refused = strict.post(where, sent(browser, page) if page != "call-me" else {})
        assert refused.status_code == 403
        assert "This form is no longer valid" in refused.content.decode()


# HTML in texts ---------------------------------------------------------------------------------

TAG = "<script>alert(1)</script>"
SAFE = "&lt;script&gt;alert(1)&lt;/script&gt;"


def raw(browser: Browser, name: str, *args: Any) -> str:
    answer = browser.get(reverse(name, args=args))
    assert answer.status_code == 200, name
    text = answer.content.decode()
    assert TAG not in text, name
    return text


def test_html_in_the_texts_of_the_check_in_is_shown_as_it_was_typed(
    cast: Cast, client: Browser
) -> None:
    client.force_login(cast.user("ana"))
    visit = an_appointment(cast, note=f"note {TAG}")
    story = walk.STORY | {"goal": f"goal {TAG}"}
    everyday = walk.EVERYDAY | {"activity_1": f"doing {TAG}"}
    begin(client)
    walk.body(client, lumbar_l=6)
    assert client.post("/check-in/story/", story).status_code == 302
    assert client.post("/check-in/everyday/", everyday).status_code == 302
    assert f"goal {SAFE}" in raw(client, "understand:story")
    assert f"doing {SAFE}" in raw(client, "understand:everyday")
    walk.about(client)
    client.post("/check-in/safety/", walk.flags(client))
    client.post("/check-in/history/", walk.REST)
    assert client.post("/check-in/wishes/", walk.WISHES)["Location"] == "/check-in/result/"
    raw(client, "understand:result")
    for purpose in Purpose:
        agree(cast.user("ana"), cast.ana, purpose, now=NOW)
    for name in ("people:account", "follow:progress", "follow:weekly", "book:appointments"):
        raw(client, name)
    tess = Browser()
    tess.force_login(cast.user("tess"))
    briefing = raw(tess, "prepare:briefing", visit.key)
    assert f"goal {SAFE}" in briefing
    for name, args in (
        ("practice:day", []),
        ("book:appointment", [visit.key]),
        ("follow:client-progress", [cast.ana.key]),
    ):
        raw(tess, name, *args)


def test_html_in_a_name_is_shown_as_it_was_typed_to_who_calls(cast: Cast, client: Browser) -> None:
    walk.walk(client, rf_cad="yes")
    form = {"name": f"Ana {TAG}", "phone": "+49 30 5550 0100"}
    assert client.post("/check-in/call-me/", form).status_code == 302
    key = SafetyStop.objects.get().checkin.key
    for person in ("finn", "paz"):
        staff = Browser()
        staff.force_login(cast.user(person))
        assert f"Ana {SAFE}" in raw(staff, "practice:call-backs")
        assert f"Ana {SAFE}" in raw(staff, "practice:call-back", key)
        raw(staff, "practice:day")
    raw(client, "understand:result")


# Past the forms --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "points",
    [{"peg": {"peg_x": 3}}, {"peg": {"peg_p": 11}}, {"peg": {"peg_p": -1}}],
    ids=str,
)
def test_the_actions_refuse_answers_that_no_form_lets_through(
    browser: Browser, points: dict[str, dict[str, int | None]]
) -> None:
    before = stored(browser)
    with pytest.raises(BadInput):
        steps.save_answers(the_checkin(browser), points=points, now=NOW)
    for flag, said in (("rf_nonsense", "yes"), ("rf_cad", "perhaps")):
        with pytest.raises(BadInput):
            steps.save_red_flags(the_checkin(browser), said={flag: said}, now=NOW)
    assert stored(browser) == before
