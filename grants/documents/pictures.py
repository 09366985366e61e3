"""JPG and PNG: opened with Pillow, bounded in pixels before anything is decoded."""

from __future__ import annotations

import warnings
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from grants.documents.errors import RefusedFileError

MAX_PIXELS = 80_000_000  # an A3 page at 600 dpi has 70 million


def prove_picture(path: Path, kind: str) -> None:
    """Return when the file is a sound picture of ``kind`` (``JPEG`` or ``PNG``).

    Raises:
        RefusedFileError: it is something else, damaged, or would unfold to more than MAX_PIXELS.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=(kind,)) as picture:
                width, height = picture.size
                if width * height > MAX_PIXELS:
                    raise RefusedFileError("file_too_complex")
                picture.verify()
    except UnidentifiedImageError as error:
        raise RefusedFileError("file_broken") from error
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise RefusedFileError("file_too_complex") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise RefusedFileError("file_broken") from error
