from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import Form
from wtforms.validators import InputRequired, Length

from grants.web.fields import (
    ChoiceField,
    ChoicesField,
    CodeField,
    DatePartsField,
    DecimalTextField,
    ListField,
    MoneyField,
    PercentField,
    RadioChoiceField,
    UndertakingField,
    UploadField,
    UsccField,
    WholeNumberField,
    YesNoField,
    capitals,
    choices,
)

VALID_USCC = "91350100M000100Y43"


def form_of(field, posted=None, **values):
    """A form with one field ``f``, filled from ``posted`` (mapping or text) or from values."""

    class OneField(Form):
        f = field

    if isinstance(posted, str):
        posted = {"f": posted}
    return OneField(MultiDict(posted) if posted is not None else None, **values)


def read(field, posted):
    """Data of the field after ``posted``, and its errors."""
    form = form_of(field, posted)
    form.validate()
    return form.f.data, form.f.errors


class TestMoney:
    @pytest.mark.parametrize(
        ("typed", "fen"),
        [
            ("1234.50", 123_450),
            ("1,234.50", 123_450),
            ("１，２３４．５０", 123_450),
            (" 1 200 000 ", 120_000_000),
            ("1200000元", 120_000_000),
            ("￥1,200,000.00", 120_000_000),
            (".5", 50),
            ("5.", 500),
            ("0", 0),
            ("10000000000000", 10**15),
        ],
    )
    def test_yuan_become_fen(self, typed, fen):
        assert read(MoneyField(), typed) == (fen, [])

    @pytest.mark.parametrize(
        ("typed", "fen"),
        [("120", 120_000_000), ("0.000001", 1), ("2,680.5万元", 2_680_500_000), ("8620万", 8_620_000_000)],
    )
    def test_wan_yuan_become_fen(self, typed, fen):
        assert read(MoneyField(unit="wan_yuan"), typed) == (fen, [])

    def test_yuan_in_a_field_of_wan_yuan_are_not_taken_ten_thousandfold(self):
        fen, errors = read(MoneyField(unit="wan_yuan"), "50000元")

        assert fen is None
        assert "以万元填写" in errors[0]

    @pytest.mark.parametrize(
        ("typed", "part"),
        [
            ("1.234", "最小到分"),
            ("1." + "0" * 60 + "1", "最小到分"),
            ("120万元", "金额数字"),
            ("-5", "不能为负数"),
            ("−5", "不能为负数"),
            ("1,5", "金额数字"),
            ("12 万", "金额数字"),
            ("1e5", "金额数字"),
            ("NaN", "金额数字"),
            ("Infinity", "金额数字"),
            ("10000000000000.01", "超出可以填写的范围"),
            ("9" * 190, "超出可以填写的范围"),
            ("9" * 100_000, "内容太长"),
        ],
    )
    def test_what_is_not_an_amount_is_refused_in_words(self, typed, part):
        fen, errors = read(MoneyField(), typed)

        assert fen is None
        assert part in errors[0]

    def test_bounds_include_their_own_amount(self):
        bounded = MoneyField(minimum_fen=100, maximum_fen=200)

        assert read(bounded, "1") == (100, [])
        assert read(bounded, "2") == (200, [])
        assert read(bounded, "2.01")[1] == ["不能超过 2 元。"]
        assert read(bounded, "0.99")[1] == ["不能少于 1 元。"]

    def test_empty_is_no_amount(self):
        assert read(MoneyField(), "  ") == (None, [])

    def test_what_was_typed_is_shown_again_when_it_was_refused(self):
        form = form_of(MoneyField(), "一百")
        form.validate()

        assert 'value="一百"' in str(form.f())

    def test_a_stored_amount_is_shown_in_its_unit_with_its_counterpart(self):
        form = form_of(MoneyField(unit="wan_yuan"), f=2_680_500_000)

        assert 'value="2,680.5"' in str(form.f())
        assert form.f.counterpart == "26,805,000 元"
        assert form.f.capitals == "人民币贰仟陆佰捌拾万伍仟元整"

    @given(st.integers(0, 10**15))
    def test_what_is_shown_is_read_back_exactly(self, fen):
        for unit in ("yuan", "wan_yuan"):
            shown = form_of(MoneyField(unit=unit), f=fen).f._value()
            assert read(MoneyField(unit=unit), shown) == (fen, [])

    @pytest.mark.parametrize(
        ("fen", "words"),
        [
            (120_000_000, "人民币壹佰贰拾万元整"),
            (10_050_005, "人民币壹拾万零伍佰元零伍分"),
            (5, "人民币伍分"),
            (0, "人民币零元整"),
        ],
    )
    def test_capital_figures(self, fen, words):
        assert capitals(fen) == words


class TestDate:
    @pytest.mark.parametrize(
        "whole",
        ["2026-03-02", "2026/3/2", "2026.3.2", "2026年3月2日", "２０２６年３月２日", "20260302", " 2026 年 3 月 2 日 "],
    )
    def test_a_whole_date_in_the_year_fills_all_parts(self, whole):
        form = form_of(DatePartsField(), {"f-y": whole, "f-m": "", "f-d": ""})

        assert form.validate()
        assert form.f.data == date(2026, 3, 2)
        assert [int(form.f.part(part)) for part in "ymd"] == [2026, 3, 2]

    def test_a_whole_date_under_the_own_name_is_read(self):
        assert read(DatePartsField(), {"f": "2026-03-02"}) == (date(2026, 3, 2), [])

    def test_parts_with_full_width_digits_are_read(self):
        assert read(DatePartsField(), {"f-y": "２０２６", "f-m": "３", "f-d": "2"}) == (date(2026, 3, 2), [])

    @pytest.mark.parametrize(
        ("parts", "sentence"),
        [
            (("2026", "2", "30"), "没有 2026年2月30日 这一天，请核对。"),
            (("2026", "13", "1"), "没有 2026年13月1日 这一天，请核对。"),
            (("2026", "", "1"), "请把年、月、日填完整。"),
            (("26", "3", "2"), "年份请填四位数字，在 1900 到 2199 之间。"),
            (("0026", "3", "2"), "年份请填四位数字，在 1900 到 2199 之间。"),
            (("二〇二六", "3", "2"), "年、月、日请填数字，例如 2026 年 3 月 2 日。"),
            (("2026", "9" * 5000, "2"), "没有 2026年999月2日 这一天，请核对。"),
        ],
    )
    def test_what_is_not_a_date_is_refused_in_words(self, parts, sentence):
        assert read(DatePartsField(), dict(zip(("f-y", "f-m", "f-d"), parts, strict=True))) == (None, [sentence])

    def test_what_was_typed_stays(self):
        form = form_of(DatePartsField(), {"f-y": "2026", "f-m": "2", "f-d": "30"})
        form.validate()

        assert [form.f.part(part) for part in "ymd"] == ["2026", "2", "30"]

    def test_bounds_include_their_own_day(self):
        field = DatePartsField(minimum=date(2026, 3, 1), maximum=date(2026, 3, 2))

        assert read(field, {"f": "2026-03-01"}) == (date(2026, 3, 1), [])
        assert read(field, {"f": "2026-03-03"})[1] == ["不能晚于 2026年3月2日。"]
        assert read(field, {"f": "2026-02-28"})[1] == ["不能早于 2026年3月1日。"]

    def test_empty_is_no_date_and_required_says_so(self):
        empty = {"f-y": "", "f-m": "", "f-d": ""}

        assert read(DatePartsField(), empty) == (None, [])
        assert read(DatePartsField(validators=[InputRequired("请填写日期")]), empty) == (None, ["请填写日期"])

    def test_a_form_without_the_parts_leaves_the_stored_date(self):
        assert form_of(DatePartsField(), {"other": "1"}, f=date(2026, 3, 2)).f.data == date(2026, 3, 2)

    def test_three_labelled_inputs(self):
        html = str(form_of(DatePartsField(), f=date(2026, 3, 2)).f(**{"aria-invalid": "true"}))

        for part, value in (("y", 2026), ("m", 3), ("d", 2)):
            assert f'id="f-{part}"' in html
            assert f'name="f-{part}"' in html
            assert f'value="{value}"' in html
            assert f'<label for="f-{part}">' in html
        assert html.count('aria-invalid="true"') == 3

    def test_what_was_typed_is_escaped(self):
        assert "<script>" not in str(form_of(DatePartsField(), {"f-y": '"><script>'}).f())

    @given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
    def test_every_date_goes_there_and_back(self, day):
        shown = form_of(DatePartsField(), f=day).f
        assert read(DatePartsField(), {f"f-{part}": shown.part(part) for part in "ymd"}) == (day, [])


class TestNumbers:
    def test_a_decimal_is_exact(self):
        assert read(DecimalTextField(), "1,234.5670") == (Decimal("1234.5670"), [])

    @pytest.mark.parametrize(
        ("typed", "part"),
        [
            ("abc", "请填写数字"),
            ("1.23456", "最多保留 4 位小数"),
            ("1." + "0" * 60 + "1", "最多保留"),
            ("9" * 15, "最多 14 位"),
            ("1e3", "请填写数字"),
        ],
    )
    def test_a_decimal_is_bounded(self, typed, part):
        data, errors = read(DecimalTextField(), typed)

        assert data is None
        assert part in errors[0]

    def test_trailing_zeros_do_not_count_as_places(self):
        assert read(DecimalTextField(places=1), "8.500") == (Decimal("8.5"), [])

    def test_bounds_are_named(self):
        field = DecimalTextField(minimum=Decimal(0), maximum=Decimal(12))

        assert read(field, "12") == (Decimal(12), [])
        assert read(field, "12.5")[1] == ["不能大于 12。"]
        assert read(field, "-1")[1] == ["不能小于 0。"]

    @pytest.mark.parametrize("typed", ["1200", "1,200", "１２００", "1 200", "1200人"])
    def test_a_whole_number_is_an_int(self, typed):
        number, errors = read(WholeNumberField(unit="人"), typed)

        assert (number, errors) == (1200, [])
        assert isinstance(number, int)

    def test_a_whole_number_takes_no_fraction_and_nothing_below_zero(self):
        assert read(WholeNumberField(), "1.5")[1] == ["请填写整数。"]
        assert read(WholeNumberField(), "-1")[1] == ["不能小于 0。"]
        assert read(WholeNumberField(), "1_000")[1] == ["请填写数字，例如 12.5。"]

    @pytest.mark.parametrize("typed", ["12.5", "12.5%", "12.5 ％", "１２．５"])
    def test_a_percentage_is_the_number_before_the_sign(self, typed):
        assert read(PercentField(), typed) == (Decimal("12.5"), [])

    def test_a_percentage_stays_within_a_hundred(self):
        assert read(PercentField(), "100.01")[1] == ["不能大于 100。"]


class TestChoices:
    OPTIONS = (("own", "自主"), ("joint", "合作"))

    @pytest.mark.parametrize("kind", [ChoiceField, RadioChoiceField])
    def test_untouched_is_none(self, kind):
        assert read(kind(options=self.OPTIONS), {}) == (None, [])
        assert read(kind(options=self.OPTIONS), "") == (None, [])

    @pytest.mark.parametrize("kind", [ChoiceField, RadioChoiceField])
    def test_only_what_is_offered_is_taken(self, kind):
        assert read(kind(options=self.OPTIONS), "own") == ("own", [])
        assert read(kind(options=self.OPTIONS), "third")[1] == ["请从所列选项中选择。"]

    @pytest.mark.parametrize(("posted", "answer"), [("yes", True), ("no", False), ("", None)])
    def test_yes_no(self, posted, answer):
        assert read(YesNoField(), posted) == (answer, [])

    def test_yes_no_refuses_anything_else(self):
        assert read(YesNoField(), "perhaps") == (None, ["请选择“是”或“否”。"])

    def test_a_stored_no_is_ticked(self):
        form = form_of(YesNoField(), f=False)

        assert [option.checked for option in form.f] == [False, True]

    def test_required_yes_no_must_be_answered(self):
        assert read(YesNoField(validators=[InputRequired("请选择")]), {})[1] == ["请选择"]

    def test_several_keep_the_order_of_the_list(self):
        posted = MultiDict([("f", "joint"), ("f", "own")])

        assert read(ChoicesField(options=self.OPTIONS), posted) == (("own", "joint"), [])
        assert read(ChoicesField(options=self.OPTIONS), {"other": "1"}) == ((), [])
        assert read(ChoicesField(options=self.OPTIONS), "third")[1] == ["请从所列选项中选择。"]

    def test_several_are_checkboxes(self):
        form = form_of(ChoicesField(options=self.OPTIONS), f=("own",))

        assert [('type="checkbox"' in str(option()), option.checked) for option in form.f] == [
            (True, True),
            (True, False),
        ]

    def test_an_undertaking_is_true_only_when_ticked(self):
        assert read(UndertakingField(), "y")[0] is True
        assert read(UndertakingField(), {})[0] is False

    def test_choices_may_begin_with_a_blank(self):
        assert [(c.value, c.label) for c in choices({"a": "甲"}, blank="请选择")] == [("", "请选择"), ("a", "甲")]


class TestTexts:
    @pytest.mark.parametrize(
        "typed", [VALID_USCC, VALID_USCC.lower(), " 91350100 M000100Y43 ", "９１３５０１００M000100Y43"]
    )
    def test_a_credit_code_is_brought_to_form(self, typed):
        assert read(UsccField(), typed) == (VALID_USCC, [])

    @pytest.mark.parametrize(
        ("typed", "part"),
        [
            ("91350100M000100Y4Z", "不含“Z”"),
            ("91350100M000100Y44", "校验位不符"),
            ("9135", "您填了 4 位"),
            ("91350100M000100I43", "不含“I”"),
        ],
    )
    def test_a_wrong_credit_code_is_refused_in_words(self, typed, part):
        assert part in read(UsccField(), typed)[1][0]

    def test_a_code_has_no_spaces_and_capital_letters(self):
        assert read(CodeField(), " a 12 ") == ("A12", [])

    def test_a_list_is_one_text_to_a_line(self):
        assert read(ListField(), " 甲 \r\n\r\n乙\n") == (("甲", "乙"), [])
        assert read(ListField(), "") == ((), [])

    def test_a_list_is_bounded(self):
        bounded = ListField(max_items=2, max_length=3)

        assert read(bounded, "a\nb\nc")[1] == ["最多填 2 行，您填了 3 行。"]
        assert read(bounded, "a\nbbbb")[1] == ["第 2 行超过 3 字。"]
        assert "内容太长" in read(bounded, "x" * 10_000_000)[1][0]

    def test_a_stored_list_is_shown_line_by_line(self):
        assert "甲\n乙" in str(form_of(ListField(), f=("甲", "乙")).f())


class TestUpload:
    def upload(self, name, content=b"%PDF-1.7", **limits):
        return read(UploadField(**limits), {"f": FileStorage(BytesIO(content), filename=name)})

    def test_a_file_within_its_limits_is_taken(self):
        taken, errors = self.upload("合同.PDF")

        assert errors == []
        assert taken.stream.read() == b"%PDF-1.7"

    @pytest.mark.parametrize("name", ["合同.exe", "合同", "合同.pdf.exe", ".pdf"])
    def test_other_extensions_are_refused(self, name):
        assert self.upload(name)[1] == ["只接受 PDF。请转换后重新选择文件。"]

    def test_jpeg_is_jpg(self):
        assert self.upload("图.jpeg", accept=("jpg", "png"))[1] == []

    def test_size_is_exact(self):
        assert self.upload("a.pdf", b"x" * 1024, max_bytes=1024)[1] == []
        assert self.upload("a.pdf", b"x" * 1025, max_bytes=1024)[1] == [
            "文件 2 KB，超过 1 KB。可压缩图片或拆为两个文件。"
        ]
        assert self.upload("a.pdf", b"")[1] == ["这个文件是空的，请核对后重新选择。"]

    def test_no_file_is_none(self):
        assert read(UploadField(), {"other": "1"}) == (None, [])

    def test_limits_in_words(self):
        field = form_of(UploadField(accept=("pdf", "jpg"), max_pages=50)).f

        assert field.limits == "PDF或JPG，20 MB、50 页以内"
        assert field.accept_attribute == ".pdf,.jpg"


def test_length_validators_work_on_codes():
    assert read(CodeField(validators=[Length(max=3, message="不超过 3 字")]), "abcd")[1] == ["不超过 3 字"]
