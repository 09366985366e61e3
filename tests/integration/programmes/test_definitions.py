"""Loading and publishing definitions: by service, by command, by page."""

import io
import json

import pytest
from sqlalchemy import func, select

from grants.audit import AuditEntry
from grants.kernel.actor import ANONYMOUS, SYSTEM, Role
from grants.kernel.errors import ForbiddenError, InvalidError
from grants.programmes import queries, services
from grants.programmes.errors import DefinitionFaultsError
from grants.programmes.models import DefinitionVersion, Programme
from tests.factories.accounts import make_staff, sign_in
from tests.factories.programmes import make_version, next_version_text, shipped_text, shipped_version

NEXT = next_version_text()
FAULTY = shipped_text("sbc").replace("require: valid_uscc(org.uscc)", "require: valid_usc(org.usc)")


def test_loading_the_same_content_again_changes_nothing(session, now):
    version = make_version(session, published=False)

    again = services.load_definition(session, "# 注释不算内容\n" + shipped_text("sbc"), actor=SYSTEM, now=now)

    assert again is version
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 1


def test_the_same_version_with_other_content_is_refused(session, now):
    version = make_version(session)
    other = shipped_text("sbc").replace("min_length: 2", "min_length: 3", 1)

    with pytest.raises(InvalidError) as refused:
        services.load_definition(session, other, actor=SYSTEM, now=now)

    assert refused.value.code == "definition_version_taken"
    assert version.source == shipped_text("sbc")


def test_a_faulty_definition_is_told_whole_and_changes_nothing(session, now):
    text = FAULTY.replace("kind: district", "kind: distrikt", 1)

    with pytest.raises(DefinitionFaultsError) as refused:
        services.load_definition(session, text, actor=SYSTEM, now=now)

    assert len({fault.line for fault in refused.value.faults}) >= 2
    assert session.scalar(select(func.count()).select_from(Programme)) == 0


def test_a_new_version_stands_beside_the_old_one(session, now):
    old = make_version(session)
    new = services.load_definition(session, NEXT, actor=SYSTEM, now=now)
    assert queries.get_newest_published(session, "sbc") is old

    services.publish_definition(session, new, actor=SYSTEM, now=now)

    assert queries.get_newest_published(session, "sbc") is new
    assert len(queries.list_programmes(session)[0].versions) == 2


def test_publishing_is_for_administrators_and_happens_once(session, now):
    version = make_version(session, published=False)
    with pytest.raises(ForbiddenError):
        services.publish_definition(session, version, actor=ANONYMOUS, now=now)
    services.publish_definition(session, version, actor=SYSTEM, now=now)

    with pytest.raises(ForbiddenError) as refused:
        services.publish_definition(session, version, actor=SYSTEM, now=now)

    assert refused.value.code == "definition_published"


def test_a_version_is_compiled_once(session):
    version = make_version(session)

    assert queries.definition_of(version) is queries.definition_of(version)


def test_the_pages_show_a_version_and_publish_it(client, session):
    make_version(session, published=False)
    sign_in(client, make_staff(session, Role.ADMINISTRATOR))
    address = f"/staff/programmes/sbc/{shipped_version()}"

    page = client.get(address).text
    assert "首批销售合同软件金额合计不低于 50 万元" in page
    assert "（由批次确定）" in page
    assert client.post(f"{address}/publish").status_code == 303
    session.expire_all()
    assert queries.get_version(session, "sbc", shipped_version()).published_at is not None
    assert client.post(f"{address}/publish").status_code == 403
    assert client.get("/staff/programmes/sbc/9.9").status_code == 404


def test_a_faulty_file_is_answered_with_its_places(client, session):
    sign_in(client, make_staff(session, Role.ADMINISTRATOR))

    answer = client.post("/staff/programmes/load", data={"file": (io.BytesIO(FAULTY.encode()), "sbc.yaml")})

    assert "没有载入" in answer.text
    assert "valid_usc" in answer.text
    assert session.scalar(select(func.count()).select_from(DefinitionVersion)) == 0


def test_a_file_that_is_no_text_is_refused(client, session):
    sign_in(client, make_staff(session, Role.ADMINISTRATOR))

    answer = client.post("/staff/programmes/load", data={"file": (io.BytesIO(b"\xff\xfe\x00MZ"), "sbc.yaml")})

    assert "不是 UTF-8" in answer.text


def test_check_prints_path_line_and_column_and_exits_1(app, tmp_path):
    file = tmp_path / "faulty.yaml"
    file.write_text(FAULTY, encoding="utf-8")

    result = app.test_cli_runner().invoke(args=["programmes", "check", str(file)])

    assert result.exit_code == 1
    assert "第" in result.output
    assert "列" in result.output
    as_json = app.test_cli_runner().invoke(args=["programmes", "check", str(file), "--json"])
    assert {"path", "line", "column", "message"} == set(json.loads(as_json.output)["faults"][0])


def test_load_publishes_where_asked_and_schema_prints_json(app, session, tmp_path):
    file = tmp_path / "sbc.yaml"
    file.write_text(shipped_text("sbc"), encoding="utf-8")
    runner = app.test_cli_runner()

    for _ in range(2):
        assert runner.invoke(args=["programmes", "load", str(file), "--publish"]).exit_code == 0

    assert queries.get_newest_published(session, "sbc").version == shipped_version()
    file.write_text(shipped_text("sbc").replace("min_length: 2", "min_length: 3", 1), encoding="utf-8")
    assert runner.invoke(args=["programmes", "load", str(file)]).exit_code == 1
    assert json.loads(runner.invoke(args=["programmes", "schema"]).output)["$schema"]
