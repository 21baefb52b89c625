"""Hand one mail to a server or a provider, and tell apart what certainly did not leave.

        refused address ──▶ AddressRefused   it will never be taken: bounced
        not reached, refused for now ──▶ NotDelivered   nothing left the house: tried again
        anything later ──▶ the error itself   it may or may not have left: unknown

Units   none.
Errors  AddressRefused, NotDelivered; OSError, SMTPException or ProviderSilent for the unknown.
Source  docs/decisions/0008-the-outbox.md, 0021-who-carries-the-mail.md
"""

import smtplib
from collections.abc import Callable

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import get_connection
from requests import ConnectionError as NoConnection
from requests import ConnectTimeout

from unknot.people.mail import compose
from unknot.people.models import Message

Deliver = Callable[[Message], None]
#: A provider that answers so has not taken the mail; after any other failure it may have.
NOT_TAKEN = range(400, 500)


class NotDelivered(Exception):
    """The server refused or was not reached: nothing left the house, so it may be tried again."""


class AddressRefused(NotDelivered):
    """The server does not take mail for this address; trying again changes nothing."""


class ProviderSilent(Exception):
    """A provider failed after the mail was on its way: whether it left cannot be known."""


def chosen_delivery() -> Deliver | None:
    """How this installation delivers: the demonstration's inbox, a provider, SMTP, or not yet."""
    if settings.MODE == "demo":
        return to_inbox
    if settings.MAIL_PROVIDER:
        return by_provider
    return by_smtp if settings.EMAIL_HOST else None


def to_inbox(message: Message) -> None:
    """Deliver inside a demonstration: the inbox page reads the outbox itself, so nothing leaves."""


def by_smtp(message: Message) -> None:
    """Hand one mail to the configured server."""
    connection = get_connection()
    mail = compose(message, connection)
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as problem:
        raise NotDelivered(f"The mail server cannot be reached: {problem}") from problem
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as problem:
        raise _refused(max(code for code, _ in problem.recipients.values())) from problem
    except smtplib.SMTPResponseException as problem:
        raise NotDelivered(f"The mail server refused it: {problem.smtp_code}") from problem
    finally:
        _close(connection)


def by_provider(message: Message) -> None:
    """Hand one mail to the configured provider's web interface."""
    mail = compose(message, get_connection())
    try:
        mail.send()
    except AnymailRecipientsRefused as problem:
        raise AddressRefused("The provider does not take mail for this address.") from problem
    except AnymailAPIError as problem:
        if _certainly_not_taken(problem):
            answer = problem.status_code or "not reached"
            raise NotDelivered(f"The provider did not take it: {answer}") from problem
        raise ProviderSilent("The provider gave no answer after the mail was sent.") from problem
    except AnymailError as problem:
        raise NotDelivered("The provider cannot send this mail.") from problem


def _certainly_not_taken(problem: AnymailAPIError) -> bool:
    if problem.status_code is not None:
        return problem.status_code in NOT_TAKEN
    cause = problem.__cause__
    # A connection that breaks while an answer is read is a ConnectionError too, with another cause.
    return isinstance(cause, ConnectTimeout) or (
        isinstance(cause, NoConnection) and "NewConnectionError" in repr(cause)
    )


def _refused(code: int) -> NotDelivered:
    if code >= 500:
        return AddressRefused(f"The mail server does not take mail for this address: {code}")
    return NotDelivered(f"The mail server refused the address for now: {code}")


def _close(connection: object) -> None:
    """End the connection; a server that is already gone changes nothing about the mail."""
    try:
        connection.close()  # type: ignore[attr-defined]  # every backend of Django has it
    except (OSError, smtplib.SMTPException):
        return
