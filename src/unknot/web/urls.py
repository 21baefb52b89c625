"""Addresses of the pages that belong to no step."""

from django.urls import path

from unknot.web import pages

app_name = "web"

urlpatterns = [
    path("", pages.home, name="home"),
    path("credits/", pages.credits_page, name="credits"),
    path("components/", pages.components, name="components"),
]
