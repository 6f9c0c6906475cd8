"""Run commands, say what happens, stop with one clear paragraph when something is missing."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
RUN = CHECKOUT / ".run"
STARTED_AT = time.monotonic()


class Missing(Exception):
	"""Something the command needs is not there. The message tells the reader what, and how to give it."""


class CommandFailed(Exception):
	"""A command ended with an error; the message carries the end of what it printed."""


def seconds() -> float:
	"""Since the command began."""
	return time.monotonic() - STARTED_AT


def say(text: str) -> None:
	"""One line of progress, with the seconds since the start."""
	print(f"[{seconds():5.0f} s] {text}", flush=True)


def give_up(error: Exception) -> int:
	"""Print the paragraph that explains `error`; the exit code for the shell."""
	text = textwrap.fill(str(error), 100) if isinstance(error, Missing) else str(error)
	print(f"\n{text}", file=sys.stderr, flush=True)
	return 2


def run(
	*command: object,
	cwd: Path | None = None,
	env: dict | None = None,
	log: Path | None = None,
	on_line: Callable[[str], None] | None = None,
) -> str:
	"""Run a command quietly and return what it printed.

	Its output goes to `log` too when one is given, and line by line to `on_line` while it runs.
	"""
	words = [str(word) for word in command]
	printed = []
	with _open(words, cwd, {**os.environ, **(env or {})}) as process:
		for line in process.stdout:
			printed.append(line)
			if on_line:
				on_line(line.rstrip())
	name = " ".join(_without_secrets(words))
	if log:
		_append(log, f"$ {name}\n{''.join(printed)}")
	if process.returncode:
		raise CommandFailed(f"`{name}` ended with {process.returncode}:\n{''.join(printed[-25:])}")
	return "".join(printed)


def _open(words: list[str], cwd: Path | None, env: dict) -> subprocess.Popen:
	out = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "stdin": subprocess.DEVNULL}
	return subprocess.Popen(words, cwd=cwd, env=env, text=True, errors="replace", **out)


def succeeds(*command: object, cwd: Path | None = None, env: dict | None = None) -> bool:
	try:
		run(*command, cwd=cwd, env=env)
	except (CommandFailed, OSError):
		return False
	return True


def exit_on_terminate() -> None:
	"""Let `kill` run the clean-up that Ctrl-C runs."""
	signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def wait_until(check, seconds: float, what: str) -> None:
	"""Poll `check` until it is true; CommandFailed when it is not within `seconds`."""
	end = time.monotonic() + seconds
	while not check():
		if time.monotonic() > end:
			raise CommandFailed(f"{what} was not ready within {seconds:.0f} seconds.")
		time.sleep(0.2)


def _without_secrets(words: list[str]) -> list[str]:
	return [
		"***" if "password" in before else word for before, word in zip(["", *words], words, strict=False)
	]


def _append(path: Path, text: str) -> None:
	path.parent.mkdir(parents=True, exist_ok=True)
	with path.open("a") as file:
		file.write(text + "\n")
