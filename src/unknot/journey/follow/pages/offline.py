"""The daily page without a network: its empty shell, what keeps it, and what it sends later."""

import hashlib
import json
import re
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Final, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from unknot.journey.follow.actions import late as actions
from unknot.journey.follow.actions.check_ins import Said
from unknot.journey.follow.forms import DailyForm
from unknot.journey.follow.reminder_forms import WaitedForm
from unknot.people.requests import ClientRequest, client_required
from unknot.web.errors import BadInput

SHELL, WORKER = "follow/offline.html", "follow/service-worker.js"
#: What the shell itself asks for, and the pictures a reminder shows.
ASKED_FOR: Final = re.compile(r'(?:href|src)="([^"]+)"')
JUST_NOW: Final = timedelta(minutes=1)
SHOWN: Final = ("follow/icon-192.png", "follow/badge-96.png")


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The questions of a day and nothing about anybody: what a device may keep of this site."""
    return render(request, SHELL, {"form": DailyForm()})


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; it changes whenever the shell or anything that belongs to it does."""
    script = _prelude() + _source()
    return HttpResponse(
        script, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def kept(request: ClientRequest) -> HttpResponse:
    """Take what a device had kept, once; somebody who comes here by hand gets today's questions."""
    if request.method != "POST":
        return redirect("follow:daily")
    sent, form = WaitedForm(request.POST), DailyForm(request.POST)
    if not (sent.is_valid() and form.is_valid()):
        return _refused(_("An answer is missing, or a number is not from 0 to 10."))
    if sent.cleaned_data["account"] != request.user.pk:
        return JsonResponse({"why": _("Somebody else is signed in.")}, status=403)
    try:
        actions.keep_late(
            request.user,
            request.client,
            key=sent.key,
            waited=sent.waited,
            said=cast(Said, form.cleaned_data),
            now=timezone.now(),
        )
    except BadInput as error:
        return _refused(str(error.sentence))
    if sent.waited < JUST_NOW:
        messages.success(request, _("Saved. That is all for today."))
    return JsonResponse({"saved": True})


def _refused(why: str) -> HttpResponse:
    return JsonResponse({"why": why}, status=422)


@cache
def _prelude() -> str:
    """What the worker must know, as constants before its script."""
    page = render_to_string(SHELL, {"form": DailyForm()})
    assets = {one for one in ASKED_FOR.findall(page) if one.startswith(settings.STATIC_URL)}
    assets |= {settings.STATIC_URL + one for one in SHOWN}
    told = {
        "VERSION": f"unknot-{_fingerprint(page, sorted(assets))}",
        "SHELL": reverse("follow:offline"),
        "DAILY": reverse("follow:daily"),
        "ASSETS": sorted(assets),
    }
    return "".join(f"const {name} = {json.dumps(value)};\n" for name, value in told.items())


def _fingerprint(page: str, assets: list[str]) -> str:
    digest = hashlib.sha256((page + _source()).encode())
    for one in assets:
        digest.update(_static(one.removeprefix(settings.STATIC_URL)).read_bytes())
    return digest.hexdigest()[:16]


def _source() -> str:
    return _static(WORKER).read_text(encoding="utf-8")


def _static(name: str) -> Path:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found)
