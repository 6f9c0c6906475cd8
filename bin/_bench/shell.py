"""Run commands, say what happens, stop with one clear paragraph when something is missing."""

import os
import signal
import subprocess
import sys
import textwrap
import time
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


def run(*command: object, cwd: Path | None = None, env: dict | None = None, log: Path | None = None) -> str:
	"""Run a command quietly and return what it printed. Its output goes to `log` too when one is given."""
	words = [str(word) for word in command]
	done = subprocess.run(
		words,
		cwd=cwd,
		env={**os.environ, **(env or {})},
		text=True,
		stdin=subprocess.DEVNULL,
		stdout=subprocess.PIPE,
		stderr=subprocess.STDOUT,
	)
	if log:
		_append(log, f"$ {' '.join(_without_secrets(words))}\n{done.stdout}")
	if done.returncode:
		tail = "\n".join(done.stdout.splitlines()[-25:])
		raise CommandFailed(f"`{' '.join(_without_secrets(words))}` ended with {done.returncode}:\n{tail}")
	return done.stdout


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
