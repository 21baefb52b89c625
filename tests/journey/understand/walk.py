"""Walk the check-in as a browser would, one form after the other."""

from django.test import Client as Browser

from unknot.journey.understand import access, reads
from unknot.journey.understand.models import CheckIn

STORY = {
    "onset_on_day": "7",
    "onset_on_month": "11",
    "onset_on_year": "2025",
    "course": "same",
    "episodes": "few",
    "suspected_causes": ["posture_at_work", "stress"],
    "eased_by": ["warmth"],
    "worsened_by": ["sitting"],
    "headaches": "no",
    "goal": "Carry my daughter again",
}
EVERYDAY = {
    "gcps_r-nhis_pain_freq": "2",
    "gcps_r-nhis_pain_limit": "1",
    "gcps_r-peg_p": "6",
    "gcps_r-peg_e": "5",
    "gcps_r-peg_g": "4",
    "activity_1": "Carrying my daughter",
    "hard_1": "7",
}
MIND = {
    "stress_nrs-stress_today": "7",
    "sleep_nrs-sleep_last_night": "3",
    "phq4-gad_1": "1",
    "phq4-gad_2": "0",
    "phq4-phq_1": "1",
    "phq4-phq_2": "0",
}
WISHES = {
    "pressure": "3",
    "minutes": "60",
    "wishes": ["no_oil"],
    "shares": ["share_safety", "share_body"],
}
GROUPS = ("today", "birth", "blood", "bones", "care", "other", "medicines")
REST = {f"rest-{group}": "on" for group in GROUPS}
STEPS = ("body", "story", "everyday", "mind", "safety", "history", "wishes")


def begin(browser: Browser, **more: str) -> None:
    """Agree, be an adult, choose the first practice."""
    answers = {"practice": "lindenweg", "adult": "yes", "agree": "on", **more}
    answer = browser.post("/check-in/", answers)
    assert answer.status_code == 302, answer.content.decode()


def the_checkin(browser: Browser) -> CheckIn:
    """The check-in of this browser."""
    found = access.current(browser.session)
    assert found is not None
    return found


def body(browser: Browser, **marks: int) -> None:
    """Mark places and confirm their sides."""
    answers = {f"mark-{name}": str(level) for name, level in marks.items()}
    browser.post("/check-in/body/", answers)
    browser.post("/check-in/places/", {"sides": "yes"})


def about(browser: Browser, *, age: int = 38, pregnant: str = "no") -> None:
    """Age and pregnancy."""
    browser.post("/check-in/safety/?about=1", {"age": str(age), "pregnant": pregnant})


def flags(browser: Browser, **said: str) -> dict[str, str]:
    """The answers to all red flags that are asked: no, unless said otherwise."""
    asked = reads.questions_of(the_checkin(browser)).red_flags
    return {flag.id: "no" for flag in asked} | said


def walk(browser: Browser, **said: str) -> CheckIn:
    """The whole path; `said` answers red flags, and one that stops ends it there."""
    begin(browser)
    body(browser, cervical_l=6, upper_trap_l=7)
    browser.post("/check-in/story/", STORY)
    browser.post("/check-in/everyday/", EVERYDAY)
    browser.post("/check-in/mind/", MIND)
    about(browser)
    answer = browser.post("/check-in/safety/", flags(browser, **said))
    if answer["Location"] == "/check-in/result/":
        return the_checkin(browser)
    browser.post("/check-in/history/", REST)
    answer = browser.post("/check-in/wishes/", WISHES)
    assert answer["Location"] == "/check-in/result/"
    return the_checkin(browser)
