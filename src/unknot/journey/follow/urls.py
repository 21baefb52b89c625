from django.urls import path

from unknot.journey.follow.pages import (
    after_session,
    check_ins,
    offline,
    progress,
    reminders,
    reviews,
)

app_name = "follow"
urlpatterns = [
    path("daily/", check_ins.daily, name="daily"),
    path("daily/kept/", offline.kept, name="kept"),
    path("daily/offline/", offline.shell, name="offline"),
    path("daily/reminders/", reminders.reminders, name="reminders"),
    path("service-worker.js", offline.worker, name="worker"),
    path("weekly/", check_ins.weekly, name="weekly"),
    path("outcome/", check_ins.outcome, name="outcome"),
    path("answered/", check_ins.answered, name="answered"),
    path("progress/", progress.progress, name="progress"),
    path("clients/<uuid:key>/progress/", progress.client_progress, name="client-progress"),
    path("appointments/<uuid:key>/review/", reviews.review, name="review"),
    path("appointments/<uuid:key>/after-care/", after_session.after_care, name="after-care"),
    path("appointments/<uuid:key>/after/<int:hours>/", after_session.after, name="after"),
    path(
        "appointments/<uuid:key>/answers-after/", after_session.answers_after, name="answers-after"
    ),
    path(
        "appointments/<uuid:key>/review/take-back/",
        reviews.review_take_back,
        name="review-take-back",
    ),
]
