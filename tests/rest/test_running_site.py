"""The site that the other tests of this tier stand on."""


def test_the_site_answers_a_guest(guest_session):
	assert guest_session.get("/api/method/ping").json() == {"message": "pong"}


def test_static_files_of_the_app_are_served(guest_session):
	answer = guest_session.get("/assets/govcrm/images/govcrm.svg")
	assert answer.status_code == 200
	assert "svg" in answer.headers["Content-Type"]


def test_a_user_logs_in_with_the_roles_asked_for(user_session):
	session = user_session("rest-agent@example.org", "Intake Agent")
	assert (
		session.get("/api/method/frappe.auth.get_logged_user").json()["message"] == "rest-agent@example.org"
	)


def test_a_guest_reads_no_record(guest_session):
	assert guest_session.get("/api/resource/Service Request").status_code == 403
