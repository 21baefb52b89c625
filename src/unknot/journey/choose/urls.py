"""Addresses of the pages to choose a technique and a therapist."""

from django.urls import path

from unknot.journey.choose.pages import evidence, techniques, therapists

app_name = "choose"
urlpatterns = [
    path("body-and-mind/", evidence.body_and_mind, name="body-and-mind"),
    path("techniques/", techniques.techniques, name="techniques"),
    path("techniques/<slug:technique>/", techniques.technique, name="technique"),
    path("therapists/", therapists.therapists, name="therapists"),
    path("therapists/<slug:slug>/", therapists.therapist, name="therapist"),
]
