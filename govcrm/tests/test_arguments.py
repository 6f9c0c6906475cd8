"""What callers send to our endpoints in a form that nobody asked for is refused with words, and is no error of ours."""

from govcrm.tests.asking import AskingTestCase

DAYS = {"start": "2026-01-01", "end": "2026-02-01"}
MALFORMED = (
	("govcrm.api.casework.shared_actions", {"names": "Case, and more"}),
	("govcrm.api.casework.shared_actions", {"names": '"Case"'}),
	("govcrm.api.deadlines.dates_that_move", {"calendar": "[1]"}),
	("govcrm.api.files.zip_files", {"files": "{}, []"}),
	(
		"govcrm.service_catalogue.doctype.business_calendar.business_calendar.year_view",
		{"calendar": "x", "year": 2026},
	),
)
NO_TIMES = (
	("govcrm.api.deadlines.due_cases", {**DAYS, "start": "0"}),
	("govcrm.api.deadlines.due_clocks", {**DAYS, "end": "tomorrow or so"}),
	("govcrm.api.deadlines.due_clocks", {**DAYS, "filters": "{}"}),
)
REFUSED = 417


class TestArguments(AskingTestCase):
	def test_what_is_no_json_is_refused_with_words(self) -> None:
		for method, args in MALFORMED:
			with self.subTest(method=method, args=args):
				self.assert_refused(self.call(method, **args))

	def test_what_is_no_time_is_refused_with_words(self) -> None:
		for method, args in NO_TIMES:
			with self.subTest(method=method, args=args):
				self.assert_refused(self.ask(f"/api/method/{method}", "GET", **args))

	def test_a_map_of_what_has_no_places_is_empty(self) -> None:
		answer = self.call("govcrm.api.desk.get_coords", doctype="Case", filters="[]")
		self.assertEqual((answer.status, answer.message["features"]), (200, []), answer)

	def assert_refused(self, answer) -> None:
		self.assertEqual(answer.status, REFUSED, answer)
		self.assertIn("_server_messages", answer.text)
