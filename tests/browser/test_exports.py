"""What the browser itself writes to files holds no formulas."""

from desk import open_desk
from town import CLERK


def test_the_table_of_a_form_is_downloaded_without_formulas(town, page_of):
	page = page_of(*CLERK)
	open_desk(page, "intake")
	rows = [["=1+1", 5, None], ["<b>=2</b>", -5, 'say "no"']]
	assert page.evaluate("rows => frappe.tools.to_csv(rows)", rows) == "\n".join(
		['"\'=1+1",5,""', '"\'=2",-5,"say ""no"""']
	)
