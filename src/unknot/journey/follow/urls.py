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
    path(
        "appointments/<uuid:key>/review/take-back/", pages.review_take_back, name="review-take-back"
    ),
]
