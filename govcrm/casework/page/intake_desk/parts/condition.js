// The conditions of intake questions, as govcrm.domain.conditions evaluates them: the same tree, the same answers.
frappe.provide("govcrm.intake");

(() => {
	const kind = (value) => ({ boolean: "boolean", number: "number", string: "text" })[typeof value];
	const truth = (value) => (Array.isArray(value) ? value.length > 0 : Boolean(value));
	const equal = (left, right) => Boolean(kind(left)) && left === right;
	const contains = (item, list) => Array.isArray(list) && list.some((one) => equal(item, one));
	const ordered = (compare) => (left, right) =>
		["number", "text"].includes(kind(left)) && kind(left) === kind(right) && compare(left, right);

	const OPERATORS = {
		and: (...parts) => parts.every(truth),
		or: (...parts) => parts.some(truth),
		not: (part) => !truth(part),
		"==": equal,
		"!=": (left, right) => !equal(left, right),
		"<": ordered((left, right) => left < right),
		"<=": ordered((left, right) => left <= right),
		">": ordered((left, right) => left > right),
		">=": ordered((left, right) => left >= right),
		in: contains,
		"not in": (item, list) => !contains(item, list),
	};

	function value_of(tree, answers) {
		if (tree.op) return OPERATORS[tree.op](...tree.args.map((part) => value_of(part, answers)));
		return "answer" in tree ? answers[tree.answer] ?? null : tree.value;
	}

	/** Whether a condition tree holds for typed answers. */
	govcrm.intake.holds = (tree, answers) => truth(value_of(tree, answers));
})();

/** An answer as the service reads it; undefined when nothing was answered. */
govcrm.intake.typed_answer = function (question, value) {
	if (is_null(value) || (Array.isArray(value) && !value.length)) return undefined;
	if (question.datatype === "boolean") return value === "1";
	return question.datatype === "number" ? govcrm.intake.to_number(value) : value;
};

/** What is no number stays as it was typed: the service says what is wrong with it. */
govcrm.intake.to_number = function (text) {
	const number = Number(String(text).trim().replace(",", "."));
	return Number.isFinite(number) ? number : text;
};

/**
 * Which questions are asked, given what was typed: in order, each condition sees only the answers before it
 * to questions that are asked themselves.
 * @returns {{shown: Set<string>, answers: Object}}
 */
govcrm.intake.read_answers = function (questions, values) {
	const shown = new Set();
	const answers = {};
	for (const question of questions) {
		if (question.shown_when && !govcrm.intake.holds(question.shown_when, answers)) continue;
		shown.add(question.code);
		const answer = govcrm.intake.typed_answer(question, values[question.code]);
		if (answer !== undefined) answers[question.code] = answer;
	}
	return { shown, answers };
};
