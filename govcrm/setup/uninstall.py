"""Leave nothing behind when the app is removed."""


def before_uninstall() -> None:
	pass
