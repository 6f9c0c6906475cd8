import os
import time
from unittest.mock import patch

from govcrm.accountability.trail import ulid
from govcrm.tests import GovCRMTestCase


class TestUlid(GovCRMTestCase):
	def test_each_is_greater_than_the_one_before_even_when_the_clock_goes_back(self):
		hour = 3600 * 10**9
		first = ulid.new()
		with patch.object(ulid.time, "time_ns", lambda: time.monotonic_ns() - hour):
			made = [ulid.new() for _ in range(100)]
		self.assertEqual([first, *made], sorted({first, *made}))

	def test_the_later_microsecond_is_the_greater_whichever_process_made_it(self):
		for microsecond in range(0, 3000, 99):
			with patch.object(ulid.time, "time_ns", lambda at=microsecond: 10**18 + at * 1000):
				earlier = in_another_process()
			with patch.object(ulid.time, "time_ns", lambda at=microsecond: 10**18 + at * 1000 + 1000):
				self.assertLess(earlier, in_another_process())

	def test_a_forked_process_follows_its_own_clock(self):
		with patch.object(ulid, "_last", [2**127]):
			self.assertGreater(ulid.new(), in_another_process())

	def test_processes_forked_from_one_another_do_not_go_on_alike(self):
		with patch.object(ulid.time, "time_ns", lambda: 0):
			self.assertEqual(len({in_another_process() for _ in range(20)}), 20)


def in_another_process() -> str:
	"""What a fork of this process makes first."""
	reading, writing = os.pipe()
	child = os.fork()
	if not child:
		os.write(writing, ulid.new().encode())
		os._exit(0)
	os.waitpid(child, 0)
	os.close(writing)
	with os.fdopen(reading) as made:
		return made.read()
