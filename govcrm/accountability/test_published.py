"""What the public page and its JSON say, seen from the site."""

from unittest.mock import patch

import frappe
from werkzeug.wrappers import Response

from govcrm.accountability import published
from govcrm.accountability.anchors import checkpoints
from govcrm.api.accountability import public
from govcrm.faults import InvalidInput
from govcrm.tests import GovCRMTestCase
from govcrm.tests.anchoring import PUBLIC, seal, signing_key
from govcrm.www import audit


class TestPublished(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		published.newest.clear_cache()
		self.addCleanup(published.newest.clear_cache)

	def test_the_newest_is_told_with_the_keys_and_kept_for_some_seconds(self):
		first = seal()
		self.assertEqual(published.newest()["said"]["size"], first.size)
		seal()
		self.assertEqual(published.newest()["said"]["size"], first.size)
		key = next(key for key in published.newest()["keys"] if key["key"] == signing_key())
		self.assertEqual(
			key,
			{
				"key": signing_key(),
				"public": PUBLIC,
				"from_size": 0,
				"endorsed_by": None,
				"endorsement": None,
			},
		)

	def test_an_earlier_one_is_found_by_its_exact_size(self):
		first = seal()
		seal()
		answer = public.checkpoint(str(first.size))
		self.assertIsInstance(answer, Response)
		self.assertEqual(frappe.parse_json(answer.get_data(True))["hash"], first.checkpoint_hash)
		self.assertRaises(public.UnknownCheckpoint, public.checkpoint, first.size + 1)
		for wrong in ("0", "-1", "1.5", "²", "9" * 17):
			self.assertRaises(InvalidInput, public.checkpoint, wrong)

	def test_the_page_tells_the_time_by_the_clocks_of_the_agency(self):
		self.assertRegex(
			audit.in_words("2026-11-22T21:32:55.123456Z"), r"\d\d:32:55 \(.+/.+\)|\d\d:02:55 \(.+/.+\)"
		)

	def test_a_log_without_a_checkpoint_has_a_page_too(self):
		context = {}
		with patch.object(checkpoints, "newest", lambda: None):
			audit.get_context(context)
		self.assertIsNone(context["checkpoint"])
		html = frappe.render_template("govcrm/www/audit.html", {**context, "_": frappe._})
		self.assertIn("There is none yet", html)
