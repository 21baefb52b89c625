"""Addresses of the pages to choose a technique and a therapist."""

from django.urls import path

from unknot.journey.choose import pages

app_name = "choose"
urlpatterns = [
    path("techniques/", pages.techniques, name="techniques"),
    path("techniques/<slug:technique>/", pages.technique, name="technique"),
    path("therapists/", pages.therapists, name="therapists"),
    path("therapists/<slug:slug>/", pages.therapist, name="therapist"),
]
