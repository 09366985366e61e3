"""Funding, size classes, parameters: the vectors of the programmes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from grants.programmes.domain import (
    FundingWorking,
    case_from_json,
    check_parameters,
    default_parameters,
    funding_amount,
    parameters_to_json,
    size_class,
)
from grants.programmes.errors import ParameterFaultsError
from tests.unit.programmes.casebook import base_case, shipped

WAN = 1_000_000  # fen


def sbc_working(base_yuan: str, requested_yuan: str | None) -> FundingWorking:
    given = base_case("sbc")
    first = given["answers"]["contracts"][0]
    given["answers"]["contracts"] = [{**first, "software": base_yuan, "invoiced": base_yuan, "received": base_yuan}]
    given["answers"]["requested"] = requested_yuan
    return funding_amount(shipped("sbc"), case_from_json(shipped("sbc"), given))


@pytest.mark.parametrize(
    ("base_yuan", "entitled_wan"),
    [("500000", 15), ("1233333", 36), ("20000000", 400), ("0", 0), ("33333.33", 0), ("33333.34", 1)],
)
def test_sbc_entitlement(base_yuan: str, entitled_wan: int) -> None:
    assert sbc_working(base_yuan, "5000000").entitled_fen == entitled_wan * WAN


@pytest.mark.parametrize(
    ("requested", "computed_wan"),
    [("400000", 36), ("360000", 36), ("359999.99", 35), ("50000", 5), ("49999.99", 0), ("0", 0)],
)
def test_sbc_amount_after_request_rounding_and_minimum(requested: str, computed_wan: int) -> None:
    working = sbc_working("1233333", requested)

    assert working.computed_fen == computed_wan * WAN
    assert working.minimum_fen == 5 * WAN
    assert (working.ratio_bp, working.cap_fen, working.base_fen) == (3000, 400 * WAN, 123_333_300)


def test_base_takes_the_least_of_contract_invoice_and_receipt() -> None:
    given = base_case("sbc")
    given["answers"]["contracts"][0]["received"] = "123456.78"

    working = funding_amount(shipped("sbc"), case_from_json(shipped("sbc"), given))

    assert working.base_fen == 32_345_678


def test_unknown_stays_unknown() -> None:
    working = sbc_working("1233333", None)

    assert working.entitled_fen == 36 * WAN
    assert working.computed_fen is None
    assert dict(working.steps)["核算金额"] == "尚不能计算"


def test_steps_tell_the_working() -> None:
    steps = dict(sbc_working("1233333", "360000").steps)

    assert steps["支持比例"] == "30%"
    assert steps["支持上限"] == "4,000,000 元"
    assert steps["核算金额"] == "360,000 元"


@pytest.mark.parametrize(
    ("track", "invest", "entitled_wan"),
    [("P", "10000000", 300), ("P", "30000000", 800), ("E", "8000000", 300), ("E", "1000000", 50)],
)
def test_hlw_entitlement_by_track(track: str, invest: str, entitled_wan: int) -> None:
    given = base_case("hlw")
    given["answers"]["track"] = track
    given["answers"]["budget"] = [{"id": "k1", "item": "平台软件开发", "amount": invest, "eligible": invest}]

    working = funding_amount(shipped("hlw"), case_from_json(shipped("hlw"), given))

    assert working.entitled_fen == entitled_wan * WAN
    assert working.track == track


def test_verified_investment_takes_the_place_of_the_stated_one() -> None:
    given = base_case("hlw")
    given["answers"]["verified_invest"] = "6000000"

    assert funding_amount(shipped("hlw"), case_from_json(shipped("hlw"), given)).base_fen == 600 * WAN


def test_without_a_track_nothing_is_computed() -> None:
    given = base_case("hlw")
    del given["answers"]["track"]

    working = funding_amount(shipped("hlw"), case_from_json(shipped("hlw"), given))

    assert (working.entitled_fen, working.computed_fen, working.track) == (None, None, None)


@pytest.mark.parametrize(
    ("code", "employees", "revenue_wan", "expected"),
    [
        ("6513", 500, 800, "小型"),
        ("6513", 9, 90_000, "微型"),
        ("6513", 120, 12_000, "中型"),
        ("6513", 300, 10_000, "大型"),
        ("6513", 299, 10_000, "中型"),
        ("6513", 10, 50, "小型"),
        ("6513", 10, 49, "微型"),
        ("6431", 2_000, 100_000, "大型"),
        ("6431", 1_999, 100_000, "中型"),
        ("6431", 10, 99, "微型"),
        ("6431", 10, 100, "小型"),
    ],
)
def test_size_class(code: str, employees: int, revenue_wan: int, expected: str) -> None:
    assert size_class(code, employees, Decimal(revenue_wan) * 10_000) == expected


def test_parameters_are_typed_and_defaults_filled_in() -> None:
    given = {"sales_from": "2027-01-01", "sales_until": date(2027, 4, 30), "min_sales": "600000.50", "experts": 7}

    found = check_parameters(shipped("sbc"), given)

    assert found["sales_from"] == date(2027, 1, 1)
    assert found["min_sales"] == Decimal("600000.50")
    assert found["cap"] == Decimal(4_000_000)
    assert check_parameters(shipped("sbc"), parameters_to_json(found)) == found
    assert "sales_from" not in default_parameters(shipped("sbc"))


def test_faulty_parameters_are_told_all_at_once() -> None:
    given = {"sales_from": "2027-02-30", "ratio_bp": 6000, "experts": "5.5", "cap": 0.1, "colour": "red"}

    with pytest.raises(ParameterFaultsError) as refused:
        check_parameters(shipped("sbc"), given)

    assert {fault.path for fault in refused.value.faults} == {
        "sales_from",
        "sales_until",
        "ratio_bp",
        "experts",
        "cap",
        "colour",
    }
