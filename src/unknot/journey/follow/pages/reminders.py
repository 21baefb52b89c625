"""Whether, when and how somebody is reminded of their daily twenty seconds."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from unknot.journey.follow.actions import push
from unknot.journey.follow.actions import reminders as actions
from unknot.journey.follow.reads import reminders as reads
from unknot.journey.follow.reminder_forms import RemindersForm
from unknot.people.requests import ClientRequest, client_required
from unknot.web.errors import BadInput


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def reminders(request: ClientRequest) -> HttpResponse:
    """Choose an hour, days and a way, or say no in one press."""
    now, client = timezone.now(), request.client
    if request.POST.get("wanted") == "no":
        actions.decline(request.user, client, now=now)
        messages.success(request, _("No reminders. You can change that here at any time."))
        return redirect("follow:progress")
    place, chosen = reads.place_of(client.practice), reads.choice(client)
    sent = request.POST if request.method == "POST" else None
    form = RemindersForm(sent, chosen=chosen, place=place, today=place.day_of(now))
    if sent is not None and form.is_valid() and _kept(request, form, now):
        messages.success(request, _("Saved. We remind you, and never twice a day."))
        return redirect("follow:reminders")
    context = {
        "form": form,
        "chosen": chosen,
        "zone": client.practice.zone,
        "push_key": push.public_key(now),
    }
    return render(request, "follow/reminders.html", context, status=422 if form.errors else 200)


def _kept(request: ClientRequest, form: RemindersForm, now: datetime) -> bool:
    """Keep the choice; a browser that cannot be used becomes a sentence at its question."""
    given = form.cleaned_data
    try:
        actions.choose(
            request.user,
            request.client,
            hour=given["hour"],
            weekdays=given["weekdays"],
            way=given["way"],
            browser=form.browser(),
            now=now,
        )
    except BadInput as error:
        form.add_error("way", str(error.sentence))
        return False
    return True
