// Gives the proof that one checkpoint of the log begins with another, as a file. Both are named by their size.
govcrm.audit.prove_consistency = async function (one, other) {
	const [old, latest] = [one, other].sort((a, b) => a - b);
	const method = "govcrm.api.accountability.events.consistency";
	const { message } = await frappe.call({ method, args: { old, new: latest }, freeze: true });
	govcrm.audit.save_json(message, `consistency-${old}-${latest}.json`);
	frappe.show_alert({ message: __("The proof was saved as a file."), indicator: "green" });
};
