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
	/** Services that can be asked for today; asked once a visit, so that typing never waits for the network. */
	catalogue() {
		this.services = this.services || this.ask("GET", "catalogue", {}, []);
		return this.services;
	},

	program(service_code) {
		return this.call("GET", "program", { service_code });
	},

	find_citizen(text) {
		return this.ask("POST", "find_citizen", { text }, []);
	},

	duplicates({ service_code, latitude, longitude }) {
		return this.ask("GET", "duplicates", { service_code, latitude, longitude }, []);
	},

	/** @throws {govcrm.intake.Refused} */
	submit(request) {
		return this.call("POST", "submit", request);
	},

	/** Looking something up may fail without stopping the call: what is wrong is said, in passing. */
	async ask(type, method, args, otherwise) {
		try {
			return await this.call(type, method, args);
		} catch (refusal) {
			frappe.show_alert({ message: frappe.utils.escape_html(refusal.message), indicator: "orange" });
			return otherwise;
		}
	},

	/**
	 * Not by frappe.call, which shows a dialog for what is shown here at the fields, and drops the body of the
	 * answer for most status codes.
	 */
	async call(type, method, args) {
		const query = type === "GET" ? `?${new URLSearchParams(args)}` : "";
		const response = await fetch(`/api/method/govcrm.api.intake.${method}${query}`, {
			method: type,
			headers: {
				Accept: "application/json",
				"Content-Type": "application/json",
				"X-Frappe-CSRF-Token": frappe.csrf_token,
			},
			body: type === "GET" ? undefined : JSON.stringify(args),
		}).catch(() => null);
		if (!response) throw new govcrm.intake.Refused(__("No connection. Nothing is lost: try again."));
		const body = await response.json().catch(() => ({}));
		if (response.ok) return body.message;
		throw govcrm.intake.refusal(response.status, body);
	},
};

govcrm.intake.refusal = function (status, body) {
	const errors = body.errors || [];
	const fields = Object.fromEntries(
		errors.filter(({ field }) => field).map(({ field, message }) => [field, message]),
	);
	if (Object.keys(fields).length) {
		return new govcrm.intake.Refused(__("Please correct what is marked."), fields);
	}
	const [general] = errors;
	return new govcrm.intake.Refused(general ? general.message : govcrm.intake.status_message(status));
};

govcrm.intake.status_message = function (status) {
	if ([401, 403].includes(status)) {
		return __("You are logged out. Nothing is lost: log in again in another tab, then save again.");
	}
	return __("The server could not do this. Nothing is lost: try again.");
};
