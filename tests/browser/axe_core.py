"""axe-core on a whole page as it stands, by WCAG 2.0, 2.1 and 2.2, levels A and AA."""

from desk import CLOSE_SIDEBAR

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
WIDTHS = ((1280, 900), (360, 780))

# The Desk keeps each page that was open. What is hidden is nobody's, and to walk over it costs a second each time.
RUN = """async (tags) => {
	const unseen = [...document.querySelectorAll("body > :not(script), .page-container")].filter((one) => !one.checkVisibility());
	const places = unseen.map((one) => {
		const place = document.createComment("");
		one.replaceWith(place);
		return place;
	});
	try {
		return await axe.run(document, { runOnly: tags, resultTypes: ["violations", "incomplete"], preload: false, iframes: false });
	} finally {
		places.forEach((place, number) => place.replaceWith(unseen[number]));
	}
}"""


def load(page, source: str) -> None:
	page.evaluate(source)


def findings_at_widths(page, where: str) -> list[str]:
	"""What axe-core finds on the open page, wide and narrow: one line each, with the rule, the place and the markup."""
	found = []
	for width, height in reversed(WIDTHS):
		page.set_viewport_size({"width": width, "height": height})
		page.evaluate(CLOSE_SIDEBAR)
		page.wait_for_timeout(250)  # what slides stands still
		found += [f"{where} at {width}: {line}" for line in violations(page)]
	return found


def violations(page) -> list[str]:
	result = page.evaluate(RUN, TAGS)
	doubtful = [{**rule, "nodes": [*filter(_is_unseen, rule["nodes"])]} for rule in result["incomplete"]]
	return [
		f"{rule['id']}: {' '.join(map(str, node['target']))} {node['html'][:160]}"
		for rule in (*result["violations"], *doubtful)
		for node in rule["nodes"]
	]


def _is_unseen(node: dict) -> bool:
	"""Text in the very colour of its ground, which axe-core leaves to people to judge."""
	return any((check.get("data") or {}).get("messageKey") == "equalRatio" for check in node["any"])
