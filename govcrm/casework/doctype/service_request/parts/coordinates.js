// A request without a place has 0 for its coordinates in the database. Loaded with the list and the form of requests.
frappe.provide("govcrm.casework");

govcrm.casework.COORDINATES = ["latitude", "longitude"];

govcrm.casework.has_place = (doc) => govcrm.casework.COORDINATES.some((field) => flt(doc?.[field]));

for (const field of govcrm.casework.COORDINATES) {
	frappe.meta.get_docfield("Service Request", field).formatter = (value, df, options, doc) =>
		govcrm.casework.has_place({ ...doc, [field]: value })
			? frappe.form.formatters.Float(value, df, options, doc)
			: "";
}
