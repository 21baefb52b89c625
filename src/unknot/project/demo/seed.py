"""Fill an empty database with the demonstration: everything through the real actions.

Days are relative to `now`, so the practice always has a day today. History is booked, recorded
and reviewed with the clock of its own day, because no action accepts a time that has passed.

Units   local days and wall time of the practice; money in minor units.
Errors  NotEmpty: there is somebody in the database already.
Source  people.toml (made up); KOSSAKOWSKI2017.md (published data)
"""

import random
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.db import connection, transaction
from PIL import Image, ImageDraw

from unknot.domain.notes.soap import TreatedRegion
from unknot.domain.reviews import Scores
from unknot.interfaces.checkins import course_csv, daily_csv
from unknot.journey.book.actions import attendance, booking, days
from unknot.journey.book.models import (
    AddOn,
    Appointment,
    HoursOverride,
    Need,
    Resource,
    WorkingHours,
)
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.choose.actions import credentials, reviews
from unknot.journey.choose.actions.documents import add_document
from unknot.journey.choose.models import Credential, Postcode, Review, Service, Therapist
from unknot.journey.follow.actions import check_ins, findings, routines
from unknot.journey.follow.actions import reviews as follow
from unknot.journey.follow.reads import findings as findings_reads
from unknot.journey.follow.reads import routines as routine_reads
from unknot.journey.prepare import actions as prepare
from unknot.journey.session.actions import record as session
from unknot.journey.understand.actions.recheck import answer_recheck
from unknot.journey.understand.models import CheckIn
from unknot.people import access
from unknot.people.actions import give_consent, set_up_practice
from unknot.people.models import (
    Client,
    Location,
    Membership,
    Origin,
    Practice,
    Purpose,
    Role,
    User,
)
from unknot.project.demo import diary, followed
from unknot.project.demo.answers import Said, check_in
from unknot.web import documents

PASSWORD = "knot-and-thread"  # noqa: S105  # printed for everybody by ./unknot demo
LOGINS = (
    ("client", "client@unknot.example", PASSWORD),
    ("therapist", "therapist@unknot.example", PASSWORD),
    ("practice manager", "manager@unknot.example", PASSWORD),
    ("operator", "operator@unknot.example", PASSWORD),
)
PEOPLE = Path(__file__).resolve().parent / "people.toml"
SESSION_LENGTH = timedelta(minutes=75)
ONE_DAY = timedelta(days=1)
#: The hours of a day that is open whatever its weekday, in minutes: 08:00 to 20:00.
LONG_DAY = (480, 1200)
#: The PEG answers of nine weeks, falling by more than the measurement error of 2.8 points.
WEEKS = ((7, 6, 7), (7, 6, 6), (6, 6, 6), (6, 5, 6), (5, 5, 6), (5, 5, 5), (5, 4, 4), (4, 4, 4),
         (4, 3, 3))  # fmt: skip
#: How many days ago the questions of the fourth week were answered, and how; those of the eighth
#: are open today.
LOOKED_BACK = 35
AFTER_FOUR_WEEKS = {
    "peg": {"peg_p": 5, "peg_e": 5, "peg_g": 6},
    "phq4": {"gad_1": 1, "gad_2": 1, "phq_1": 0, "phq_2": 1},
    "elo_stress": {"elo_1": 3},
    "sleep_nrs": {"sleep_last_night": 5},
    "change_global": {"change_1": 3, "change_2": 4},
}
DAILY_DAYS = 70
AT_HOME = ("move_gently", "gentle_stretch")
MONTHLY_BUDGET = 18_000  # minor units
ANSWERED = 0.86  # the share of days with a daily check-in

Progress = Callable[[str], None]


class NotEmpty(Exception):
    """There is somebody in the database already: a demonstration only fills an empty one."""


@dataclass
class Demo:
    """What the steps of the seed share."""

    practice: Practice
    manager: User
    now: datetime
    chance: random.Random
    therapists: dict[str, Therapist]
    operator: User

    @property
    def today(self) -> date:
        return self.now.astimezone(self.practice.tz).date()

    def at(self, day: date, wall: str) -> datetime:
        """An instant of a local day from wall time such as 16:30."""
        return datetime.combine(day, time.fromisoformat(wall), self.practice.tz)

    def working_day(self, days_ago: int) -> date:
        """The last Monday to Friday on or before so many days ago."""
        day = self.today - timedelta(days=days_ago)
        return day - timedelta(days=max(0, day.weekday() - 4))


def seed(*, now: datetime, progress: Progress) -> None:
    """Fill an empty database; says each step through `progress`. Raises NotEmpty."""
    if User.objects.exists():
        raise NotEmpty("There is already somebody in this database.")
    with connection.cursor() as cursor:  # a demonstration that is cut short begins anew anyway
        cursor.execute("SET synchronous_commit TO off")
    people = tomllib.loads(PEOPLE.read_text(encoding="utf-8"))
    progress("Opening the practice")
    demo = _practice(people, now)
    for person in people["client"]:
        progress(f"Walking {person['name']} through the path")
        _client(demo, person)
    progress("Reading the published diary")
    _diary(demo)
    progress("Working out what helped")
    list(findings.fit(findings_reads.answering().order_by("pk"), now=now))
    progress("Opening the calendars")
    days.keep_ahead(now)


def _practice(people: Mapping[str, Any], now: datetime) -> Demo:
    about = people["practice"]
    opened = now - timedelta(days=200)
    practice = set_up_practice(
        practice_name=about["name"],
        location_name=about["location"],
        address=about["address"],
        zone=about["zone"],
        currency=about["currency"],
        country=about["country"],
        manager_name=about["manager"],
        manager_email=LOGINS[2][1],
        password=PASSWORD,
        also_therapist=False,
        now=opened,
    )
    practice.demonstration, practice.phone = True, about["phone"]
    practice.late_fee_percent = about["late_fee_percent"]
    practice.save(update_fields=["demonstration", "phone", "late_fee_percent"])
    where = ("how_to_find", "latitude", "longitude", "step_free")
    Location.objects.filter(practice=practice).update(**{name: about[name] for name in where})
    Postcode.objects.bulk_create(
        Postcode(country=about["country"], **row) for row in people["postcode"]
    )
    manager = User.objects.get(email=LOGINS[2][1])
    demo = Demo(
        practice=practice,
        manager=manager,
        now=now,
        chance=random.Random(2017),  # noqa: S311  # noise in made-up ratings
        therapists={},
        operator=_account("Olga Brand", LOGINS[3][1], at=opened, is_operator=True),
    )
    for person in people["therapist"]:
        demo.therapists[person["id"]] = _therapist(demo, person, opened)
    _house(demo, people)
    for row in people["service"]:
        _service(demo, row, people["therapist"])
    for row in people["add_on"]:
        _add_on(demo, row)
    return demo


def _account(name: str, email: str, *, at: datetime, is_operator: bool = False) -> User:
    """An account; only the printed logins get a password that opens it."""
    password = PASSWORD if email in {login[1] for login in LOGINS} else None
    user = User.objects.create_user(
        email, password, name=name, created_at=at, is_operator=is_operator
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _therapist(demo: Demo, person: Mapping[str, Any], opened: datetime) -> Therapist:
    user = _account(person["name"], person["email"], at=opened)
    Membership.objects.create(user=user, practice=demo.practice, role=Role.THERAPIST, since=opened)
    therapist = Therapist.objects.create(
        user=user,
        practice=demo.practice,
        location=demo.practice.location_set.get(),
        slug=person["name"].lower().replace(" ", "-"),
        name=person["name"],
        about=person["about"],
        languages=person["languages"],
        gender=person["gender"],
        areas=person["areas"],
        practising_since=person["practising_since"],
        listed_since=opened,
    )
    first, last = person["hours"]
    WorkingHours.objects.bulk_create(
        WorkingHours(
            therapist=therapist, weekday=day, starts_minute=first * 60, ends_minute=last * 60
        )
        for day in range(5)
    )
    HoursOverride.objects.create(
        therapist=therapist, day=demo.today, starts_minute=LONG_DAY[0], ends_minute=LONG_DAY[1]
    )
    HoursOverride.objects.create(therapist=therapist, day=demo.today + timedelta(days=20))
    for row in person["credential"]:
        _credential(demo, therapist, row)
    return therapist


def _credential(demo: Demo, therapist: Therapist, row: Mapping[str, Any]) -> None:
    told = credentials.CredentialDraft(
        kind=row["kind"],
        title=row["title"],
        number=row.get("number", ""),
        jurisdiction=row.get("jurisdiction", ""),
        issuer=row.get("issuer", ""),
        issued_on=_days_from(demo, -row["issued_days_ago"]) if "issued_days_ago" in row else None,
        expires_on=_days_from(demo, row["expires_in_days"]) if "expires_in_days" in row else None,
        technique=row.get("technique", ""),
        hours=row.get("hours"),
        no_register=row.get("no_register", False),
    )
    credential = credentials.add_credential(therapist.user, demo.practice, draft=told, now=demo.now)
    if row.get("document"):
        scan = documents.clean(_scan(row["title"], therapist.name))
        add_document(therapist.user, demo.practice, credential.key, document=scan, now=demo.now)
    if "checked_days_ago" in row:
        checked = demo.now - timedelta(days=row["checked_days_ago"])
        credentials.record_verification(
            demo.manager,
            credential,
            finding=credentials.Finding(
                status=row["status"],
                method=Credential.Method.REGISTER,
                source=row["issuer"],
                checked_on=checked.astimezone(demo.practice.tz).date(),
                matched=("number", "name"),
                discipline=Credential.Discipline.NONE,
            ),
            now=checked,
        )


def _days_from(demo: Demo, days: int) -> date:
    return demo.today + timedelta(days=days)


def _scan(title: str, holder: str) -> bytes:
    """A made-up document, as somebody would photograph it."""
    page = Image.new("RGB", (900, 640), "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle((30, 30, 869, 609), outline="black", width=3)
    for place, line in enumerate((title, holder, "Made up for the demonstration")):
        pen.text((80, 120 + 90 * place), line, fill="black", font_size=40)
    kept, write = BytesIO(), page.save
    write(kept, "PNG")
    return kept.getvalue()


def _service(demo: Demo, row: Mapping[str, Any], therapists: list[Mapping[str, Any]]) -> None:
    service = Service.objects.create(
        practice=demo.practice,
        technique=row["technique"],
        minutes=row["minutes"],
        setup_minutes=row.get("setup", 0),
        cleanup_minutes=10,
        price_minor=row["price"],
        for_two=row.get("for_two", False),
    )
    Need.objects.create(service=service, kind="room", feature=row.get("room", ""))
    if "tool" in row:
        Need.objects.create(service=service, **_tool(row["tool"]))
    service.therapists.set(
        demo.therapists[person["id"]]
        for person in therapists
        if row["technique"] in person["offers"]
    )


def _house(demo: Demo, people: Mapping[str, Any]) -> None:
    """The rooms, and each tool as often as there is one."""
    things = [("room", row["name"], row["features"]) for row in people["room"]]
    for row in people["tool"]:
        for number in range(1, row["count"] + 1):
            things.append(("tool", f"{row['name']} {number}", [row["feature"]]))
    for kind, name, features in things:
        Resource.objects.create(kind=kind, practice=demo.practice, name=name, features=features)


def _tool(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": "tool",
        "feature": row["feature"],
        "before_minutes": row["before"],
        "after_minutes": row["after"],
    }


def _add_on(demo: Demo, row: Mapping[str, Any]) -> None:
    added = AddOn.objects.create(
        practice=demo.practice,
        name=row["name"],
        technique=row["technique"],
        minutes=row["minutes"],
        price_minor=row["price"],
    )
    added.services.set(demo.practice.service_set.filter(technique__in=row["on"], for_two=False))
    Need.objects.create(add_on=added, **_tool(row["tool"]))


# Clients --------------------------------------------------------------------------------------


def _client(demo: Demo, person: Mapping[str, Any]) -> None:
    """One made-up person: check-in, sessions with records and reviews, today's appointment."""
    sessions = [demo.working_day(days) for days in person.get("sessions", ())]
    first = min([demo.today, *sessions]) - timedelta(days=5)
    began = demo.at(first, "19:00")
    user = _account(person["name"], person["email"], at=began)
    checkin = check_in(demo.practice, user, _said(person), phone=person["phone"], now=began)
    client = _client_of(checkin)
    client.origin = Origin.SIMULATED
    client.save(update_fields=["origin"])
    kept = [_past_session(demo, person, checkin, day) for day in sessions]
    for review in person.get("review", ()):
        _review(demo, client, kept[review["session"]], review)
    if "today" in person:
        _today(demo, person, checkin)
    if "stopped_by" in person:
        said = _said(person, red_flags=tuple(person["stopped_by"]))
        earlier = demo.now - timedelta(hours=2)
        check_in(demo.practice, user, said, phone=person["phone"], now=earlier)
    if "followed" in person:
        _followed(demo, client, person["followed"])
    if person["email"] == LOGINS[0][1]:
        _daily_and_weekly(demo, client)
        _routine(demo, client)
        _coming(demo, person, client)


def _said(person: Mapping[str, Any], **changes: Any) -> Said:
    known = {field.name for field in fields(Said)}
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in person.items()
        if name in known
    }
    return Said(**values | changes)


def _client_of(checkin: CheckIn) -> Client:
    if checkin.client is None:
        raise LookupError("a claimed check-in has a client")
    return checkin.client


def _user_of(client: Client) -> User:
    if client.user is None:
        raise LookupError("a made-up client has an account")
    return client.user


def _book(
    demo: Demo, person: Mapping[str, Any], checkin: CheckIn, start: datetime, *, ahead: int
) -> Appointment:
    """Hold and confirm a time, so many days before it begins."""
    client = _client_of(checkin)
    user = _user_of(client)
    therapist = demo.therapists[person["therapist"]]
    then = start - timedelta(days=ahead, hours=1)
    held = booking.hold(
        checkin,
        actor=user,
        wanted=Wanted(
            therapist=therapist,
            service=therapist.services.get(technique=person["technique"], for_two=False),
        ),
        start=start,
        now=then,
    )
    return booking.confirm(user, client, held, note="", now=then + timedelta(minutes=2))


def _past_session(
    demo: Demo, person: Mapping[str, Any], checkin: CheckIn, day: date
) -> Appointment:
    appointment = _book(demo, person, checkin, demo.at(day, person["hour"]), ahead=3)
    _nothing_new(appointment)
    _record(person, appointment)
    return appointment


def _nothing_new(appointment: Appointment) -> None:
    """The client's answer to the short recheck, half an hour before the session."""
    client = appointment.client
    if client is None:
        raise LookupError("a booked appointment has a client")
    then = appointment.start - timedelta(minutes=30)
    answer_recheck(_user_of(client), client, appointment_key=appointment.key, said="no", now=then)


def _record(person: Mapping[str, Any], appointment: Appointment) -> None:
    """Write and sign the record at the end of a session."""
    therapist, after = appointment.therapist.user, appointment.end + timedelta(minutes=10)
    places = sorted(person["marks"], key=lambda name: -person["marks"][name])[:3]
    worst = max(person["marks"].values())
    draft = session.Draft(
        subjective="Tight since the last days of work; no new complaints.",
        objective="Firm and tender where marked, moves freely otherwise.",
        assessment="Tension with long sitting, as before. Pressure was comfortable throughout.",
        plan=person["plan"],
        pain_before=worst,
        pain_after=max(0, worst - 2),
        tension_before=worst,
        tension_after=max(0, worst - 3),
        treatments=tuple(
            TreatedRegion(
                region=place,
                technique=person["technique"],
                minutes=45 // len(places),
                pressure=person["pressure"],
            )
            for place in places
        ),
        marks={place: person["marks"][place] for place in places},
    )
    saved = session.save_draft(therapist, appointment, draft=draft, revision=0, now=after)
    session.sign(therapist, appointment, revision=saved.revision, now=after)


def _review(
    demo: Demo, client: Client, appointment: Appointment, review: Mapping[str, Any]
) -> None:
    """One review on the day after, published; then what became of it: see people.toml."""
    written = appointment.end + ONE_DAY
    _say(client, appointment, review, review.get("text", ""), now=written)
    reviews.publish_reviews(_later(demo, written, days=4))
    key = Review.objects.get(appointment_key=appointment.key).key
    therapist = appointment.therapist.user
    if "answer" in review:
        moment = _later(demo, written, days=6)
        reviews.answer_review(therapist, key, text=review["answer"], now=moment)
    if "changed" in review:
        moment = _later(demo, written, days=8)
        _say(client, appointment, review, review["changed"], now=moment)
    if "report" in review:
        moment = _later(demo, written, days=9)
        reviews.report_review(therapist, key, words=review["report"], now=moment)
    if "hidden" in review:
        moment = _later(demo, written, days=10)
        reviews.decide(demo.operator, key, decision="hide", reason=review["hidden"], now=moment)


def _later(demo: Demo, moment: datetime, *, days: int) -> datetime:
    return min(demo.now, moment + timedelta(days=days))


def _say(
    client: Client,
    appointment: Appointment,
    review: Mapping[str, Any],
    text: str,
    *,
    now: datetime,
) -> None:
    listening, pressure, boundaries, overall = review["scores"]
    follow.leave_review(
        client,
        appointment.key,
        scores=Scores(
            listening=listening,
            pressure_respected=pressure,
            boundaries_respected=boundaries,
            overall=overall,
        ),
        text=text,
        now=now,
    )


def _today(demo: Demo, person: Mapping[str, Any], checkin: CheckIn) -> None:
    """Today's appointment: recorded when the first of the day is over, arrived when begun."""
    start = demo.at(demo.today, person["today"])
    appointment = _book(demo, person, checkin, start, ahead=4)
    if "stopped_by" in person or start > demo.now:
        return
    therapist = appointment.therapist.user
    _nothing_new(appointment)
    attendance.mark_arrived(appointment, actor=therapist, now=start)
    if appointment.end + timedelta(minutes=10) <= demo.now and "plan" in person:
        appointment.refresh_from_db()
        _record(person, appointment)


def _daily_and_weekly(demo: Demo, client: Client) -> None:
    """Seventy days with gaps, the PEG of nine weeks, and one look back over four of them."""
    user = _user_of(client)
    for days_ago in range(DAILY_DAYS, 0, -1):
        if demo.chance.random() > ANSWERED:
            continue
        done = 1 - days_ago / DAILY_DAYS
        check_ins.save_daily(
            user,
            client,
            pain=_rating(demo, 6.4 - 3.4 * done),
            stiffness=_rating(demo, 5.8 - 2.6 * done),
            stress=_rating(demo, 6.2 - 2.0 * done),
            sleep=_rating(demo, 4.4 + 1.8 * done) if demo.chance.random() < 0.95 else None,
            mood=_rating(demo, 4.8 + 1.6 * done),
            painkillers=demo.chance.random() < 0.3 - 0.2 * done,
            now=demo.at(demo.today - timedelta(days=days_ago), "20:30"),
        )
    for week, answers in enumerate(WEEKS):
        day = demo.today - timedelta(days=7 * (len(WEEKS) - week))
        items = dict(zip(("peg_p", "peg_e", "peg_g"), answers, strict=True))
        then = demo.at(day, "20:35")
        check_ins.save_weekly(user, client, points={"peg": items}, anything_new="no", now=then)
    looked_back = demo.at(demo.today - timedelta(days=LOOKED_BACK), "20:40")
    check_ins.save_outcome(user, client, points=AFTER_FOUR_WEEKS, now=looked_back)


def _routine(demo: Demo, client: Client) -> None:
    """A plan made three weeks ago from what was known then, and two weeks of small things."""
    user, then = _user_of(client), demo.at(demo.today - timedelta(days=21), "20:45")
    found = routine_reads.found(client, now=then, with_mind=True)
    proposal = routine_reads.proposal(client, found, now=then)
    wanted = routines.Wanted(
        every_weeks=2,
        kinds=proposal.kinds,
        budget_minor=MONTHLY_BUDGET,
        starts_on=proposal.starts_on,
    )
    routines.save_routine(user, client, wanted, now=then)
    routines.choose_home(user, client, AT_HOME, now=then)
    for days_ago in range(14, 0, -1):
        at = demo.at(demo.today - timedelta(days=days_ago), "20:45")
        for place, item in enumerate(AT_HOME, 2):
            if days_ago % 5:  # some days nothing is said
                routines.say_home(user, client, item, done=days_ago % place != 0, now=at)


def _followed(demo: Demo, client: Client, about: Mapping[str, Any]) -> None:
    """Simulated daily answers around the sessions, read as any imported file is."""
    first = demo.today - timedelta(days=about["days"])
    made = followed.answers(
        findings_reads.sessions(client),
        state=about["state"],
        effect=about["effect"],
        first=first,
        days=about["days"],
        zone=demo.practice.tz,
    )
    lines = (",".join(row) + "\n" for row in course_csv.check_in_rows(made))
    reading = daily_csv.read(lines, now=demo.now, zone=demo.practice.tz)
    if reading.problems:
        raise ValueError(f"{followed.FILE}: {reading.problems[0]}")
    check_ins.import_days(
        client,
        reading.rows,
        file_name=followed.FILE,
        attribution=followed.ATTRIBUTION,
        actor=demo.manager,
        now=demo.now,
    )


def _rating(demo: Demo, level: float) -> int:
    return min(10, max(0, round(demo.chance.gauss(level, 0.9))))


def _coming(demo: Demo, person: Mapping[str, Any], client: Client) -> None:
    """A newer check-in, the next appointment, and what the client wants for it."""
    user = _user_of(client)
    marks = {"upper_trap_l": 4, "cervical_l": 3}
    said = _said(person, marks=marks, peg=WEEKS[-1], stress=4, sleep=6)
    checked = demo.at(demo.today - timedelta(days=3), "19:15")
    checkin = check_in(demo.practice, user, said, phone=person["phone"], now=checked)
    day = demo.working_day(-7)
    start = demo.at(day, person["hour"])
    ahead = (day - demo.today).days + 2
    appointment = _book(demo, person, checkin, start, ahead=ahead)
    prepare.save_preparation(
        user,
        appointment,
        wishes=prepare.Wishes(
            focus=("upper_trap_l",),
            pressure=3,
            warmth="warmer",
            talk="quiet",
            to_tell="I sat a lot this week. Please start slowly.",
        ),
        now=demo.now - ONE_DAY,
    )


# The published diary --------------------------------------------------------------------------


def _diary(demo: Demo) -> None:
    """One person who is not made up: a published diary, read as any imported file is."""
    client = Client.objects.create(
        practice=demo.practice,
        name="Published diary",
        origin=Origin.IMPORTED,
        created_at=demo.now,
    )
    with transaction.atomic():
        for purpose in Purpose:
            give_consent(client, purpose, now=demo.now)
        access.start_care(client, demo.therapists["ines"].user, now=demo.now)
    yesterday = demo.today - ONE_DAY
    reading = daily_csv.read(diary.as_csv(yesterday), now=demo.now, zone=demo.practice.tz)
    if reading.problems:
        raise ValueError(f"{diary.FILE.name}: {reading.problems[0]}")
    check_ins.import_days(
        client,
        reading.rows,
        file_name=diary.FILE.name,
        attribution=diary.ATTRIBUTION,
        stress_stand_in=diary.STAND_IN,
        actor=demo.manager,
        now=demo.now,
    )
