"""JPG and PNG: bounded in pixels before anything is decoded, then decoded whole and written anew.

The copy has the pixels, upright, and the resolution, and nothing else of the original: no place where a photograph was
taken, no comment, nothing behind its end.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from grants.sandbox.refusal import Refused

FORMATS = {"jpg": "JPEG", "png": "PNG"}
MAX_PIXELS = 80_000_000  # an A3 page at 600 dpi has 70 million
QUALITY = 92  # of a JPEG that had to be turned or converted; others keep their own
PREVIEW_PIXELS = 1_200
KEPT_MODES = {"JPEG": ("L", "RGB"), "PNG": ("1", "L", "LA", "I;16", "P", "RGB", "RGBA")}
ORIENTATION = 0x0112


def prove(path: Path, kind: str, out: Path) -> dict[str, object]:
    """Write a sound picture anew to ``out``; nothing is counted as its page.

    Raises:
        Refused: it is something else, damaged, cut off, or would unfold to more than MAX_PIXELS.
    """
    with _opened(path, FORMATS[kind]) as picture:
        _write(picture, FORMATS[kind], out)
    return {"pages": None}


def preview(path: Path, kind: str, out: Path) -> dict[str, object]:
    """A JPEG of the picture at ``out``, neither side longer than PREVIEW_PIXELS."""
    with _opened(path, FORMATS[kind]) as picture:
        picture.draft("RGB", (PREVIEW_PIXELS, PREVIEW_PIXELS))
        return shrink(ImageOps.exif_transpose(picture), out)


def shrink(picture: Image.Image, out: Path) -> dict[str, object]:
    """Write a small JPEG on white."""
    picture.thumbnail((PREVIEW_PIXELS, PREVIEW_PIXELS))
    opaque = picture.convert("RGBA")
    sheet = Image.new("RGB", opaque.size, "white")
    sheet.paste(opaque, mask=opaque.getchannel("A"))
    sheet.save(out, "JPEG", quality=80, optimize=True)
    return {"width": sheet.width, "height": sheet.height}


@contextmanager
def _opened(path: Path, form: str) -> Iterator[Image.Image]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=(form,)) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise Refused("file_too_many_pixels")
                yield picture
    except UnidentifiedImageError as error:
        raise Refused("file_broken") from error
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Refused("file_too_many_pixels") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise Refused(_fault(str(error))) from error


def _fault(text: str) -> str:
    if "truncated" in text:
        return "file_truncated"
    return "file_too_complex" if "too large" in text else "file_broken"


def _write(picture: Image.Image, form: str, out: Path) -> None:
    picture.load()
    options: dict[str, object] = {"dpi": picture.info["dpi"]} if "dpi" in picture.info else {}
    turned = picture.getexif().get(ORIENTATION, 1) != 1
    fits = picture.mode in KEPT_MODES[form]
    if form == "JPEG":
        options["quality"] = "keep" if fits and not turned and picture.format == form else QUALITY
    upright = ImageOps.exif_transpose(picture) if turned else picture
    written = upright if fits else upright.convert("RGB")
    for name in ("exif", "icc_profile", "comment", "xmp", "pnginfo", "photoshop"):
        written.info.pop(name, None)
    written.save(out, form, exif=b"", icc_profile=None, **options)
