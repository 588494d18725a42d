"""What somebody sends as a file: known by its content, made harmless, or refused in a sentence."""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
# An office file is a zip: what a few bytes may swell to.
MAX_UNPACKED = 100 * 1024 * 1024
MAX_ENTRIES = 2_000
NAME_LENGTH = 100

PICTURES = {
    "JPEG": ("jpg", "image/jpeg"),
    "PNG": ("png", "image/png"),
    "WEBP": ("webp", "image/webp"),
}
PICTURE_TYPES = frozenset(content_type for _ending, content_type in PICTURES.values())
OFFICE = "application/vnd.openxmlformats-officedocument"
OFFICE_FILES = {
    "word/document.xml": ("docx", f"{OFFICE}.wordprocessingml.document"),
    "xl/workbook.xml": ("xlsx", f"{OFFICE}.spreadsheetml.sheet"),
}
# OpenDocument says what it is in its first part.
OPEN_DOCUMENT = "application/vnd.oasis.opendocument.text"
# Macros, foreign programs; names that lead out of the folder they are unpacked in.
OFFICE_FORBIDDEN = re.compile(
    r"vbaProject|/embeddings/.*\.bin$|/activeX/|^(Basic|Scripts)/|(^|[/\\])\.\.[/\\]|^[/\\]",
    re.IGNORECASE,
)
# Text that a browser would take for a page or a drawing, if it were let.
MARKUP = re.compile(
    r"\s*<(!(--|doctype)|(\?xml|html|head|body|script|svg|iframe|img)\b)", re.IGNORECASE
)
# These are told from plain text by their name alone.
TEXTS = {"csv": "text/csv; charset=utf-8"}


@dataclass(frozen=True)
class CleanFile:
    """`content` may be stored; `name` is what the sender called it, with the true ending."""

    name: str
    content: ContentFile
    content_type: str

    @property
    def size(self) -> int:
        return self.content.size


def clean_upload(upload: UploadedFile, *, max_bytes: int = MAX_BYTES) -> CleanFile:
    """Return the file made fit to keep, or raise ValidationError with a sentence for the sender.

    PDF, JPEG, PNG, WebP, plain text, docx, xlsx and odt, told by content and never by name or
    header; a table as csv is text whose name says so. Pictures are drawn anew, without the place
    and camera they were taken with.
    """
    if upload.size is not None and upload.size > max_bytes:
        raise _refused_as_too_large(max_bytes)
    upload.seek(0)
    data = upload.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise _refused_as_too_large(max_bytes)
    if not data:
        raise ValidationError(_("The file is empty."), code="empty")
    ending, content_type, clean = _recognise(data)
    said = PurePath(upload.name or "").suffix.lower().lstrip(".")
    if ending == "txt" and said in TEXTS:
        ending, content_type = said, TEXTS[said]
    return CleanFile(_clean_name(upload.name or "", ending), ContentFile(clean), content_type)


def _refused_as_too_large(max_bytes: int) -> ValidationError:
    limit = filesizeformat(max_bytes)
    return ValidationError(
        _("The file is too large. The limit is %(limit)s.") % {"limit": limit}, code="too_large"
    )


def _recognise(data: bytes) -> tuple[str, str, bytes]:
    if data.startswith(b"%PDF-"):
        # A file that is an archive as well is not what it says it is.
        if b"%%EOF" not in data[-2048:] or zipfile.is_zipfile(io.BytesIO(data)):
            raise _refused(_("The file is damaged and cannot be opened."))
        return "pdf", "application/pdf", data
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or data[8:12] == b"WEBP":
        return _redrawn(data)
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    return "txt", "text/plain; charset=utf-8", _plain_text(data)


def _redrawn(data: bytes) -> tuple[str, str, bytes]:
    try:
        with Image.open(io.BytesIO(data), formats=tuple(PICTURES)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise ValidationError(
                    _("The picture has too many pixels. Make it smaller and try again."),
                    code="too_large",
                )
            kind = picture.format or ""
            upright = ImageOps.exif_transpose(picture)
            if kind == "JPEG" and upright.mode not in ("RGB", "L"):
                upright = upright.convert("RGB")
            # A fresh canvas: notes, thumbnails and colour profiles stay behind.
            bare = Image.new(upright.mode, upright.size)
            if upright.mode == "P":
                bare.putpalette(upright.getpalette() or [])
            bare.paste(upright)
            transparent = (
                {"transparency": upright.info["transparency"]}
                if ("transparency" in upright.info and kind == "PNG")
                else {}
            )
            out = io.BytesIO()
            bare.save(out, format=kind, quality=88, **transparent)
    except ValidationError:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise damaged_picture() from None
    ending, content_type = PICTURES[kind]
    return ending, content_type, out.getvalue()


def _office(data: bytes) -> tuple[str, str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            swells = _swells(entries, len(data))
            # Reads every part to its end: one that is longer than it says is damaged.
            broken = None if swells or _is_locked(entries) else archive.testzip()
            mimetype = archive.read("mimetype") if "mimetype" in archive.namelist() else b""
    except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, EOFError, OSError):
        raise _refused(_("The file is damaged and cannot be opened.")) from None
    if broken:
        raise _refused(_("The file is damaged and cannot be opened."))
    names = {entry.filename for entry in entries}
    if swells:
        raise _refused(_("The file holds too much. Save it as PDF and try again."))
    if any(OFFICE_FORBIDDEN.search(name) for name in names) or _is_locked(entries):
        raise _refused(_("The file holds macros or is locked. Save it as PDF and try again."))
    for part, (ending, content_type) in OFFICE_FILES.items():
        if part in names and "[Content_Types].xml" in names:
            return ending, content_type, data
    if mimetype == OPEN_DOCUMENT.encode() and "content.xml" in names:
        return "odt", OPEN_DOCUMENT, data
    raise unknown()


def _swells(entries: list[zipfile.ZipInfo], size: int) -> bool:
    """Is there too much in it, or are parts of it packed over one another?"""
    return (
        len(entries) > MAX_ENTRIES
        or sum(entry.file_size for entry in entries) > MAX_UNPACKED
        or sum(entry.compress_size for entry in entries) > size
    )


def _is_locked(entries: list[zipfile.ZipInfo]) -> bool:
    return any(entry.flag_bits & 1 for entry in entries)


def _plain_text(data: bytes) -> bytes:
    for encoding in ("utf-8-sig", "cp1257"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Letters, and of the control characters only tab and line ends.
        if not re.search(r"[\x00-\x08\x0b\x0e-\x1f\x7f]", text) and not MARKUP.match(text):
            return text.encode()
        break
    raise unknown()


def damaged_picture() -> ValidationError:
    """The sentence for a picture that cannot be drawn."""
    return _refused(_("The picture is damaged and cannot be opened."))


def unknown() -> ValidationError:
    """The sentence for a file of a kind that nobody asked for."""
    return _refused(
        _(
            "We accept PDF, JPEG, PNG and WebP pictures, plain text, Word, Excel and OpenDocument "
            "text (docx, xlsx, odt)."
        )
    )


def _refused(sentence: str) -> ValidationError:
    return ValidationError(sentence, code="refused")


def _clean_name(name: str, ending: str) -> str:
    """The sender's name without folders and control characters, ending as the content says."""
    stem = PurePath(name.replace("\\", "/")).stem
    stem = re.sub(r"[^\w .,()+-]", "_", stem).strip(" .") or "file"
    return f"{stem[: NAME_LENGTH - len(ending) - 1]}.{ending}"
