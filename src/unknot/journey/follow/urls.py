from django.urls import path

from unknot.journey.follow import pages

app_name = "follow"
urlpatterns = [
    path("daily/", pages.daily, name="daily"),
    path("weekly/", pages.weekly, name="weekly"),
    path("progress/", pages.progress, name="progress"),
    path("clients/<uuid:key>/progress/", pages.client_progress, name="client-progress"),
    path("appointments/<uuid:key>/review/", pages.review, name="review"),
]
