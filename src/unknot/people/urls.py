from django.urls import path

from unknot.people import pages

app_name = "people"
urlpatterns = [
    path("home/", pages.landing, name="landing"),
    path("account/", pages.account, name="account"),
    path("account/consents/<slug:purpose>/", pages.consent, name="consent"),
    path("account/mails/", pages.mails, name="mails"),
    path("mails/stop/<str:token>/", pages.stop_mail, name="stop-mail"),
    path("inbox/", pages.inbox, name="inbox"),
]
