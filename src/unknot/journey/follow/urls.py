from django.urls import path

from unknot.journey.follow import pages

app_name = "follow"
urlpatterns = [
    path("daily/", pages.daily, name="daily"),
    path("weekly/", pages.weekly, name="weekly"),
    path("outcome/", pages.outcome, name="outcome"),
    path("answered/", pages.answered, name="answered"),
    path("progress/", pages.progress, name="progress"),
    path("clients/<uuid:key>/progress/", pages.client_progress, name="client-progress"),
    path("appointments/<uuid:key>/review/", pages.review, name="review"),
    path("appointments/<uuid:key>/after-care/", pages.after_care, name="after-care"),
    path("appointments/<uuid:key>/after/<int:hours>/", pages.after, name="after"),
    path("appointments/<uuid:key>/answers-after/", pages.answers_after, name="answers-after"),
    path(
        "appointments/<uuid:key>/review/take-back/", pages.review_take_back, name="review-take-back"
    ),
]
