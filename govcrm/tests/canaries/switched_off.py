"""The rule switched off for a moment: what is asked then must find words, or finding none would prove nothing."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from govcrm import permissions
from govcrm.compat import NO_OBJECTION
from govcrm.gate import check


@contextmanager
def rule() -> Iterator[None]:
	"""Neither hook restricts anything, and nothing is turned back."""
	with ExitStack() as stack:
		for name, open_ in (
			("_may", lambda *args: True),
			("query_text", lambda *args: ""),
			("condition_text", lambda *args: "(1=1)"),
			("may_see", lambda *args: NO_OBJECTION or True),
		):
			stack.enter_context(patch.object(permissions, name, open_))
		stack.enter_context(patch.object(check, "objection", lambda *args: None))
		yield
