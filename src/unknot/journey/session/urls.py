from django.urls import path

from unknot.journey.session import pages

app_name = "session"
urlpatterns = [
    path("appointments/<uuid:key>/record/", pages.record, name="record"),
    path("appointments/<uuid:key>/record/sign/", pages.sign, name="sign"),
    path("appointments/<uuid:key>/record/amend/", pages.amend, name="amend"),
    path("appointments/<uuid:key>/last/", pages.last, name="last"),
]
