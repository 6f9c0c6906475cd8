"""Objects that are written with the same keys have the canonical text that each has alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain.ledger import canonical
from govcrm.domain.ledger.objects import ObjectWriter

keys = st.text(st.characters(max_codepoint=0xD7FF))
values = st.recursive(
	st.none()
	| st.booleans()
	| st.integers(-(10**9), 10**9)
	| st.text(st.characters(exclude_categories=["Cs"])),
	lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
	max_leaves=5,
)


@given(st.dictionaries(keys, st.tuples(st.booleans(), values), max_size=6))
def test_a_filled_object_is_the_canonical_text_of_the_whole(found: dict):
	constant = {key: value for key, (same, value) in found.items() if same}
	others = {key: value for key, (same, value) in found.items() if not same}
	writer = ObjectWriter(constant, others)
	texts = [canonical.dumps(others[key]).decode() for key in writer.varying]
	assert writer.fill(*texts).encode() == canonical.dumps({**constant, **others})


@pytest.mark.parametrize("key", ["\ue000", 1])
def test_keys_that_have_no_place_in_the_order_are_refused(key: object):
	with pytest.raises(canonical.NotCanonical):
		ObjectWriter({}, [key])
	with pytest.raises(canonical.NotCanonical):
		ObjectWriter({key: "x"}, [])
