from django.urls import path

from unknot.journey.session.pages import (
    corrections,
    incidents,
    record,
    shared,
    starts,
    stones,
    versions,
)

app_name = "session"
urlpatterns = [
    path("appointments/<uuid:key>/record/", record.record, name="record"),
    path("appointments/<uuid:key>/record/sign/", record.sign, name="sign"),
    path("appointments/<uuid:key>/record/amend/", record.amend, name="amend"),
    path("appointments/<uuid:key>/record/template/", starts.template_add, name="template-add"),
    path("records/phrases/", starts.phrases, name="phrases"),
    path("records/phrases/<int:pk>/up/", starts.phrase_up, name="phrase-up"),
    path("records/phrases/<int:pk>/remove/", starts.phrase_remove, name="phrase-remove"),
    path("records/templates/", starts.templates, name="templates"),
    path("records/templates/<int:pk>/", starts.template, name="template"),
    path("records/templates/<int:pk>/remove/", starts.template_remove, name="template-remove"),
    path("appointments/<uuid:key>/last/", record.last, name="last"),
    path("appointments/<uuid:key>/record/readings/", stones.stones, name="stones"),
    path("appointments/<uuid:key>/record/versions/", versions.versions, name="versions"),
    path("appointments/<uuid:key>/incident/", incidents.incident_new, name="incident-new"),
    path("appointments/<uuid:key>/shared/", shared.shared, name="shared"),
    path(
        "appointments/<uuid:key>/shared/correction/", shared.correction_new, name="correction-new"
    ),
    path("practice/corrections/", corrections.corrections, name="corrections"),
    path("practice/corrections/<uuid:key>/", corrections.correction, name="correction"),
    path("practice/incidents/", incidents.incidents, name="incidents"),
    path("practice/incidents/<uuid:key>/", incidents.incident, name="incident"),
    path("practice/incidents/<uuid:key>/close/", incidents.incident_close, name="incident-close"),
]
