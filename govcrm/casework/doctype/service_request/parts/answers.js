// Answers in the words of the version they were given under. Loaded with the forms of requests and of cases.
frappe.provide("govcrm.casework");

/** [{question, label, text}] in the order of the questions. What none of them asked stays under its code. */
govcrm.casework.answered = (questions, answers) => {
	const codes = questions.map(({ code }) => code);
	const unknown = Object.keys(answers).filter((code) => !codes.includes(code));
	const asked = [...questions, ...unknown.map((code) => ({ code, label: code }))];
	return asked
		.filter(({ code }) => code in answers)
		.map((question) => ({
			question,
			label: __(question.label),
			text: answer_text(question, answers[question.code]),
		}));
};

function answer_text(question, answer) {
	if (Array.isArray(answer)) return answer.map((one) => answer_text(question, one)).join(", ");
	if (typeof answer === "boolean") return answer ? __("Yes") : __("No");
	if (question.datatype === "date") return frappe.datetime.str_to_user(answer);
	if (question.datatype === "datetime") return frappe.datetime.str_to_user(answer.replace("T", " "));
	return __(option_label(question, String(answer)));
}

function option_label(question, key) {
	const lines = (question.options || "").split("\n").map((line) => line.trim());
	const line = lines.find((one) => one.split("=")[0].trim() === key) || "";
	return line.split("=").slice(1).join("=").trim() || key;
}
