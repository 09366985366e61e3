"""Blank forms that a definition names: offered where they lie in the programme's folder, and nowhere else."""

import pytest

from grants.kernel.actor import Role
from grants.programmes import queries
from grants.programmes.services import find_template, use_templates
from tests.factories.accounts import make_member, make_organisation, make_staff, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call, make_draft
from tests.factories.documents import pdf_bytes
from tests.factories.programmes import make_changed_version

pytestmark = pytest.mark.usefixtures("clock")
SLOT = "key: a15, label: 信用查询授权书"
BASIS = "- {id: credit, title: 上海市社会信用条例}"


@pytest.fixture
def folder(app):
    made = app.extensions["settings"].templates_dir / "sbc"
    made.mkdir(parents=True, exist_ok=True)
    use_templates(made.parent)  # of the applications in this process the one made last has set its own
    yield made
    for file in made.iterdir():
        file.unlink()


@pytest.fixture
def version(session):
    dated = BASIS.replace("}", ", number: 示例 1 号, in_force_from: 2017-10-01, in_force_to: 2030-12-31}")
    return make_changed_version(session, {SLOT: f"{SLOT}, template: 授权书.docx", BASIS: dated})


def test_the_guide_offers_the_form_that_lies_there_and_hands_it_out(session, client, folder, version):
    (folder / "授权书.docx").write_bytes(b"PK blank form")
    call = make_call(session, version=version)

    assert f'href="/calls/{call.ref}/templates/a15"' in client.get(f"/calls/{call.ref}").text
    with client.get(f"/calls/{call.ref}/templates/a15") as answer:
        assert (answer.status_code, answer.data) == (200, b"PK blank form")
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert client.get(f"/calls/{call.ref}/templates/a2").status_code == 404
    assert client.get(f"/calls/{call.ref}/templates/none").status_code == 404


def test_the_slot_of_the_form_offers_it_too(session, client, folder, version):
    (folder / "授权书.docx").write_bytes(b"PK blank form")
    organisation = make_organisation(session)
    owner = make_member(session, organisation)
    call = make_call(session, version=version)
    application = make_application(session, call=call, organisation=organisation, person=owner)
    sign_in(client, owner)

    page = client.get(f"/apply/{application.id}/documents").text

    assert page.count(f'href="/calls/{call.ref}/templates/a15"') == 1
    assert page.count("下载模板") == 1


def test_a_form_that_is_not_there_is_not_offered_and_the_office_is_told(session, client, folder, version):
    call = make_call(session, version=version)

    assert "下载模板" not in client.get(f"/calls/{call.ref}").text
    assert client.get(f"/calls/{call.ref}/templates/a15").status_code == 404

    sign_in(client, make_staff(session, Role.ADMINISTRATOR))
    page = client.get(f"/staff/programmes/sbc/{version.version}").text
    assert "模板：授权书.docx" in page
    assert "文件不在模板文件夹中" in page


def test_forms_of_a_call_that_is_not_announced_are_the_offices_alone(session, client, folder, version):
    (folder / "授权书.docx").write_bytes(b"PK blank form")
    call = make_draft(session, version=version)

    assert client.get(f"/calls/{call.ref}/templates/a15").status_code == 404


@pytest.mark.parametrize(
    "name", ["../outside.pdf", "sub/inside.pdf", "..", ".pdf", "script.html", "link.pdf", "no.pdf"]
)
def test_nothing_outside_the_programmes_folder_is_found(session, app, folder, name):
    (folder.parent / "outside.pdf").write_bytes(pdf_bytes())
    (folder / "script.html").write_text("<script>")
    (folder / "link.pdf").symlink_to(folder.parent / "outside.pdf")
    found = make_changed_version(session, {SLOT: f'{SLOT}, template: "{name}"'})
    definition = queries.definition_of(found)

    assert find_template(definition, definition.document("a15")) is None


def test_the_guide_tells_on_what_it_rests_and_since_when(session, client, version):
    call = make_call(session, version=version)

    page = client.get(f"/calls/{call.ref}").text

    assert "《上海市社会信用条例》（示例 1 号），2017年10月1日起施行，有效期至2030年12月31日" in page
    assert "<li>《上海市优化营商环境条例》</li>" in page
    sign_in(client, make_staff(session, Role.ADMINISTRATOR))
    assert "2017年10月1日起施行" in client.get(f"/staff/programmes/sbc/{version.version}").text
