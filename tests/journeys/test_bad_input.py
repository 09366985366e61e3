"""What should not have been sent: a clear Chinese sentence, and nothing has changed."""

import pytest
from sqlalchemy import select

from grants.db import db
from grants.demo.companies import company
from tests.factories.programmes import shipped_text
from tests.support.walking import enterprises
from tests.support.walking.rounds import Round
from tests.support.walking.typing_in import input_name
from tests.support.walking.visitor import File, says

OWNER, STRANGER = 4, 5
BESIDE = frozenset({"audit_entry", "audit_subject", "sign_in_attempt"})
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(4_000)
PAGES = (
    "/",
    "/sections/org",
    "/documents",
    "/missing",
    "/submit",
    "/receipt",
    "/withdraw",
    "/tables/contracts/rows/new",
)
SPOILT = "code: sbc\ntitle: [没有结尾\n"
once = pytest.mark.single_database


def contents(session):
    """Every row of every table, except what refusals and sign-ins leave by design."""
    session.expire_all()
    tables = [table for table in db.metadata.sorted_tables if table.name not in BESIDE]
    return {table.name: sorted(map(repr, session.execute(select(table)).all())) for table in tables}


@pytest.fixture
def walk(world):
    walk = Round(world, "sbc")
    walk.furnish(OWNER, STRANGER)
    walk.open_call()
    return walk


@pytest.fixture
def owner(walk):
    return walk.enterprise(OWNER)


@pytest.fixture
def home(walk, owner):
    """The address of a draft that has just been started."""
    return enterprises.start(owner, walk.ref)


@once
@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (SPOILT, ["文件中有", "没有载入"]),
        (
            shipped_text("sbc").replace("require: valid_uscc(org.uscc)", "require: valid_usc(org.usc)"),
            ["没有载入", "valid_usc"],
        ),
    ],
    ids=["not YAML", "a rule that cannot be read"],
)
def test_a_malformed_definition(walk, session, text, sentences):
    walk.administrator.open("/staff/programmes/load")
    before = contents(session)

    walk.administrator.fill({"file": File("sbc.yaml", text.encode())})
    walk.administrator.press("核对并载入")

    says(walk.administrator, *sentences)
    assert contents(session) == before


@once
def test_a_version_that_is_there_with_other_content(walk, session):
    other = shipped_text("sbc").replace("min_length: 2", "min_length: 3", 1)
    walk.administrator.open("/staff/programmes/load")
    before = contents(session)

    walk.administrator.fill({"file": File("sbc.yaml", other.encode())})
    walk.administrator.press("核对并载入")

    says(walk.administrator, "版本")
    assert contents(session) == before


@once
def test_an_impossible_date(owner, home, session):
    owner.open(f"{home}/sections/product")
    name = input_name("release_date")
    before = contents(session)

    owner.fill({f"{name}-y": "2026", f"{name}-m": "2", f"{name}-d": "30"})
    owner.press("保存")

    assert owner.status == 422
    says(owner, "没有 2026年2月30日 这一天，请核对。", "没有保存")
    assert contents(session) == before


@once
def test_ten_megabytes_in_a_field(owner, home, session):
    owner.open(f"{home}/sections/product")
    before = contents(session)

    owner.fill({input_name("tech_summary"): "字" * 3_500_000})
    owner.press("保存")

    assert owner.status == 413
    says(owner, "太大")
    assert contents(session) == before


@once
def test_a_text_over_its_limit_is_shown_again_and_not_kept(owner, home, session):
    owner.open(f"{home}/sections/product")
    before = contents(session)

    owner.fill({input_name("tech_summary"): "字" * 3_001})
    owner.press("保存")

    assert owner.status == 422
    says(owner, "最多 3000 字，现有 3001 字，请精简。这一项还没有保存。")
    assert contents(session) == before


@once
def test_a_program_renamed_to_pdf(owner, home, session):
    owner.open(f"{home}/documents")
    before = contents(session)

    enterprises.upload(owner, home, "a2", File("营业执照.pdf", PROGRAM))

    assert owner.status == 422
    says(owner, "文件没有上传成功", "PDF")
    assert contents(session) == before


def test_the_same_form_submitted_twice(walk, owner, home, session):
    one = company(OWNER)
    filled = walk.answers(904, one)
    enterprises.fill_in(owner, home, walk.definition(), filled)
    enterprises.upload_all(owner, home, walk.definition(), filled)
    other_tab = walk.world.visitor(one.email)
    for tab in (owner, other_tab):
        tab.open(f"{home}/submit")
        tab.fill(dict.fromkeys(enterprises.undertakings(walk.definition()), True))
    owner.press("提交申报")
    number = enterprises.receipt_no(owner)
    before = contents(session)

    other_tab.press("提交申报")

    says(other_tab, "申报已提交", number)
    assert contents(session) == before


@once
def test_a_page_of_another_enterprise(walk, home, session):
    stranger = walk.enterprise(STRANGER)
    before = contents(session)

    for page in PAGES:
        stranger.open(home + page)

        assert stranger.status == 404, page
        says(stranger, "没有")
    assert contents(session) == before


@once
def test_a_form_sent_to_another_enterprise(walk, owner, home, session):
    stranger = walk.enterprise(STRANGER)
    own = enterprises.start(stranger, walk.ref)
    stranger.open(f"{own}/sections/product")
    before = contents(session)

    answer = stranger.client.post(
        f"{home}/sections/product", data={"csrf_token": token_on(stranger), "a-product_name": "别人的产品"}
    )

    assert answer.status_code == 404
    assert contents(session) == before


def token_on(visitor):
    """The token that stands in the page's form."""
    return visitor.page.xpath("//main//input[@name='csrf_token']/@value")[0]
