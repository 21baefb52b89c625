"""One mail as it leaves the house: plain text and HTML, and how to stop its kind in one step.

The HTML is made from the plain text, so the two never say different things.
"""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.signing import BadSignature, Signer
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from unknot.people.mail_kinds import KINDS, Group
from unknot.people.models import Message, User
from unknot.web.errors import Missing

#: One name for all links, so that none can be used for something else that is signed here.
SALT = "stop-mail"


def compose(message: Message, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    """Make the mail of a row of the outbox, in the language of who gets it."""
    language = message.user.language if message.user is not None else settings.LANGUAGE_CODE
    stop = stop_address(message)
    with override(language):
        text = message.body
        if stop:
            text += "\n\n-- \n" + _("No more mails of this kind:") + f"\n{stop}"
        mail = EmailMultiAlternatives(
            message.subject,
            text,
            to=[message.recipient],
            headers=_headers(message, stop),
            connection=connection,
        )
        context = {"message": message, "stop": stop, "language": language}
        mail.attach_alternative(render_to_string("people/mail.html", context), "text/html")
    return mail


def _headers(message: Message, stop: str) -> dict[str, str]:
    headers = {"Auto-Submitted": "auto-generated"}
    if message.pk is not None:
        # The same row is the same mail: a server that got it twice can tell.
        host = settings.SITE_URL.partition("://")[2].partition("/")[0].partition(":")[0]
        headers["Message-ID"] = f"<unknot-{message.pk}@{host or 'localhost'}>"
    if stop:
        headers["List-Unsubscribe"] = f"<{stop}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def stop_address(message: Message) -> str:
    """The address that stops this kind of mail for this person; empty when it cannot be stopped."""
    kind = KINDS.get(message.kind)
    if message.user_id is None or kind is None or kind.group is None:
        return ""
    token = Signer(salt=SALT).sign(f"{message.user_id}.{kind.group}")
    return settings.SITE_URL + reverse("people:stop-mail", args=[token])


def read_stop_token(token: str) -> tuple[User, Group]:
    """Whose mails of which group a link stops; Missing when it is not a link of ours."""
    try:
        user, _, group = Signer(salt=SALT).unsign(token).partition(".")
        return User.objects.get(pk=int(user)), Group(group)
    except (BadSignature, ValueError, User.DoesNotExist) as error:
        raise Missing from error
