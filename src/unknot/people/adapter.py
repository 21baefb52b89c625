"""Accounts through django-allauth: its mails go through our outbox, its users know our fields."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils import timezone

from unknot.people import outbox
from unknot.people.models import User


class AccountAdapter(DefaultAccountAdapter):
    """The few points where allauth asks the project."""

    def new_user(self, request: HttpRequest) -> User:
        """A new account; it holds no right until a check-in or an invitation gives one."""
        return User(created_at=timezone.now())  # noqa: TID251  # allauth gives no clock

    def populate_username(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """There are no user names."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail instead of talking to a server while somebody waits."""
        message = self.render_mail(template_prefix, email, context)
        outbox.queue_text(
            email,
            "account",
            str(message.subject),
            str(message.body),
            at=timezone.now(),  # noqa: TID251  # allauth gives no clock
        )
