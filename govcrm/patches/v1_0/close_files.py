"""Files of cases and people that were public, or shared their content with others."""

from govcrm.files.closing import close_all


def execute() -> None:
	close_all()
