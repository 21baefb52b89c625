"""The kinds of document that are kept, how one is told by its content, and every refusal.

Units   sizes are bytes; a picture's size is pixels, width before height.
Errors  RefusedDocument: one sentence that says what is wrong and how to mend it.
Source  ISO 32000-2, 7.5.2 (header of a PDF); ISO/IEC 10918-1, B.1.1 (marker SOI);
        W3C PNG, third edition, 5.2 (signature).
"""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Kind = Literal["pdf", "jpeg", "png"]

LARGEST = 10 * 1024 * 1024

CONTENT_TYPES: dict[Kind, str] = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
}

#: The first ending is the one a kept document is served with.
FILE_ENDINGS: dict[Kind, tuple[str, ...]] = {
    "pdf": (".pdf",),
    "jpeg": (".jpg", ".jpeg"),
    "png": (".png",),
}

BEGINNINGS: dict[Kind, bytes] = {
    "pdf": b"%PDF-",
    "jpeg": b"\xff\xd8\xff",
    "png": b"\x89PNG\r\n\x1a\n",
}

SENTENCES: dict[str, Promise] = {
    "empty": _("This file is empty; choose the file again and send it once more."),
    "large": _("This file is larger than 10 MB; send a smaller scan or fewer pages."),
    "grown": _("This file is larger than 10 MB once it is cleaned; send a smaller scan."),
    "kind": _("This is not a PDF, JPEG or PNG file; save the document as one of these."),
    "ending": _("The name of this file must end in .pdf, .jpg, .jpeg or .png; name it so."),
    "claim": _("The name of this file says one kind and its content is another; save it again."),
    "picture": _("This picture cannot be read to its end; take or save it again."),
    "pixels": _("This picture has too many pixels; make it smaller, at most 50 megapixels."),
    "moving": _("This picture moves; send a still picture instead."),
    "pdf": _("This PDF is damaged or not made by the rules; print it to a new PDF."),
    "locked": _("This PDF is locked with a password; save it without one and send that."),
    "script": _("This PDF contains a script or an action of its own; print it to a new PDF."),
    "attached": _("This PDF has other files, sound or film inside; print it to a new PDF."),
    "outside": _("This PDF takes part of its content from other files; print it to a new PDF."),
    "fields": _("This PDF has form fields or notes on its pages; print it to a new PDF."),
    "pages": _("This PDF has more than 50 pages; send the pages that matter alone."),
    "heavy": _("This PDF takes too long or too much memory to check; print it to a new PDF."),
    "busy": _("Other documents are being checked just now; send this one again in a minute."),
}


class RefusedDocument(ValueError):
    """The document is not kept; the message is the sentence for the person who sent it."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        self.sentence = SENTENCES[reason]
        super().__init__(str(self.sentence))


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanDocument:
    """A document as it may be kept and served; a PDF has pages, a picture has a size."""

    kind: Kind
    content: bytes
    sha256: str
    pages: int | None = None
    size: tuple[int, int] | None = None


def kind_of(raw: bytes) -> Kind:
    """Return the kind that the first bytes of `raw` announce; RefusedDocument without one."""
    if not raw:
        raise RefusedDocument("empty")
    if len(raw) > LARGEST:
        raise RefusedDocument("large")
    for kind, beginning in BEGINNINGS.items():
        if raw.startswith(beginning):
            return kind
    raise RefusedDocument("kind")


def check_claimed(kind: Kind, file_name: str) -> None:
    """Raise RefusedDocument unless `file_name` ends as a file of this kind does."""
    ending = PurePosixPath(file_name).suffix.lower()
    if not any(ending in endings for endings in FILE_ENDINGS.values()):
        raise RefusedDocument("ending")
    if ending not in FILE_ENDINGS[kind]:
        raise RefusedDocument("claim")
