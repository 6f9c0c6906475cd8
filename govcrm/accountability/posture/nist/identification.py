"""Family IA: Identification and Authentication."""

from govcrm.accountability.posture.nist.control import IN_FORCE, NOT_HERE, PARTLY, Control, paths

CONTROLS = (
	Control("IA-1", "Policy and Procedures", NOT_HERE, "The agency writes its own."),
	Control(
		"IA-2",
		"Identification and Authentication (Organizational Users)",
		PARTLY,
		"Each person has an account of their own, by Frappe. That none is used by two is the agency's to see to.",
		paths("govcrm/accountability/trail/actors.py"),
		paths("govcrm/accountability/watching/test_watching.py"),
		("login_with_email_link",),
	),
	Control(
		"IA-2(1)",
		"Multi-factor Authentication to Privileged Accounts",
		IN_FORCE,
		"By an app on the telephone (RFC 6238) for all roles of staff. The account Administrator has none: keep it for emergencies.",
		paths("govcrm/accountability/posture/mending.py"),
		paths("govcrm/accountability/posture/test_posture.py"),
		("encrypted",),
		("two_factor",),
	),
	Control(
		"IA-2(2)",
		"Multi-factor Authentication to Non-privileged Accounts",
		IN_FORCE,
		"The same, for caseworkers and intake agents. Citizens with an account are not asked.",
		paths("govcrm/accountability/posture/mending.py"),
		paths("govcrm/accountability/posture/test_posture.py"),
		("encrypted",),
		("two_factor",),
	),
	Control(
		"IA-2(12)",
		"Acceptance of PIV Credentials",
		NOT_HERE,
		"Only behind a log-in service of the agency that takes them (OAuth, LDAP).",
	),
	Control("IA-3", "Device Identification and Authentication", NOT_HERE, "Devices are not known."),
	Control(
		"IA-4",
		"Identifier Management",
		PARTLY,
		"One pseudonym for each person in the log, for ever, also when the account gets another name or goes.",
		paths("govcrm/accountability/trail/actors.py govcrm/accountability/trail/renames.py"),
		paths("govcrm/accountability/trail/test_administration.py"),
	),
	Control(
		"IA-5",
		"Authenticator Management",
		PARTLY,
		"Passwords are hashed by Frappe, and their keys kept out of the log. Nobody is made to hand in what they no longer need.",
		paths("govcrm/accountability/trail/governed.py"),
		paths("govcrm/accountability/trail/test_capture.py"),
	),
	Control(
		"IA-5(1)",
		"Password-based Authentication",
		PARTLY,
		"Weighed by how soon they would be guessed. They are not compared with lists of stolen ones beyond those of the zxcvbn library.",
		paths("govcrm/accountability/posture/settings.py"),
		paths("govcrm/accountability/posture/test_posture.py"),
	),
	Control(
		"IA-6",
		"Authentication Feedback",
		PARTLY,
		"Frappe hides what is typed. Its answer to a wrong password does not tell whether there is such an account.",
	),
	Control(
		"IA-7",
		"Cryptographic Module Authentication",
		NOT_HERE,
		"The libraries are not validated after FIPS 140.",
	),
	Control(
		"IA-8",
		"Identification and Authentication (Non-organizational Users)",
		PARTLY,
		"Citizens may have an account with a password. Most ask without one, by the number of their request.",
		paths("govcrm/domain/references.py"),
		paths("tests/domain/test_references.py"),
	),
	Control("IA-11", "Re-authentication", NOT_HERE, "No act asks for the password again."),
	Control(
		"IA-12", "Identity Proofing", NOT_HERE, "How citizens and staff prove who they are is the agency's."
	),
)
