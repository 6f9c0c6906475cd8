// The table of a form is downloaded by the browser itself. No formula leaves in it either: see govcrm/domain/spreadsheets.py.
frappe.provide("govcrm.exports");

const SIGNS = new Set("=+-@");
const DROPPED = /^[\p{Cc}\p{Cf}\p{Z}"'`´‘’‚‛“”„‟«»‹›＂＇]*/u;
const NUMBER = /^(?:-+|[+-]?[0-9 .,()\u00a0\u202f]*%?)$/;

govcrm.exports.is_formula = (text) => {
	if (/^(?:[A-Za-z0-9']|$)/.test(text)) return false;
	if (/^[\t\r\n]/.test(text)) return true;
	const rest = text.replace(DROPPED, "");
	const sign = rest.slice(0, String.fromCodePoint(rest.codePointAt(0) || 0).length).normalize("NFKC")[0];
	return SIGNS.has(sign) && !("+-".includes(sign) && NUMBER.test(text.replace(/^ +| +$/g, "")));
};

govcrm.exports.neutral = (text) => (govcrm.exports.is_formula(text) ? `'${text}` : text);

/** Of rows, as Frappe's own: tags are taken out of texts, and numbers stand without quotes. */
govcrm.exports.to_csv = (rows) => rows.map((row) => row.map(csv_cell).join(",")).join("\n");

function csv_cell(value) {
	if (typeof value !== "string") return value == null ? '""' : value;
	const text = new DOMParser().parseFromString(value, "text/html").body.textContent;
	return `"${govcrm.exports.neutral(text).replace(/"/g, '""')}"`;
}

if (frappe.tools) frappe.tools.to_csv = govcrm.exports.to_csv;
