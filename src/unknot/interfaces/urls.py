"""Addresses that other programs fetch."""

from django.urls import path

from unknot.interfaces import pages

app_name = "interfaces"
urlpatterns = [
    path(
        "appointments/<uuid:key>/calendar.ics",
        pages.appointment_calendar,
        name="appointment-calendar",
    ),
]
