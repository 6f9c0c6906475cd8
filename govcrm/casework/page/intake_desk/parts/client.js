// The one place that knows the endpoints of govcrm.api.intake and the shapes they speak.
frappe.provide("govcrm.intake");

/** What the server refused: `fields` holds a message by field. */
govcrm.intake.Refused = class Refused extends Error {
	constructor(message, fields = {}) {
		super(message);
		this.fields = fields;
	}
};

govcrm.intake.client = {
	async get(method, args) {
		const response = await frappe.call({ method: `govcrm.api.intake.${method}`, args, type: "GET" });
		return response.message;
	},

	/** Services that can be asked for today; asked once a visit, so that typing never waits for the network. */
	catalogue() {
		this.services = this.services || this.get("catalogue");
		return this.services;
	},

	program(service_code) {
		return this.get("program", { service_code });
	},

	find_citizen(text) {
		return this.get("find_citizen", { text });
	},

	duplicates({ service_code, latitude, longitude }) {
		return this.get("duplicates", { service_code, latitude, longitude });
	},

	/** @throws {govcrm.intake.Refused} */
	submit(request) {
		return new Promise((resolve, reject) => {
			frappe.call({
				method: "govcrm.api.intake.submit",
				type: "POST",
				args: request,
				silent: true,
				callback: ({ message }) => resolve(message),
				error: (response) => reject(govcrm.intake.refusal(response)),
			});
		});
	},
};

govcrm.intake.refusal = function (response) {
	const errors = (response && response.errors) || [];
	const fields = Object.fromEntries(errors.map(({ field, message }) => [field, message]));
	const message = errors.length ? __("Please correct what is marked.") : __("The request could not be saved.");
	return new govcrm.intake.Refused(message, fields);
};
