"""Files that somebody sends who means no good; the bytes, and what they call them."""

import io
import random
import struct
import zipfile
import zlib

from PIL import Image

MEGABYTE = 1024 * 1024
PICTURES = ("JPEG", "PNG", "WEBP")


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (90, 120, 150)).save(out, format=kind, **options)
    return out.getvalue()


def archive(parts: dict[str, bytes], **options: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return out.getvalue()


def huge_png() -> bytes:
    """A few bytes that say they are 60 000 by 60 000 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        check = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * MEGABYTE)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def note_bomb() -> bytes:
    """A picture whose note unpacks to a hundred megabytes."""
    note = zlib.compress(b"\0" * (100 * MEGABYTE), 9)
    data = b"zq\0\0" + note
    chunk = struct.pack(">I", len(data)) + b"zTXt" + data
    chunk += struct.pack(">I", zlib.crc32(b"zTXt" + data))
    png = picture("PNG")
    return png[:33] + chunk + png[33:]


def camera_bomb() -> bytes:
    """A photo whose camera data point at themselves and say there are millions of them."""
    loop = (
        b"II*\0\x08\0\0\0" + struct.pack("<H", 0xFFFF) + b"\x69\x87\x04\0\x01\0\0\0\x08\0\0\0" * 5
    )
    return picture("JPEG", exif=b"Exif\0\0" + loop)


OFFICE = {"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'

# Name, what it is called, its bytes, and whether it may be kept (made harmless) at all.
HOSTILE = [
    ("picture bomb", "pilt.png", huge_png, False),
    ("note bomb", "pilt.png", note_bomb, None),
    ("camera bomb", "pilt.jpg", camera_bomb, None),
    ("archive bomb", "kiri.docx", lambda: archive(OFFICE | {"x": b"\0" * 101 * MEGABYTE}), False),
    (
        "archive of thousands",
        "kiri.docx",
        lambda: archive({str(n): b"" for n in range(3000)}),
        False,
    ),
    ("drawing with a script", "joonis.svg", lambda: SVG, False),
    ("drawing called a picture", "pilt.png", lambda: SVG, False),
    ("page called a picture", "pilt.jpg", lambda: b"<!DOCTYPE html><script>1</script>", False),
    ("picture and page", "pilt.jpg", lambda: picture() + b"<script>alert(1)</script>", True),
    ("picture and archive", "pilt.jpg", lambda: picture() + archive(OFFICE), True),
    ("pdf and archive", "leht.pdf", lambda: b"%PDF-1.7\n%%EOF\n" + archive(OFFICE), False),
    ("program", "kiri.docx", lambda: b"MZ\x90\0\x03" + b"\0" * 500, False),
    ("macros", "kiri.docx", lambda: archive(OFFICE | {"word/vbaProject.bin": b"x"}), False),
    ("way out", "kiri.docx", lambda: archive(OFFICE | {"../../x.txt": b"x"}), False),
    ("empty", "tühi.txt", lambda: b"", False),
    ("twenty megabytes", "suur.txt", lambda: b"a" * 20 * MEGABYTE, False),
    ("broken letters", "kiri.txt", lambda: b"a\0b\xff\xfe", False),
    ("half a picture", "pilt.jpg", lambda: picture()[:200], False),
    ("odd name", "../../..\\\u202egpj.exe\0.txt\r\nx", lambda: b"tere", True),
    ("long name", "õ" * 250 + ".txt", lambda: b"tere", True),
    ("no name but dots", "...", lambda: b"tere", True),
]


def with_camera() -> bytes:
    """A photo with camera data of every kind that says which side is up."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Kaamera"
    exif[0x8825] = {1: "N", 2: (58.0, 0.0, 0.0)}
    return picture("JPEG", exif=exif.tobytes())


def in_palette() -> bytes:
    out = io.BytesIO()
    flat = Image.new("P", (30, 20), 1)
    flat.putpalette([0, 0, 0, 255, 0, 0])
    flat.save(out, format="PNG", transparency=b"\0\xff")
    return out.getvalue()


def in_print_colours() -> bytes:
    out = io.BytesIO()
    Image.new("CMYK", (30, 20)).save(out, format="JPEG")
    return out.getvalue()


def moving() -> bytes:
    out = io.BytesIO()
    first, second = Image.new("RGB", (30, 20)), Image.new("RGB", (30, 20), (9, 9, 9))
    first.save(out, format="WEBP", save_all=True, append_images=[second])
    return out.getvalue()


SEEDS = [
    *(picture(kind) for kind in PICTURES),
    with_camera(),
    in_palette(),
    in_print_colours(),
    moving(),
    picture("PNG", dpi=(72, 72), icc_profile=b"zq" * 200),
    archive(OFFICE),
    archive({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}),
]


def mutated(chance: random.Random) -> bytes:
    """A picture or an office file with some bytes changed, cut off or put in."""
    data = bytearray(chance.choice(SEEDS))
    # The first bytes say what it is, and it is to be taken for that.
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(12, len(data))
        match chance.randrange(4):
            case 0 | 1:
                data[at] = chance.randrange(256)
            case 2:
                data[at : at + 4] = struct.pack(">I", chance.choice([0, 1, 2**31, 2**32 - 1]))
            case _:
                del data[at : at + chance.randint(1, 40)]
    return bytes(data)
