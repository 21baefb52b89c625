"""Pages about one's own account: the way in, consents, the inbox of a demonstration."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unknot.people import access, actions, mail, reads
from unknot.people import mails as own_mails
from unknot.people.models import Purpose, Role
from unknot.people.requests import ClientRequest, MemberRequest, client_required, signed_in
from unknot.web.errors import Missing


@require_safe
@signed_in
def landing(request: MemberRequest) -> HttpResponse:
    """Send each person to the page their day starts on."""
    practice = access.practices_of(request.user).first()
    if practice is not None:
        held = access.roles(request.user, practice)
        if Role.MANAGER in held and not (practice.demonstration or practice.safety_approved_by):
            return redirect("practice:settings")  # what is missing before the first client
        return redirect("practice:day" if Role.THERAPIST in held else "practice:call-backs")
    if request.user.is_operator:
        return redirect("people:account")
    if access.own_client(request.user) is not None:
        return redirect("book:appointments")
    return redirect("understand:result" if "checkin" in request.session else "understand:start")


@require_safe
@signed_in
def account(request: MemberRequest) -> HttpResponse:
    """One's own account: consents and who read the record, for a client; security for everybody."""
    client = access.own_client(request.user)
    return render(
        request,
        "people/account.html",
        {
            "client": client,
            "consents": reads.consents(client, language=get_language() or "en") if client else (),
            "record_access": reads.record_access(client) if client else (),
            "mails": own_mails.groups_of(request.user),
            "is_staff": access.practices_of(request.user).exists() or request.user.is_operator,
        },
    )


@require_POST
@client_required
def consent(request: ClientRequest, purpose: str) -> HttpResponse:
    """Give or take back one agreement."""
    if purpose not in Purpose.values:
        raise Missing
    now, about = timezone.now(), Purpose(purpose)
    if request.POST.get("agree") == "yes":
        read = _version(request.POST.get("version", ""))
        actions.agree(request.user, request.client, about, version=read, now=now)
        messages.success(request, _("Saved: you agreed. You can take it back at any time."))
    else:
        actions.withdraw_consent(request.user, request.client, about, now=now)
        messages.success(request, _("Saved: you took it back. It works from now on."))
    return redirect("people:account")


def _version(sent: str) -> int:
    """The version of the text on the page; 0, which no text has, for anything but a number."""
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 6 else 0


@require_POST
@signed_in
def mails(request: MemberRequest) -> HttpResponse:
    """Keep which groups of mails somebody wants, and how much they may say."""
    own_mails.choose(
        request.user,
        wanted=request.POST.getlist("wanted"),
        discreet=request.POST.get("discreet") == "yes",
        now=timezone.now(),
    )
    messages.success(request, _("Saved. It works from now on."))
    return redirect("people:account")


@csrf_exempt  # a mail program stops a kind in one step, without having been here (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Stop one group of mails by the link in one of them, without signing in."""
    user, group = mail.read_stop_token(token)
    if request.method == "POST":
        own_mails.stop(user, group, now=timezone.now())
    stopped = request.method == "POST"
    return render(request, "people/stop_mail.html", {"group": group, "stopped": stopped})


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """All mails of a demonstration; a real installation has no such page."""
    if settings.MODE != "demo":
        raise Missing
    return render(request, "people/inbox.html", {"letters": reads.inbox()})
