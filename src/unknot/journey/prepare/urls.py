"""Addresses of the pages before a session."""

from django.urls import path

from unknot.journey.prepare.pages import briefing, plan, recheck, thread, touch, wishes

app_name = "prepare"
urlpatterns = [
    path("appointments/<uuid:key>/prepare/", wishes.prepare, name="prepare"),
    path("appointments/<uuid:key>/recheck/", recheck.recheck, name="recheck"),
    path("appointments/<uuid:key>/plan/", plan.plan, name="plan"),
    path("appointments/<uuid:key>/plan/drop/", plan.drop_plan, name="plan-drop"),
    path("appointments/<uuid:key>/briefing/", briefing.briefing, name="briefing"),
    path("appointments/<uuid:key>/touch/", touch.touch, name="touch"),
    path("appointments/<uuid:key>/touch/confirm/", touch.confirm_touch, name="touch-confirm"),
    path("appointments/<uuid:key>/questions/", thread.questions, name="questions"),
]
