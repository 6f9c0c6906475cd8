"""The table of docs/doors.md, written from the doors. What stands above and below it is written by hand."""

from govcrm.tests.mutations.doors import DOORS, LEFT

BEGIN, END = "<!-- doors -->", "<!-- end of doors -->"
PARTS = {
	"1.1": "The programming interface",
	"1.2": "Searches, links, titles",
	"1.3": "Tables that tell of records",
	"1.4": "Files",
	"1.5": "Reports, charts, exports",
	"1.6": "What people do with each other",
}


def written(text: str) -> str:
	"""The document with its table as it should be."""
	before, _, rest = text.partition(BEGIN)
	_, _, after = rest.partition(END)
	return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def table() -> str:
	return "\n".join(line for number, title in PARTS.items() for line in _part(number, title))


def _part(number: str, title: str) -> list[str]:
	lines = ["", f"### {number} {title}", "", "| door | how it is shut | test |", "|---|---|---|"]
	lines += [
		f"| {door.name} | {door.how} | `{door.test.rpartition('::')[2]}` |"
		for door in DOORS
		if door.number == number
	]
	for name, why in LEFT.get(number, ()):
		lines.append(f"| {name} | {why} | none |")
	return lines
