"""A mail server on the loopback that behaves as a test wishes."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.project.test_commands import free_port


class Server:
    """What the server received, by Message-ID, and how it answers."""

    def __init__(self, behaviour: str = "accepts") -> None:
        self.behaviour = behaviour
        self.received: list[str] = []
        self.port = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.behaviour == "refuses":
            return "550 5.1.1 no such mailbox"
        if self.behaviour == "later":
            return "451 4.7.1 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert envelope.content is not None
        content = envelope.content
        mail = message_from_bytes(content if isinstance(content, bytes) else content.encode())
        if self.behaviour == "full":
            return "452 4.2.2 mailbox full"
        self.received.append(mail["Message-ID"])
        if self.behaviour == "hangs":
            await asyncio.sleep(5)
        if self.behaviour == "dies":  # it has taken the mail, and nobody hears of it
            assert server.transport is not None
            server.transport.abort()  # type: ignore[attr-defined]
        return "250 OK"


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    """Let `server` listen on a free port of the loopback."""
    server.port = free_port()
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
