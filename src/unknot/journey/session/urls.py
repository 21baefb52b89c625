from django.urls import path

from unknot.journey.session.pages import record, stones

app_name = "session"
urlpatterns = [
    path("appointments/<uuid:key>/record/", record.record, name="record"),
    path("appointments/<uuid:key>/record/sign/", record.sign, name="sign"),
    path("appointments/<uuid:key>/record/amend/", record.amend, name="amend"),
    path("appointments/<uuid:key>/last/", record.last, name="last"),
    path("appointments/<uuid:key>/record/readings/", stones.stones, name="stones"),
]
