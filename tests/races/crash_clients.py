"""One client of the crash test, a process of its own so that it can be killed.

It holds and books one time after another over HTTP and writes each answer to its log, on the disk
before it sends anything else. Started again after a kill, it goes on with the form it was at.

Lines of the log: `try FORM WISH`, `held FORM APPOINTMENT`, `booked FORM APPOINTMENT`,
`refused FORM STATUS`, `silence FORM WHY` (sent again), `fault FORM STATUS` (must not be).
"""

import contextlib
import http.client
import json
import os
import random
import signal
import sys
import threading
import urllib.parse
import uuid
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 60
PAUSE = 0.5
#: How often an answer is not waited for, as by somebody in a tunnel.
DEAF = 0.1
FINAL = ("booked", "refused", "fault")

over = threading.Event()


@dataclass
class Answer:
    status: int
    key: str = ""  # of the appointment that it leads to


def read(path: Path) -> list[list[str]]:
    """The whole lines of a log; half a line was never acknowledged."""
    if not path.exists():
        return []
    text = path.read_text()
    return [line.split() for line in text[: text.rfind("\n") + 1].splitlines()]


class Log:
    def __init__(self, path: Path) -> None:
        self.lines = read(path)
        self.file = path.open("r+b" if path.exists() else "w+b")
        self.file.truncate(sum(len(" ".join(line)) + 1 for line in self.lines))
        self.file.seek(0, os.SEEK_END)

    def write(self, *words: object) -> None:
        self.lines.append([str(word) for word in words])
        self.file.write((" ".join(self.lines[-1]) + "\n").encode())
        self.file.flush()
        os.fsync(self.file.fileno())


def post(
    port: int, cookies: dict[str, str], path: str, fields: dict[str, str], *, deaf: bool = False
) -> Answer:
    """Send one form on a connection of its own; OSError or HTTPException when nobody answers."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    with contextlib.closing(asked):
        body = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": cookies["csrftoken"]})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        }
        asked.request("POST", path, body, headers)
        if deaf:
            raise ConnectionAbortedError("hung up")
        answer = asked.getresponse()
        answer.read()
        place = urllib.parse.urlsplit(answer.getheader("Location", "")).path
    if place.startswith(("/book/held/", "/appointments/")):
        return Answer(answer.status, place.rstrip("/").rpartition("/")[2])
    return Answer(answer.status)


class Client:
    def __init__(self, told: dict, log: Log) -> None:
        self.told = told
        self.log = log
        self.wishes = list(told["wishes"])
        random.Random(told["group"]).shuffle(self.wishes)

    def live(self) -> None:
        tries = [line for line in self.log.lines if line[0] == "try"]
        if tries and self.log.lines[-1][0] not in FINAL:
            self.go_on(tries[-1][1], int(tries[-1][2]))
        number = int(tries[-1][2]) + 1 if tries else 0
        while not over.is_set():
            form = str(uuid.uuid4())
            self.log.write("try", form, number)
            self.go_on(form, number)
            number += 1

    def go_on(self, form: str, number: int) -> None:
        """Take one form to its end, from wherever the log left it."""
        slug, service, start = self.wishes[number % len(self.wishes)]
        held = [line[2] for line in self.log.lines if line[:2] == ["held", form]]
        if not held:
            fields = {"key": form, "start": start}
            held = self.insist(form, "held", f"/book/{slug}/{service}/hold/", fields)
        if held:
            fields = {"name": self.told["name"], "phone": "", "note": ""}
            self.insist(form, "booked", f"/book/held/{held[0]}/confirm/", fields)

    def insist(self, form: str, deed: str, path: str, fields: dict[str, str]) -> list[str]:
        """Send the same form until it is answered: the appointment's key, or nothing if refused."""
        deaf = random.Random(f"{form} {deed}").random() < DEAF
        while True:
            try:
                answer = post(self.told["port"], self.told["cookies"], path, fields, deaf=deaf)
            except (OSError, http.client.HTTPException) as silence:
                self.log.write("silence", form, type(silence).__name__)
            else:
                if answer.key:
                    self.log.write(deed, form, answer.key)
                    return [answer.key]
                if answer.status != 503:
                    kind = "refused" if answer.status in (409, 422) else "fault"
                    self.log.write(kind, form, answer.status)
                    return []
                self.log.write("silence", form, answer.status)
            deaf = False
            threading.Event().wait(PAUSE)


def main() -> None:
    signal.signal(signal.SIGTERM, lambda number, frame: over.set())
    told = json.loads(Path(sys.argv[1]).read_text())
    Client(told, Log(Path(told["log"]))).live()


if __name__ == "__main__":
    main()
