"""A hundred megabytes arrive at a real web server, whose memory stays where it was."""

import http.client
import io
import json
import random
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pikepdf
import pytest

from grants.accounts.models import Person
from grants.applications import queries
from grants.applications.models import Application
from grants.db import reading, writing
from grants.kernel.clock import real_now
from tests.factories.accounts import make_session, sign_in_by_key
from tests.factories.applications import make_application
from tests.factories.documents import pdf_bytes
from tests.support.browsing import Browser
from tests.support.installation import Installation, installed, processes_of

pytestmark = pytest.mark.single_database
MEGABYTE = 1024 * 1024
FILES, FILE_MEGABYTES, PIECE = 5, 19, 4 * MEGABYTE
ROOM_KB = 48 * 1024  # the pieces of 64 KB, Python's own ebb and flow; far less than one file in each of three threads


def large_pdf(seed: int) -> bytes:
    """A sound PDF of 19 MB that does not compress."""
    document = pikepdf.open(io.BytesIO(pdf_bytes(str(seed))))
    noise = document.make_stream(random.Random(seed).randbytes(FILE_MEGABYTES * MEGABYTE))
    document.pages[0].Resources = pikepdf.Dictionary(Properties=pikepdf.Dictionary(Noise=noise))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


class Line:
    """One signed-in person's connection to the web server."""

    def __init__(self, site: Installation, key: str) -> None:
        browser = Browser(site.app, site.app.response_class)
        sign_in_by_key(browser, key)
        token = browser.token()
        cookie = browser.get_cookie(site.app.config["SESSION_COOKIE_NAME"])
        self.headers = {"Cookie": f"{cookie.key}={cookie.value}", "X-CSRFToken": token, "Accept": "application/json"}
        self.connection = http.client.HTTPConnection(urlsplit(site.address).netloc, timeout=60)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> dict:
        self.connection.request(method, path, body, self.headers | headers)
        answer = self.connection.getresponse()
        content = json.loads(answer.read())
        assert answer.status < 300, (answer.status, content)
        return content

    def send(self, home: str, slot: str, content: bytes) -> None:
        self.connection.close()  # the server ends connections that idle; making a large file takes its time
        said = urlencode({"slot": slot, "row": "", "name": f"{slot}.pdf", "size": len(content), "mark": ""}).encode()
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        upload = self.ask("POST", f"{home}/uploads", said, **form)
        while upload["offset"] < upload["size"]:
            at = {"Upload-Offset": str(upload["offset"]), "Content-Type": "application/octet-stream"}
            upload = self.ask("PATCH", upload["url"], content[upload["offset"] : upload["offset"] + PIECE], **at)
        self.ask("POST", upload["finish_url"])


def peaks(folder: Path) -> dict[int, int]:
    """The most memory that each process of the installation has had so far, in KB."""
    found = {}
    for pid in processes_of(folder):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        found[pid] = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    return found


def test_the_server_s_memory_is_flat_while_a_hundred_megabytes_arrive(databases):
    with installed("embedded", databases, "web") as site:
        site.wait_for_web()
        with site.app.app_context(), writing() as session:
            application = make_application(session, now=real_now())
            person = session.get_one(Person, application.created_by)
            ident, key = application.id, make_session(session, person)
        line, home = Line(site, key), f"/apply/{ident}"
        for number in range(8):  # both processes have everything loaded that they need
            line.send(home, "a14", pdf_bytes(f"{number}"))
            line.connection.close()
        before = peaks(site.folder)

        for number in range(FILES):
            line.send(home, f"a{number + 1}", large_pdf(number))
        line.connection.close()

        after = peaks(site.folder)
        grown = {pid: after[pid] - before[pid] for pid in before.keys() & after.keys()}
        assert max(grown.values()) < ROOM_KB, grown
        with site.app.app_context(), reading() as session:
            files = queries.load_draft(session, session.get_one(Application, ident)).files
            assert sum(file.size_bytes for file in files) > FILES * FILE_MEGABYTES * MEGABYTE
