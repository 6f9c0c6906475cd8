"""A request without a place shows none: no zeros, which would be a place in the sea."""

from desk import open_desk, settle, shoot
from town import NORA

FIELDS = "latitude", "longitude"


def written(page, request: str) -> list[str]:
	"""What the form has in the fields of the place."""
	open_desk(page, f"service-request/{request}")
	page.locator('[data-fieldname="address_string"] input:visible').wait_for()
	return [page.locator(f'[data-fieldname="{field}"] input').first.input_value() for field in FIELDS]


def test_the_form_of_a_request_without_a_place_shows_no_coordinates(town, page_of):
	nora = page_of(*NORA)
	assert written(nora, town.file_request()) == ["", ""]
	nora.locator('[data-fieldname="latitude"] input').first.scroll_into_view_if_needed()
	shoot(nora, "place-none")
	assert not nora.locator(".leaflet-marker-icon").count()
	assert not nora.evaluate("cur_frm.is_dirty()")


def test_the_form_of_a_request_with_a_place_shows_its_coordinates(town, page_of):
	nora = page_of(*NORA)
	found = written(nora, town.file_request(latitude=41.5, longitude=-72.25))
	assert [float(each) for each in found] == [41.5, -72.25]
	nora.locator(".leaflet-marker-icon").wait_for()


def test_one_coordinate_of_a_place_may_be_zero(town, page_of):
	nora = page_of(*NORA)
	written(nora, town.file_request())
	nora.evaluate("cur_frm.set_value({latitude: 0, longitude: -72.25})")
	settle(nora)
	assert [
		float(nora.locator(f'[data-fieldname="{field}"] input').first.input_value()) for field in FIELDS
	] == [0, -72.25]
	nora.locator(".leaflet-marker-icon").wait_for()


def test_a_report_leaves_the_coordinates_of_no_place_empty(town, page_of):
	nora = page_of(*NORA)
	none, some = town.file_request(), town.file_request(latitude=41.5, longitude=-72.25)
	open_desk(nora, f'service-request/view/report?name=["in","{none},{some}"]')
	nora.locator(".dt-scrollable .dt-cell__content").first.wait_for()
	nora.evaluate(
		"""async () => {
			cur_list.fields = [];
			for (const field of ["name", "latitude", "longitude"]) cur_list._add_field(field);
			cur_list.build_fields();
			cur_list.setup_columns();
			await cur_list.refresh(true);
		}"""
	)
	nora.locator(".dt-scrollable .dt-cell__content", has_text="41.5").wait_for()
	shoot(nora, "place-report")
	cells = nora.locator(".dt-scrollable .dt-cell__content").all_inner_texts()
	assert not [text for text in cells if text.strip() in {"0", "0.0", "0.000", "0.0000000"}]
