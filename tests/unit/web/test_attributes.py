"""Attributes of inputs are written as the library writes them."""

import importlib.util

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from wtforms.widgets import core

from grants.web.attributes import attributes_text


def original():
    """The library's own function, from a fresh copy of its module: the application replaces the one in use."""
    spec = importlib.util.spec_from_file_location("untouched", core.__file__)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.html_params


NAMES = st.sampled_from(["class_", "id", "data_kind", "aria_describedby", "value", "required", "for_", "data-unit"])
VALUES = st.one_of(
    st.booleans(),
    st.integers(),
    st.text(),
    st.builds(
        Markup,
        st.text(alphabet="ab &;"),
    ),
    st.none(),
)
LIBRARY = original()


@given(st.dictionaries(NAMES, VALUES))
def test_the_same_as_the_library(attributes):
    assert attributes_text(**attributes) == LIBRARY(**attributes)


def test_nothing_ends_an_attribute():
    assert attributes_text(value='"><script>') == 'value="&#34;&gt;&lt;script&gt;"'
