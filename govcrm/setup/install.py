"""What happens when the app is installed and after every migrate."""


def before_install() -> None:
	pass


def after_install() -> None:
	pass


def after_sync() -> None:
	pass


def after_migrate() -> None:
	pass
