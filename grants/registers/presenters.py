"""Words of the registers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

REASONS: dict[str, object] = {
    "register_unknown": _l("没有这种登记信息，没有导入。"),
    "register_malformed": _l("登记信息的内容不符合格式，没有导入。"),
}
