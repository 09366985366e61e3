import pytest

from grants.config import Settings
from grants.registers.domain import REGISTERS, MalformedAnswerError, pause_s, read_answer, services_of
from grants.registers.domain.asking import RegisterSettingError

URL = "https://registers.example/reg/{uscc}?full=1"


def test_a_register_is_asked_where_its_address_is_set():
    services = services_of({"REGISTER_REG_URL": URL, "REGISTER_REG_TOKEN": "t", "REGISTER_REG_TOTAL_S": "4.5"})

    assert list(services) == ["reg"]
    assert services["reg"].address("91/1") == "https://registers.example/reg/91%2F1?full=1"
    assert (services["reg"].total_s, services["reg"].token, services["reg"].source) == (
        4.5,
        "t",
        "市场主体登记信息服务",
    )


def test_keys_with_an_underscore_are_read():
    assert list(services_of({"REGISTER_SW_COPYRIGHTS_URL": URL})) == ["sw_copyrights"]


@pytest.mark.parametrize(
    ("variables", "name"),
    [
        ({"REGISTER_RUMOURS_URL": URL}, "REGISTER_RUMOURS_URL"),
        ({"REGISTER_REG_ADDRESS": URL}, "REGISTER_REG_ADDRESS"),
        ({"REGISTER_REG_URL": "https://registers.example/"}, "REGISTER_REG_URL"),
        ({"REGISTER_REG_URL": "ftp://registers.example/{uscc}"}, "REGISTER_REG_URL"),
        ({"REGISTER_REG_URL": "file:///etc/{uscc}"}, "REGISTER_REG_URL"),
        ({"REGISTER_REG_TOKEN": "t"}, "REGISTER_REG_URL"),
        ({"REGISTER_REG_URL": URL, "REGISTER_REG_TOTAL_S": "3600"}, "REGISTER_REG_TOTAL_S"),
        ({"REGISTER_REG_URL": URL, "REGISTER_REG_ATTEMPTS": "many"}, "REGISTER_REG_ATTEMPTS"),
        ({"REGISTER_REG_URL": URL, "REGISTER_REG_TOKEN": "a\nb"}, "REGISTER_REG_TOKEN"),
    ],
)
def test_a_faulty_setting_is_named(variables, name):
    with pytest.raises(RegisterSettingError, match=name):
        services_of(variables)


def test_the_settings_hand_on_what_the_environment_says(tmp_path):
    settings = Settings.from_env({"GRANTS_MODE": "test", "DATA_DIR": str(tmp_path), "REGISTER_REG_URL": URL})

    assert settings.registers == (("REGISTER_REG_URL", URL),)


@pytest.mark.parametrize(
    ("attempt", "chance", "pause"), [(1, 0, 0.2), (2, 0, 0.4), (3, 1, 0.4), (9, 0, 5), (9, 1, 2.5)]
)
def test_pauses_double_and_differ(attempt, chance, pause):
    assert pause_s(attempt, chance) == pytest.approx(pause)


def test_an_answer_keeps_the_columns_of_its_register():
    answer = read_answer(REGISTERS["reg"], {"record": {"status": "存续", "owner": "某人"}, "ref": "Q-17"})

    assert answer.ref == "Q-17"
    assert answer.records[0] == {**dict.fromkeys(REGISTERS["reg"].columns), "status": "存续"}


def test_no_record_is_an_answer():
    assert read_answer(REGISTERS["reg"], {"record": None}).records == ()
    assert read_answer(REGISTERS["bans"], {"rows": []}).records == ()


@pytest.mark.parametrize(
    ("register", "content"),
    [
        ("reg", []),
        ("reg", {}),
        ("reg", {"rows": []}),
        ("reg", {"record": []}),
        ("reg", {"record": {"abnormal": "no"}}),
        ("reg", {"record": {"status": "x" * 400}}),
        ("reg", {"record": {"status": "a\u0000b"}}),
        ("bans", {"rows": None}),
        ("bans", {"rows": [1]}),
        ("bans", {"rows": [{"starts_on": "2026-02-30"}]}),
        ("bans", {"rows": [{}] * 2_001}),
        ("funded", {"rows": [{"year": True}]}),
        ("funded", {"rows": [{"year": 10**40}]}),
    ],
)
def test_an_answer_in_another_form_is_none(register, content):
    with pytest.raises(MalformedAnswerError):
        read_answer(REGISTERS[register], content)
