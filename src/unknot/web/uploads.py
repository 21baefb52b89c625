"""How a file comes in: in memory alone, and never more than one document may be.

Nothing is written to a folder of temporary files, where an upload that was refused would lie
beside everybody else's. What is larger is refused before its first byte is read.
"""

from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler

from unknot.web.documents import LARGEST

#: What a form may hold beside its file: names of fields, their values, and the borders between.
BESIDE: Final = 1024 * 1024


class InMemory(MemoryFileUploadHandler):
    """Keep an upload in memory; refuse a request that is larger than a document may be."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Raise RequestDataTooBig, which is answered as 413, when the request is too large."""
        if content_length > LARGEST + BESIDE:
            raise RequestDataTooBig("a request with a file is too large")
        self.activated = True
