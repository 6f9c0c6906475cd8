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

	def test_processes_forked_from_one_another_do_not_go_on_alike(self):
		"""With a clock that has gone back both would count on from the same number."""
		ulid.new()
		with patch.object(ulid.time, "time_ns", lambda: 0):
			reading, writing = os.pipe()
			child = os.fork()
			if not child:
				os.write(writing, ulid.new().encode())
				os._exit(0)
			own = ulid.new()
			os.waitpid(child, 0)
			self.assertNotEqual(os.read(reading, 26).decode(), own)
