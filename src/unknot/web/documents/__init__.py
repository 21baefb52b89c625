"""Make an uploaded document safe to keep: decided by its content, written anew, or refused.

    raw bytes ─► kinds.kind_of ─┬─ jpeg, png ─► images.redraw        Pillow, in this process
                                └─ pdf ───────► pdf.rewrite ─► rewriting   pypdf, a limited child

What is kept never contains a byte range of the upload that nobody looked at: a picture is drawn
anew from its pixels, a PDF is put together anew from what its pages need.
"""

import threading
from hashlib import sha256

from unknot.web.documents import images, pdf
from unknot.web.documents.kinds import (
    CONTENT_TYPES,
    FILE_ENDINGS,
    LARGEST,
    CleanDocument,
    Kind,
    RefusedDocument,
    check_claimed,
    kind_of,
)

__all__ = [
    "CONTENT_TYPES",
    "FILE_ENDINGS",
    "LARGEST",
    "CleanDocument",
    "Kind",
    "RefusedDocument",
    "check_claimed",
    "clean",
    "kind_of",
]

#: Seconds that an upload waits for the one before it.
PATIENCE = 30

#: One document at a time in each process, so that the memory it takes is bounded.
_turn = threading.Lock()


def clean(raw: bytes) -> CleanDocument:
    """Return the document in `raw`, written anew, or raise RefusedDocument with the reason."""
    kind = kind_of(raw)
    if not _turn.acquire(timeout=PATIENCE):
        raise RefusedDocument("busy")
    try:
        return _pdf(raw) if kind == "pdf" else _picture(raw, kind)
    finally:
        _turn.release()


def _pdf(raw: bytes) -> CleanDocument:
    content, pages = pdf.rewrite(raw)
    return CleanDocument(
        kind="pdf", content=_fitting(content), sha256=sha256(content).hexdigest(), pages=pages
    )


def _picture(raw: bytes, kind: Kind) -> CleanDocument:
    content, size = images.redraw(raw, kind)
    return CleanDocument(
        kind=kind, content=_fitting(content), sha256=sha256(content).hexdigest(), size=size
    )


def _fitting(content: bytes) -> bytes:
    if len(content) > LARGEST:
        raise RefusedDocument("grown")
    return content
