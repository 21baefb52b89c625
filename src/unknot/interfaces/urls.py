"""Addresses that other programs fetch, and the page about one's calendars."""

from django.urls import path

from unknot.interfaces import pages
from unknot.interfaces.checkins import pages as checkins
from unknot.interfaces.papers import pages as papers

app_name = "interfaces"
urlpatterns = [
    path(
        "appointments/<uuid:key>/calendar.ics",
        pages.appointment_calendar,
        name="appointment-calendar",
    ),
    path("calendar/<slug:token>.ics", pages.calendar_feed, name="calendar-feed"),
    path("calendars/", pages.own_calendars, name="calendars"),
    path("calendars/feed/", pages.open_feed, name="feed-open"),
    path("calendars/feed/close/", pages.close_feed, name="feed-close"),
    path("calendars/<slug:slug>/add/", pages.add_source, name="source-add"),
    path("calendars/<slug:slug>/<uuid:key>/remove/", pages.remove_source, name="source-remove"),
    path("appointments/<uuid:key>/session.pdf", papers.session_paper, name="paper-session"),
    path("appointments/<uuid:key>/form.pdf", papers.form_paper, name="paper-form"),
    path("papers/form.pdf", papers.blank_form, name="paper-blank-form"),
    path("papers/figure.pdf", papers.blank_figure, name="paper-figure"),
    path("daily/check-ins.csv", checkins.own_check_ins, name="check-ins"),
    path("papers/report/", papers.report_paper, name="paper-report"),
]
