"""1.4: files."""

from govcrm.tests.mutations.switches import Answer, Frappes, Second
from govcrm.tests.mutations.table.door import Door

CLASS = "govcrm.files.controller.GovernedFile."
ADDRESSES = "govcrm/files/test_doors.py::TestAddresses::"
DOWNLOADS = "govcrm/files/test_downloads.py::TestDownloads::"
PLACES = "govcrm/files/test_places.py::TestPlaces::"
STORED = (
	Door(
		"1.4",
		"downloads by who uploaded",
		"the class of File asks the rule",
		(Answer("govcrm.files.hanging.may_see", True),),
		f"{DOWNLOADS}test_who_uploaded_a_file_cannot_read_it_once_recused",
	),
	Door(
		"1.4",
		"a File with the address of another",
		"addresses are joined by who may read what is there",
		(
			Answer("govcrm.files.addresses.require_readable"),
			Answer("govcrm.files.addresses.refuse_taking_out"),
		),
		f"{ADDRESSES}test_the_url_of_a_file_cannot_be_adopted",
	),
	Door(
		"1.4",
		"the address of a file in a field",
		"asked about before Frappe makes a File of it",
		(Answer("govcrm.files.attaching.check"),),
		f"{ADDRESSES}test_the_url_of_a_file_cannot_be_adopted_by_a_field_for_attachments",
	),
	Door(
		"1.4",
		"one content for files that are alike",
		"every upload has its own content and address",
		(Frappes(f"{CLASS}save_file"),),
		f"{ADDRESSES}test_an_upload_like_a_closed_file_does_not_share_its_content",
	),
	Door(
		"1.4",
		"addresses that can be guessed",
		"addresses are random",
		(Answer("govcrm.files.addresses.unguessable", "/private/files/known.txt"),),
		f"{PLACES}test_nobody_guesses_the_address_of_a_file",
	),
	Door(
		"1.4",
		"public files of a case",
		"they are private whatever is said",
		(Frappes(f"{CLASS}set_is_private"), Answer(f"{CLASS}keep_private")),
		f"{PLACES}test_a_file_of_a_case_is_private_whatever_is_said",
	),
	Door(
		"1.4",
		"uploads that a browser or computer would run",
		"kinds are allowed by content",
		(Second("govcrm.files.taking.taken"),),
		f"{PLACES}test_an_upload_is_judged_by_its_content",
	),
	Door(
		"1.4",
		"archives of files",
		"without those that one may not read",
		(Answer(f"{CLASS}is_downloadable", True),),
		f"{DOWNLOADS}test_an_archive_of_files_leaves_out_those_of_closed_cases",
	),
	Door(
		"1.4",
		"files adopted out of a case",
		"the class of File",
		(Answer("govcrm.files.addresses.refuse_taking_out"),),
		"govcrm/files/test_adopting.py::TestAdopting::test_a_file_of_a_case_is_not_adopted_out_of_it",
	),
	Door(
		"1.4",
		"contents of sealed cases that changed places",
		"each is closed for its record of its case",
		(Answer("govcrm.casework.sealed.keyed.about", "anything"),),
		"govcrm/casework/evidence/test_evidence.py::TestContent::test_contents_that_changed_places_are_refused",
	),
	Door(
		"1.4",
		"files that a case had before it was sealed",
		"they become evidence",
		(Answer("govcrm.casework.evidence.moving.take_in", 0),),
		"govcrm/casework/evidence/test_moving.py::TestMoving::test_every_file_of_the_case_becomes_evidence",
	),
	Door(
		"1.4",
		"kinds of files of sealed cases",
		"judged as every file of a case",
		(Second("govcrm.files.taking.judged"),),
		"govcrm/casework/evidence/test_evidence.py::TestWhatIsTaken::test_kinds_are_those_of_every_file_of_a_case",
	),
)
