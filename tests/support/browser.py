"""The Chromium that Debian ships, with the options under which it runs in a container and speaks to nobody else."""

import os
import shutil

from playwright.sync_api import Browser, Playwright

OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoBrowserError(RuntimeError):
    """There is no Chromium on this machine; the message says how to get one."""


def launch(playwright: Playwright) -> Browser:
    """Start a browser with an empty profile.

    Raises:
        NoBrowserError: none is installed and CHROMIUM names none.
    """
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise NoBrowserError(
            "No Chromium: `make setup` installs it (Debian: apt-get install chromium), or set CHROMIUM."
        )
    return playwright.chromium.launch(executable_path=program, args=list(OPTIONS))
