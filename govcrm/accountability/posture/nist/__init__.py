"""What is here of NIST SP 800-53 rev. 5, in the families AC, AU, IA and SI: in force, partly, or not here, and by what.

A table without Frappe. It says what the software does. What an agency has to write down, train, sign and watch (the first control
of each family among it) is not here and cannot be. `by` names modules, `shown_by` tests; that each is there is tested. A control
that needs lines of the page Security Posture is told by how these stand.
"""

from govcrm.accountability.posture.nist import access, audit, identification, integrity
from govcrm.accountability.posture.nist.control import IN_FORCE, NOT_HERE, PARTLY, Control, lacking, told

__all__ = ["CONTROLS", "FAMILIES", "IN_FORCE", "NOT_HERE", "PARTLY", "Control", "lacking", "told"]

FAMILIES = {
	"AC": "Access Control",
	"AU": "Audit and Accountability",
	"IA": "Identification and Authentication",
	"SI": "System and Information Integrity",
}
CONTROLS = (*access.CONTROLS, *audit.CONTROLS, *identification.CONTROLS, *integrity.CONTROLS)
