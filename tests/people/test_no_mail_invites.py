"""No mail invites anybody to book another session: not by a link, whoever it goes to."""

import re
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src" / "unknot"
MAILS = sorted(SRC.glob("**/templates/messages/*.txt"))
#: Where somebody would begin a new booking.
BEGINS = {"choose", "understand"}
BOOKS = {"book:search", "book:slots", "book:series-new", "follow:routine", "web:home"}
LINK = re.compile(r"{%\s*url\s+['\"]([\w:-]+)['\"]")


def invitations(text: str) -> list[str]:
    """The addresses in a mail that begin a booking."""
    linked = LINK.findall(text)
    return [
        name
        for name in linked
        if name in BOOKS or (name.split(":")[0] in BEGINS and name != "choose:moderation")
    ]


@pytest.mark.parametrize("mail", MAILS, ids=lambda path: path.stem)
def test_a_mail_begins_no_booking(mail: Path) -> None:
    assert invitations(mail.read_text(encoding="utf-8")) == []


def test_the_mails_are_found_and_an_invitation_would_be() -> None:
    assert len(MAILS) > 30
    assert invitations("{{ site_url }}{% url 'book:search' %}") == ["book:search"]
    assert invitations("{% url 'choose:therapists' %}") == ["choose:therapists"]
