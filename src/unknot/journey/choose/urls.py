"""Addresses of the pages to choose a technique and a therapist."""

from django.urls import path

from unknot.journey.choose.pages import (
    checking,
    documents,
    evidence,
    moderation,
    reviews,
    techniques,
    therapists,
)

app_name = "choose"
urlpatterns = [
    path("body-and-mind/", evidence.body_and_mind, name="body-and-mind"),
    path("techniques/", techniques.techniques, name="techniques"),
    path("techniques/<slug:technique>/", techniques.technique, name="technique"),
    path("therapists/", therapists.therapists, name="therapists"),
    path("therapists/<slug:slug>/", therapists.therapist, name="therapist"),
    path("reviews/<uuid:key>/report/", reviews.review_report, name="review-report"),
    path("reviews/decisions/", reviews.moderation_log, name="moderation-log"),
    path("moderation/", moderation.moderation, name="moderation"),
    path("moderation/<uuid:key>/", moderation.decision, name="moderation-decision"),
    path("credentials/", checking.waiting, name="credentials"),
    path("credentials/<uuid:key>/", checking.operator_check, name="credential-check"),
    path("credentials/documents/<uuid:key>/", documents.document, name="document"),
]
