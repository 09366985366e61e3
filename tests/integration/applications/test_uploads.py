"""Files in pieces over HTTP: gone on with after a break, attached once, nobody else's; and what the page shows."""

import io
import re
from datetime import timedelta
from html import unescape
from itertools import pairwise
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grants import documents
from grants.accounts.models import Person
from grants.accounts.states import Level
from grants.applications import queries, services
from grants.applications.services.uploads import ABANDONED_AFTER, MAX_UNFINISHED
from grants.documents import ScanResult, ScanState, StoredFile
from tests.factories.accounts import make_member, sign_in
from tests.factories.applications import make_application, owner_of
from tests.factories.documents import pdf_bytes, picture_bytes
from workers.uploads import sweep

SCRIPT = {"Accept": "application/json"}
SCAN = pdf_bytes("盖章扫描件", pages=3)


class Sender:
    """A script on one person's page of files."""

    def __init__(self, client: FlaskClient, application_id: UUID) -> None:
        self.client, self.home = client, f"/apply/{application_id}"

    def begin(self, content=SCAN, *, slot="a1", row="", name="盖章.pdf", mark="1", size=None):
        said = {"slot": slot, "row": row, "name": name, "mark": mark, "size": len(content) if size is None else size}
        return self.client.post(f"{self.home}/uploads", data=said, headers=SCRIPT)

    def piece(self, upload, content, offset, **headers):
        headers = SCRIPT | {"Upload-Offset": str(offset), "Content-Type": "application/octet-stream"} | headers
        return self.client.patch(upload["url"], data=content, headers=headers)

    def finish(self, upload):
        """Ask to finish, again for as long as the machine has no time to prove the file, as the page's script does."""
        while (answer := self.client.post(upload["finish_url"], headers=SCRIPT)).json.get("code") == "file_busy":
            continue
        return answer

    def send(self, content=SCAN, **where):
        """A whole file in one piece."""
        upload = self.begin(content, **where).json
        self.piece(upload, content, 0)
        return self.finish(upload)


@pytest.fixture
def application(session, now):
    made = make_application(session, now=now)
    session.commit()
    return made


@pytest.fixture
def sender(session, client, clock, application):
    sign_in(client, session.get_one(Person, application.created_by))
    return Sender(client, application.id)


def files_of(session, application):
    session.expire_all()
    return queries.load_draft(session, application).files


def text_of(answer):
    return unescape(re.sub(r"<[^>]+>", "", answer.get_data(as_text=True)))


def test_a_file_goes_on_where_it_broke_off(session, application, sender):
    begun = sender.begin()
    assert (begun.status_code, begun.json["offset"], begun.json["size"]) == (201, 0, len(SCAN))

    first = sender.piece(begun.json, SCAN[:400], 0)
    again = sender.begin()  # the page was loaded anew, the same file chosen again
    assert (first.status_code, first.json["offset"]) == (200, 400)
    assert (again.json["url"], again.json["offset"]) == (begun.json["url"], 400)
    assert files_of(session, application) == ()

    rest = sender.piece(begun.json, SCAN[400:], 400)
    done = sender.finish(begun.json)

    assert (rest.json["offset"], done.status_code) == (len(SCAN), 200)
    assert done.json == {"message": "已上传：盖章.pdf", "is_new": True, "slot": "slot-a1"}
    (file,) = files_of(session, application)
    assert (file.slot, file.name, file.pages, file.size_bytes) == ("a1", "盖章.pdf", 3, len(SCAN))
    with documents.current_store().open(file.sha256) as kept:
        assert kept.read() == SCAN


def test_a_piece_sent_twice_or_out_of_place_changes_nothing(session, application, sender):
    upload = sender.begin().json
    sender.piece(upload, SCAN[:300], 0)

    twice = sender.piece(upload, SCAN[:300], 0)
    early = sender.piece(upload, SCAN[350:], 350)
    state = sender.client.get(upload["url"], headers=SCRIPT)

    assert (twice.status_code, twice.json["offset"]) == (200, 300)
    assert (early.status_code, early.json["offset"]) == (409, 300)
    assert state.json["offset"] == 300
    sender.piece(upload, SCAN[300:], 300)
    assert sender.finish(upload).status_code == 200


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (SCAN + b"!", {}),
        (b"", {}),
        (SCAN, {"Upload-Offset": "-1"}),
        (SCAN, {"Upload-Offset": "٣"}),
        (SCAN, {"Upload-Offset": "9" * 40}),
        (SCAN, {"Upload-Offset": ""}),
    ],
)
def test_a_piece_that_cannot_be_of_this_file_is_refused(sender, content, headers):
    upload = sender.begin().json

    answer = sender.piece(upload, content, 0, **headers)

    assert (answer.status_code, answer.json["code"]) == (422, "upload_piece_invalid")
    assert sender.client.get(upload["url"]).json["offset"] == 0


def test_a_piece_larger_than_pieces_are_is_refused(sender):
    size = 3 * documents.MAX_PIECE_BYTES
    upload = sender.begin(size=size).json

    answer = sender.piece(upload, bytes(documents.MAX_PIECE_BYTES + 1), 0)

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"name": "合同.exe"}, "file_type_refused"),
        ({"name": "合同"}, "file_type_refused"),
        ({"size": 0}, "file_empty"),
        ({"size": 20 * 1024 * 1024 + 1}, "file_too_large"),
        ({"size": -1}, "invalid"),
        ({"size": 2**60}, "invalid"),
        ({"slot": "nowhere"}, "not_found"),
        ({"row": "r9"}, "not_found"),
        ({"slot": "a6"}, "not_found"),
        ({"name": ""}, "invalid"),
    ],
)
def test_what_name_and_size_tell_is_refused_before_the_first_byte(session, sender, said, code):
    answer = sender.begin(**said)

    assert answer.json["code"] == code
    assert answer.json["message"]
    assert session.query(documents.PartialUpload).count() == 0


def test_a_file_is_attached_once_however_often_it_is_finished(session, application, sender):
    upload = sender.begin().json
    early = sender.finish(upload)
    sender.piece(upload, SCAN, 0)

    first, second = sender.finish(upload), sender.finish(upload)

    assert (early.status_code, early.json["offset"]) == (409, 0)
    assert (first.status_code, second.status_code) == (200, 200)
    assert len(files_of(session, application)) == 1
    assert sender.piece(upload, SCAN, 0).json["arrived"] is True
    assert session.query(StoredFile).filter_by(name="盖章.pdf").count() == 1


def test_what_is_not_what_it_says_is_refused_at_the_end_and_again(session, application, sender):
    upload = sender.begin(b"MZ" + bytes(500)).json
    sender.piece(upload, b"MZ" + bytes(500), 0)

    answers = [sender.finish(upload) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert {answer.json["code"] for answer in answers} == {"file_not_what_it_says"}
    assert files_of(session, application) == ()
    assert sender.client.post(upload["discard_url"], headers=SCRIPT).json == {"slot": "slot-a1"}
    assert sender.finish(upload).status_code == 404


def test_bytes_that_were_lost_are_sent_again(session, application, sender):
    upload = sender.begin().json
    sender.piece(upload, SCAN[:500], 0)
    documents.current_parts().remove(UUID(upload["url"].rsplit("/", 1)[1]))

    told = sender.piece(upload, SCAN[500:], 500)

    assert (told.status_code, told.json["offset"]) == (409, 0)
    sender.piece(upload, SCAN, 0)
    assert sender.finish(upload).status_code == 200
    assert len(files_of(session, application)) == 1


def test_an_upload_is_its_own_person_s_only(session, application, sender):
    upload = sender.begin().json
    colleague = make_member(session, application.organisation, level=Level.EDITOR)
    session.commit()
    sign_in(sender.client, colleague)

    answers = [
        sender.client.get(upload["url"], headers=SCRIPT),
        sender.piece(upload, SCAN, 0),
        sender.finish(upload),
        sender.client.post(upload["discard_url"], headers=SCRIPT),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert sender.begin().json["url"] != upload["url"]
    assert "盖章.pdf" in text_of(sender.client.get(f"{sender.home}/documents"))


def test_an_ended_session_is_told_to_the_script_and_loses_nothing(session, application, sender):
    upload = sender.begin().json
    sender.piece(upload, SCAN[:200], 0)
    person = session.get_one(Person, application.created_by)
    with sender.client.session_transaction() as cookie:
        cookie.clear()

    refused = sender.piece(upload, SCAN[200:], 200)
    sign_in(sender.client, person)

    assert (refused.status_code, refused.json["code"]) == (401, "signed_out")
    assert sender.piece(upload, SCAN[200:], 200).json["offset"] == len(SCAN)


def test_nothing_arrives_after_the_close(session, application, sender, clock):
    upload = sender.begin().json
    sender.piece(upload, SCAN, 0)
    clock.move_to(application.call.closes_at)
    sign_in(sender.client, session.get_one(Person, application.created_by))

    answer = sender.finish(upload)

    assert (answer.status_code, answer.json["code"]) == (403, "call_closed")
    assert files_of(session, application) == ()


def test_no_more_than_twenty_are_open_and_given_up_ones_make_room(session, application, sender):
    uploads = [sender.begin(mark=str(number)).json for number in range(MAX_UNFINISHED)]

    refused = sender.begin(mark="one more")
    sender.client.post(uploads[0]["discard_url"], headers=SCRIPT)

    assert (refused.status_code, refused.json["code"]) == (422, "too_many_uploads")
    assert sender.begin(mark="one more").status_code == 201


def test_a_full_slot_says_so_before_the_first_byte(session, application, sender):
    for number in range(5):
        picture = picture_bytes(size=(32, 24 + number))
        assert sender.send(picture, slot="a16", name=f"截图{number}.png").status_code == 200

    answer = sender.begin(picture_bytes(), slot="a16", name="截图6.png")

    assert (answer.status_code, answer.json["code"]) == (422, "too_many_files")


def test_the_same_file_is_noticed_wherever_it_is(session, application, sender):
    sender.send()
    here = sender.send(name="又一次.pdf")
    there = sender.send(slot="a2", name="执照.pdf")

    page = text_of(sender.client.get(f"{sender.home}/documents"))

    assert here.json["message"] == "这个文件已经在这里，没有重复添加：又一次.pdf"
    assert there.json["message"] == "已上传：执照.pdf"
    assert "与“营业执照”中的文件内容相同" in page
    assert "与“申报表（签章）”中的文件内容相同" in page
    assert len(files_of(session, application)) == 2


def test_what_was_replaced_or_removed_stays_in_the_history(session, application, sender, drain):
    sender.send(name="第一版.pdf")
    sender.send(pdf_bytes("第二版"), name="第二版.pdf")
    drain()
    (file,) = files_of(session, application)
    sender.client.post(f"{sender.home}/files/{file.id}/remove")

    page = sender.client.get(f"{sender.home}/documents").get_data(as_text=True)

    assert files_of(session, application) == ()
    assert "以前的文件（2）" in page
    assert page.index("第二版.pdf") < page.index("第一版.pdf")
    assert session.get_one(Person, application.created_by).name in page
    (first,) = re.findall(r'href="(/apply/[^"]+/files/[^"/]+)">查看<span class="vh">第一版', page)
    with sender.client.get(first) as fetched:
        assert fetched.data == SCAN
    assert sender.client.get(f"{first}/remove").status_code == 404


def test_a_file_is_shut_until_it_was_found_clean(session, application, sender, drain, now):
    sender.send()
    (file,) = files_of(session, application)
    address = f"{sender.home}/files/{file.id}"

    waiting = sender.client.get(f"{sender.home}/documents").get_data(as_text=True)
    assert "正在检查，通过后可以查看" in waiting
    assert f'href="{address}"' not in waiting
    assert sender.client.get(address).status_code == 422
    assert sender.client.get(f"{address}/preview").status_code == 404

    drain()
    clean = sender.client.get(f"{sender.home}/documents").get_data(as_text=True)
    assert "可以使用" in clean
    assert f'href="{address}"' in clean
    assert f'src="{address}/preview" loading="lazy" alt="第一页预览：盖章.pdf"' in clean
    with sender.client.get(f"{address}/preview") as picture:
        assert picture.mimetype == "image/jpeg"
        assert picture.data.startswith(b"\xff\xd8\xff")
        assert picture.headers["Content-Disposition"].startswith("inline")

    sender.send(pdf_bytes("另一份"), name="另一份.pdf")
    session.commit()
    (infected,) = files_of(session, application)
    stored = session.query(StoredFile).filter_by(name="另一份.pdf").one()
    documents.settle_scan(session, stored.id, ScanResult(ScanState.INFECTED, "EICAR"), now=now)
    session.commit()
    page = text_of(sender.client.get(f"{sender.home}/documents"))
    assert "发现病毒，已隔离" in page
    assert sender.client.get(f"{sender.home}/files/{infected.id}").status_code == 422
    assert "申报表（签章）" in text_of(sender.client.get(f"{sender.home}/missing")), "an infected file is none"


NAMES = [
    "合同🙂👨\u200d👩\u200d👧.pdf",
    "引号\"'`.pdf",
    "换\r\nSet-Cookie: x=1; .pdf",
    "../../../etc/passwd.pdf",
    "C:\\系统\\合同.pdf",
    "合同\u202efdp.exe.pdf",
    "长" * 300 + ".pdf",
    ";filename=evil.html;.pdf",
    "<script>alert(1)</script>.pdf",
    "%2e%2e%2fetc%00.pdf",
]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_goes_in_and_comes_out_without_harm(session, application, sender, drain, name):
    assert sender.send(name=name).status_code == 200
    drain()

    page = sender.client.get(f"{sender.home}/documents").get_data(as_text=True)
    (file,) = files_of(session, application)
    with sender.client.get(f"{sender.home}/files/{file.id}") as fetched:
        header, mimetype = fetched.headers["Content-Disposition"], fetched.mimetype

    assert len(file.name) <= 255
    assert file.name.endswith(".pdf")
    assert not set(file.name) & set("/\\\r\n\u202e\x00")
    assert header.startswith("attachment;")
    assert not set(header) & set("\r\n")
    assert header.isascii()
    assert "Set-Cookie" not in fetched.headers or "x=1" not in fetched.headers["Set-Cookie"]
    assert mimetype == "application/pdf"
    assert "<script>alert" not in page
    lying = {path.name for path in documents.current_store().root.rglob("*") if path.is_file()}
    assert lying <= {name for name in lying if re.fullmatch(r"[0-9a-f]{64}", name)}


def test_an_upload_that_stopped_is_shown_and_can_be_given_up_without_a_script(session, application, sender):
    upload = sender.begin(name="断了.pdf").json
    sender.piece(upload, SCAN[:500], 0)

    page = sender.client.get(f"{sender.home}/documents")
    assert "断了.pdf" in text_of(page)
    assert "已传 1 KB" in text_of(page)
    given_up = sender.client.post(upload["discard_url"])

    assert given_up.status_code == 303
    assert given_up.location.endswith("/documents#slot-a1")
    assert "断了.pdf" not in text_of(sender.client.get(f"{sender.home}/documents"))


def test_the_plain_form_takes_several_and_names_the_bad_ones(session, application, sender):
    chosen = [
        (io.BytesIO(picture_bytes(size=(40, 30))), "甲.png"),
        (io.BytesIO(b"MZ" + bytes(80)), "乙.png"),
        (io.BytesIO(picture_bytes("JPEG")), "丙.jpg"),
    ]

    answer = sender.client.post(
        f"{sender.home}/documents/a16",
        data={"row": "", "slot-a16-file": chosen},
        content_type="multipart/form-data",
    )

    assert answer.status_code == 422
    assert "乙.png：文件内容与扩展名不符" in text_of(answer)
    assert [file.name for file in files_of(session, application)] == ["甲.png", "丙.jpg"]


def test_a_row_s_file_leads_back_to_the_row_it_was_chosen_at(session, application, sender, now):
    actor = owner_of(session, application)
    services.add_row(session, application, "contracts", "r1", actor=actor, now=now)
    session.commit()
    data = {"row": "r1", "from": "row", "slot-a6-r1-file": (io.BytesIO(SCAN), "合同.pdf")}

    answer = sender.client.post(f"{sender.home}/documents/a6", data=data, content_type="multipart/form-data")

    assert answer.status_code == 303
    assert answer.location.endswith("/tables/contracts/rows/r1#slot-a6-r1")


def test_abandoned_uploads_are_swept_and_arrived_ones_keep_no_part(session, application, sender, clock, now):
    kept, arrived = sender.begin(name="留.pdf").json, sender.begin(name="到.pdf").json
    for upload in (kept, arrived):
        sender.piece(upload, SCAN, 0)
    sender.finish(arrived)
    session.commit()

    def lying():
        return {str(part) for part in documents.current_parts().list()} & {kept["id"][7:], arrived["id"][7:]}

    sweep()
    assert lying() == {kept["id"][7:]}
    assert sender.finish(arrived).status_code == 200
    clock.move_to(now + ABANDONED_AFTER + timedelta(seconds=1))
    sign_in(sender.client, session.get_one(Person, application.created_by))
    session.commit()
    sweep()
    assert lying() == set()
    assert sender.finish(kept).status_code == 404


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.sets(st.integers(1, len(SCAN) - 1), max_size=8), repeated=st.sets(st.integers(0, 8)))
def test_however_a_file_is_cut_it_arrives_as_it_was(sender, cuts, repeated):
    upload = sender.begin().json
    for number, (start, end) in enumerate(pairwise([0, *sorted(cuts), len(SCAN)])):
        for _ in range(2 if number in repeated else 1):
            assert sender.piece(upload, SCAN[start:end], start).json["offset"] == end

    with documents.current_parts().open(UUID(upload["id"].removeprefix("upload-"))) as part:
        assert part.read() == SCAN
    sender.client.post(upload["discard_url"], headers=SCRIPT)
