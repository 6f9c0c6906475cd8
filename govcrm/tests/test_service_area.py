import json

import frappe

from govcrm.service_catalogue import areas
from govcrm.service_catalogue.areas import area_map, locate
from govcrm.service_catalogue.doctype.service_area.service_area import (
	add_area,
	check_boundary,
	preview_upload,
	save_upload,
)
from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import make_area, make_department, make_user


def square(west, south, size=1.0):
	east, north = west + size, south + size
	return {
		"type": "Polygon",
		"coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
	}


def feature(geometry, **properties):
	return {"type": "Feature", "properties": properties, "geometry": geometry}


def file_of(*features):
	return json.dumps({"type": "FeatureCollection", "features": features})


class TestServiceArea(GovCRMTestCase):
	def test_a_drawn_multipolygon_is_kept_as_features_that_the_map_can_edit(self):
		both = [square(0, 0)["coordinates"], square(5, 5)["coordinates"]]
		area = make_area("Twice", 0, 0)
		area.boundary = json.dumps({"type": "MultiPolygon", "coordinates": both})
		area.save()
		kept = json.loads(area.boundary)
		self.assertEqual(kept["type"], "FeatureCollection")
		self.assertEqual([one["geometry"]["type"] for one in kept["features"]], ["Polygon"] * 2)

	def test_a_map_without_drawings_is_no_boundary(self):
		area = make_area("Empty", 0, 0)
		area.update({"boundary": '{"type": "FeatureCollection", "features": []}'}).save()
		self.assertIsNone(area.boundary)
		self.assertIsNone(locate(0.5, 0.5))

	def test_a_bad_boundary_is_refused_with_its_place(self):
		area = make_area("Bow", 0, 0)
		bow = [[[-71.07, 42.35], [-71.05, 42.37], [-71.05, 42.35], [-71.07, 42.37], [-71.07, 42.35]]]
		area.boundary = json.dumps({"type": "Polygon", "coordinates": bow})
		with self.assertRaises(frappe.ValidationError) as refused:
			area.save()
		self.assertIn("crosses itself near 42.36, -71.06", str(refused.exception))

	def test_what_is_no_json_at_all_is_refused_in_words(self):
		area = make_area("Bow", 0, 0)
		for text in ("a circle", "[" * 100_000):
			area.reload()
			area.boundary = text
			with self.assertRaisesRegex(frappe.ValidationError, "no JSON"):
				area.save()

	def test_an_area_that_leaves_its_parent_is_warned_about_and_saved(self):
		make_area("City", 0, 0, 10, is_group=1)
		make_area("Inside", 1, 1, parent_service_area="City")
		self.assertEqual(frappe.message_log, [])
		make_area("Half", 9.5, 1, parent_service_area="City")
		self.assertIn("50.0% of", str(frappe.message_log[-1]))

	def test_an_area_without_the_mark_has_none_below_it(self):
		make_area("Ward", 0, 0)
		self.assertRaises(frappe.ValidationError, make_area, "Block", 0, 0, parent_service_area="Ward")

	def test_one_department_for_a_program_group(self):
		for name in ("A", "B"):
			make_department(name)
		rows = [{"department": "A", "program_group": "Waste"}, {"department": "B", "program_group": "Waste"}]
		self.assertRaises(frappe.ValidationError, make_area, "Ward", 0, 0, departments=rows)

	def test_the_tree_view_adds_an_area_below_another(self):
		make_area("City", 0, 0, 10, is_group=1)
		add_area("Ward", "City")
		self.assertEqual(frappe.db.get_value("Service Area", "Ward", "parent_service_area"), "City")
		add_area("Country", "", is_root=True)
		self.assertFalse(frappe.db.get_value("Service Area", "Country", "parent_service_area"))


class TestTheMap(GovCRMTestCase):
	def test_a_place_is_found_by_the_map_of_the_moment(self):
		make_area("City", 0, 0, 10, is_group=1)
		self.assertEqual(locate(0.5, 0.5), "City")
		ward = make_area("Ward", 0, 0, parent_service_area="City")
		self.assertEqual(locate(0.5, 0.5), "Ward")
		ward.update({"active": 0}).save()
		self.assertEqual(locate(0.5, 0.5), "City")
		frappe.rename_doc("Service Area", "City", "Town")
		self.assertEqual(locate(0.5, 0.5), "Town")
		frappe.delete_doc("Service Area", "Ward")
		frappe.delete_doc("Service Area", "Town")
		self.assertIsNone(locate(0.5, 0.5))

	def test_the_map_is_built_once(self):
		make_area("City", 0, 0, 10)
		self.assertIs(area_map(), area_map())

	def test_what_a_rollback_takes_back_is_forgotten(self):
		make_area("City", 0, 0, 10)
		self.assertEqual(locate(0.5, 0.5), "City")
		frappe.db.rollback()
		self.assertIsNone(locate(0.5, 0.5))

	def test_another_process_builds_the_map_anew_after_a_change(self):
		"""Processes share nothing but the edition in Redis: whoever sees another one builds."""
		make_area("City", 0, 0, 10)
		kept = area_map()
		edition = frappe.cache.get_value(areas.EDITION)
		frappe.get_doc("Service Area", "City").save()
		self.assertNotEqual(frappe.cache.get_value(areas.EDITION), edition)
		self.assertIsNot(area_map(), kept)

	def test_no_place_is_in_no_area(self):
		make_area("Gulf", -1, -1, 2)
		self.assertIsNone(locate(0, 0))
		self.assertIsNone(locate(None, None))
		self.assertEqual(locate(0, 0.5), "Gulf")


class TestUpload(GovCRMTestCase):
	FILE = file_of(
		feature(square(0, 0, 4), DISTRICT="North", no=1, part_of="City"),
		feature(square(5, 0), DISTRICT="South", no=2, part_of="North"),
		feature({"type": "Point", "coordinates": [0, 0]}, DISTRICT="Spot", no=3),
	)

	def test_it_is_shown_before_it_is_saved(self):
		make_area("South", 0, 0)
		found = preview_upload(self.FILE, code="no")
		self.assertEqual(found["properties"], ["DISTRICT", "no", "part_of"])
		self.assertEqual(found["columns"]["name"], "DISTRICT", "told apart by it and no other text")
		north, south, spot = found["rows"]
		self.assertEqual(
			(north["name"], north["code"], north["act"], north["points"]), ("North", "1", "Make", 5)
		)
		self.assertEqual(south["act"], "Replace Boundary")
		self.assertIn("point or a circle", spot["problem"])
		self.assertFalse(frappe.db.exists("Service Area", "North"))

	def test_sound_rows_become_areas_and_known_ones_get_the_boundary(self):
		make_area("City", 0, 0, 10)
		make_area("South", 0, 0)
		done = save_upload(self.FILE, "DISTRICT", "no", "part_of")
		self.assertEqual(done, {"made": 1, "replaced": 1, "left_out": 1})
		north, south = (frappe.get_doc("Service Area", name) for name in ("North", "South"))
		self.assertEqual((north.parent_service_area, north.is_group, north.area_code), ("City", 1, "1"))
		self.assertEqual(south.parent_service_area, "North")
		self.assertEqual(locate(0.5, 5.5), "South")
		self.assertGreater(south.lft, north.lft)

	def test_a_parent_that_is_nowhere_is_told(self):
		rows = preview_upload(self.FILE, "DISTRICT", parent_property="part_of")["rows"]
		self.assertIn("no area City", rows[0]["problem"])

	def test_all_can_be_parts_of_one(self):
		make_area("City", 0, 0, 10)
		save_upload(self.FILE, "DISTRICT", parent="City")
		parts = frappe.get_all("Service Area", {"parent_service_area": "City"}, pluck="name", order_by="name")
		self.assertEqual(parts, ["North", "South"])

	def test_what_is_no_collection_is_refused(self):
		for text in ("", "{}", json.dumps(square(0, 0)), file_of()):
			self.assertRaises(frappe.ValidationError, preview_upload, text)

	def test_two_features_of_one_name_are_told(self):
		text = file_of(feature(square(0, 0), name="A"), feature(square(2, 2), name="A"))
		rows = preview_upload(text, "name")["rows"]
		self.assertEqual([row["problem"] for row in rows], ["", "Feature 1 has the same name."])

	def test_a_file_in_another_system_of_coordinates_is_refused_row_by_row(self):
		data = json.loads(self.FILE)
		data["crs"] = {"type": "name", "properties": {"name": "EPSG:2249"}}
		rows = preview_upload(json.dumps(data))["rows"]
		self.assertTrue(all("EPSG:2249" in row["problem"] for row in rows))

	def test_who_only_reads_areas_uploads_none(self):
		make_user("clerk@example.org", "Caseworker")
		frappe.set_user("clerk@example.org")
		self.assertRaises(frappe.PermissionError, preview_upload, self.FILE)
		self.assertRaises(frappe.PermissionError, save_upload, self.FILE, "DISTRICT")
		self.assertRaises(frappe.PermissionError, check_boundary, "{}")
