"""Family SI: System and Information Integrity."""

from govcrm.accountability.posture.nist.control import IN_FORCE, NOT_HERE, PARTLY, Control, paths

CONTROLS = (
	Control("SI-1", "Policy and Procedures", NOT_HERE, "The agency writes its own."),
	Control(
		"SI-2",
		"Flaw Remediation",
		NOT_HERE,
		"Updates of Frappe, of this app and of the server are the operator's.",
	),
	Control(
		"SI-3",
		"Malicious Code Protection",
		NOT_HERE,
		"Files are taken by their kind. No scanner looks into them.",
	),
	Control(
		"SI-4",
		"System Monitoring",
		PARTLY,
		"Refusals and exports are counted, findings are told. Nothing looks for patterns of an attack.",
		paths("govcrm/accountability/health.py govcrm/accountability/number_card"),
		paths("govcrm/accountability/test_health.py"),
	),
	Control(
		"SI-5",
		"Security Alerts, Advisories, and Directives",
		NOT_HERE,
		"The operator follows those of Frappe and of this app.",
	),
	Control(
		"SI-6",
		"Security and Privacy Function Verification",
		PARTLY,
		"This page and the health of the log look each time they are opened; the log is compared with the records every night.",
		paths("govcrm/accountability/posture/lines.py govcrm/accountability/reconciling"),
		paths("govcrm/accountability/posture/test_posture.py"),
	),
	Control(
		"SI-7",
		"Software, Firmware, and Information Integrity",
		PARTLY,
		"Records that were changed behind the application's back are found. Its own code is not signed.",
		paths("govcrm/accountability/reconciling govcrm/accountability/verify.py"),
		paths("tests/domain/test_reconciling.py"),
	),
	Control("SI-8", "Spam Protection", NOT_HERE, "A matter of the mail server."),
	Control(
		"SI-10",
		"Information Input Validation",
		IN_FORCE,
		"Values that no field of their kind can hold are refused with the field that they were meant for.",
		paths("govcrm/guarded.py govcrm/plain.py govcrm/domain/coercion.py"),
		paths("tests/domain/test_questions.py govcrm/tests/test_plain.py"),
	),
	Control(
		"SI-11",
		"Error Handling",
		IN_FORCE,
		"Callers get a sentence, the Error Log gets the rest.",
		paths("govcrm/accountability/posture/settings.py govcrm/faults.py"),
		paths("govcrm/accountability/posture/test_posture.py"),
		(),
		("allow_error_traceback",),
	),
	Control(
		"SI-12",
		"Information Management and Retention",
		PARTLY,
		"The log has retention and lawful destruction. Schedules for cases are not carried out yet.",
		paths("govcrm/accountability/retention.py govcrm/accountability/shredding.py"),
		paths("govcrm/accountability/test_retention.py govcrm/accountability/test_shredding.py"),
	),
	Control(
		"SI-15",
		"Information Output Filtering",
		IN_FORCE,
		"Files for spreadsheets hold no formulas and no column that their reader may not read.",
		paths("govcrm/exports govcrm/domain/spreadsheets.py"),
		paths(
			"govcrm/exports/test_exports.py govcrm/exports/test_rights.py tests/domain/test_spreadsheets.py"
		),
	),
	Control("SI-16", "Memory Protection", NOT_HERE, "A matter of the operating system."),
	Control(
		"SI-18",
		"Personally Identifiable Information Quality Operations",
		PARTLY,
		"Each correction is in the history. Merging of citizens who are one person is not here yet.",
		paths("govcrm/constituents/lookup.py"),
		paths("tests/domain/test_matching.py"),
	),
	Control(
		"SI-19",
		"De-identification",
		PARTLY,
		"Published figures hide small groups, and what would give them away. Single records are not made anonymous.",
		paths("govcrm/domain/disclosure.py"),
		paths("tests/domain/test_disclosure.py"),
	),
)
