from django.urls import path

from unknot.journey.follow.pages import (
    after_session,
    aims,
    check_ins,
    door,
    offline,
    progress,
    reminders,
    reviews,
    routines,
    trials,
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
    path("before-first/", check_ins.before_first, name="before-first"),
    path("answered/", check_ins.answered, name="answered"),
    path("aim/", aims.aim, name="aim"),
    path("appointments/<uuid:key>/aim/", aims.aim_told, name="aim-told"),
    path("progress/", progress.progress, name="progress"),
    path("progress/before/", progress.said_before, name="said-before"),
    path("clients/<uuid:key>/progress/", progress.client_progress, name="client-progress"),
    path("routine/", routines.routine, name="routine"),
    path("routine/edit/", routines.routine_edit, name="routine-edit"),
    path("routine/state/", routines.routine_state, name="routine-state"),
    path("routine/home/", routines.home_plan, name="home-plan"),
    path("routine/home/<slug:item>/", routines.home_day, name="home-day"),
    path("clients/<uuid:key>/routine/", routines.client_routine, name="client-routine"),
    path(
        "clients/<uuid:key>/routine/edit/",
        routines.client_routine_edit,
        name="client-routine-edit",
    ),
    path("clients/<uuid:key>/routine/home/", routines.client_home_plan, name="client-home-plan"),
    path("appointments/<uuid:key>/review/", reviews.review, name="review"),
    path("appointments/<uuid:key>/door/", door.door, name="door"),
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
    path("comparisons/", trials.trials, name="trials"),
    path("comparisons/new/<slug:slug>/", trials.trial_new, name="trial-new"),
    path("comparisons/<uuid:key>/", trials.trial, name="trial"),
    path("comparisons/<uuid:key>/accept/", trials.trial_accept, name="trial-accept"),
    path("comparisons/<uuid:key>/decline/", trials.trial_decline, name="trial-decline"),
    path("comparisons/<uuid:key>/stop/", trials.trial_stop, name="trial-stop"),
    path(
        "comparisons/<uuid:key>/report.<slug:kind>", trials.trial_report_file, name="trial-report"
    ),
    path("clients/<uuid:key>/comparisons/", trials.client_trials, name="client-trials"),
    path("clients/<uuid:key>/comparisons/new/", trials.client_trial_new, name="client-trial-new"),
]
