from govcrm.casework.doctype.sealed_matter.sealed_matter import SealedMatter


class SealedEvidence(SealedMatter):
	"""A file of a sealed case, its name and kind as cipher text. Written by `govcrm.casework.evidence.records` alone."""
