from django.urls import path

from unknot.journey.prepare import pages

app_name = "prepare"
urlpatterns = [
    path("appointments/<uuid:key>/prepare/", pages.prepare, name="prepare"),
    path("appointments/<uuid:key>/recheck/", pages.recheck, name="recheck"),
    path("appointments/<uuid:key>/plan/", pages.plan, name="plan"),
    path("appointments/<uuid:key>/plan/drop/", pages.drop_plan, name="plan-drop"),
    path("appointments/<uuid:key>/briefing/", pages.briefing, name="briefing"),
]
