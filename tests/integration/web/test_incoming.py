"""Text nobody can read is dropped where it arrives: no page breaks on it, on either database."""

import io

import pytest

from grants.kernel.actor import Role
from grants.web.incoming import readable
from tests.factories.accounts import make_staff, sign_in


def test_readable_keeps_everything_that_can_be_seen_and_line_ends():
    text = " 字 e\u0301 \U0001f469\u200d\U0001f4bb \t\r\n <b>'"

    assert readable(text) == text


def test_readable_drops_what_cannot_be_seen():
    assert readable("a\x00b\x0bc\x1fd\x7fe\x85f\ud800g\uffff") == "abcdefg"
    assert readable("91\u200b31\ufeff01\u202eMA") == "913101MA"


@pytest.mark.parametrize("text", ["", " ", "\u3000\t\r\n", "\u200b", "\x00 \u202e"])
def test_text_without_anything_to_see_is_empty(text):
    assert readable(text) == ""


def test_white_space_fills_in_nothing(client, session):
    sign_in(client, make_staff(session, Role.ADMINISTRATOR))
    session.commit()

    answer = client.post("/staff/calls/calendar/years", data={"year": " \u3000"})

    assert answer.status_code == 200
    assert "请填写" in answer.get_data(as_text=True)


def test_forms_queries_and_file_names_arrive_readable(app):
    file = (io.BytesIO(b"%PDF"), "a\x0b.pdf")
    data = {"nam\x00e": ["一\x00", "二\x1f"], "file": file}

    with app.test_request_context("/?q=a%00b&q=c", method="POST", data=data) as context:
        request = context.request

        assert request.args.getlist("q") == ["ab", "c"]
        assert request.form.getlist("name") == ["一", "二"]
        assert request.files["file"].filename == "a.pdf"
        assert request.files["file"].read() == b"%PDF"


@pytest.mark.parametrize("path", ["/calls/a%00b", "/notices/%00", "/awards/%C2%85.csv", "/calls/%00/"])
def test_an_unreadable_address_does_not_exist(client, path):
    assert client.get(path).status_code == 404


def test_a_number_no_column_holds_does_not_exist(client, session):
    sign_in(client, make_staff(session, Role.OFFICER))
    session.commit()

    assert client.get(f"/staff/ranking/SBC-2026-01/versions/{2**31}").status_code == 404


@pytest.mark.parametrize("path", ["/staff/people?q=", "/staff/audit?subject=", "/staff/experts?q=", "/staff/?q="])
def test_a_search_for_nothing_readable_finds_the_page(client, session, path):
    sign_in(client, make_staff(session, Role.ADMINISTRATOR))
    session.commit()

    assert client.get(f"{path}%00a%00").status_code == 200
