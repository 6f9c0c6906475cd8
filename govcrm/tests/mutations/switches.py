"""Ways to take a closing out of a running process of tests."""

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import frappe

OURS = "govcrm."


@dataclass(frozen=True)
class Answer:
	"""Have the function, or the method of a class, answer this whatever it is asked."""

	path: str
	value: Any = None

	def off(self) -> None:
		_replace(self.path, lambda *args, **kwargs: self.value)


@dataclass(frozen=True)
class First:
	"""Have the function hand back its first argument: what it wraps stays as Frappe has it, what it narrows stays whole."""

	path: str

	def off(self) -> None:
		_replace(self.path, lambda first, *args, **kwargs: first)


@dataclass(frozen=True)
class Second:
	"""The same with its second argument."""

	path: str

	def off(self) -> None:
		_replace(self.path, lambda first, second, *args, **kwargs: second)


@dataclass(frozen=True)
class Frappes:
	"""Have the method of the class be what Frappe's class above it does."""

	path: str

	def off(self) -> None:
		holder, name = found(self.path)
		delattr(holder, name)


@dataclass(frozen=True)
class Without:
	"""Take a member out of a set, or an entry out of a table."""

	path: str
	key: str

	def off(self) -> None:
		holder, name = found(self.path)
		kept = getattr(holder, name)
		if isinstance(kept, dict):
			del kept[self.key]
		else:
			_put(holder, name, kept - {self.key})


@dataclass(frozen=True)
class Unhooked:
	"""Have Frappe not know what our hook says under this key."""

	hook: str
	key: str

	@property
	def path(self) -> str:
		return "frappe.get_hooks"

	def off(self) -> None:
		known = frappe.get_hooks

		def get_hooks(hook: str | None = None, *args: Any, **kwargs: Any) -> Any:
			said = known(hook, *args, **kwargs)
			return self.without_ours(said) if hook == self.hook else said

		frappe.get_hooks = get_hooks

	def is_ours(self) -> bool:
		return any(path.startswith(OURS) for path in frappe.get_hooks(self.hook).get(self.key, ()))

	def without_ours(self, said: dict[str, list[str]]) -> dict[str, list[str]]:
		others = [path for path in said[self.key] if not path.startswith(OURS)]
		kept = {key: paths for key, paths in said.items() if key != self.key}
		return {**kept, self.key: others} if others else kept


Switch = Answer | First | Second | Frappes | Without | Unhooked


def found(path: str) -> tuple[object, str]:
	"""The module or class that holds what the path names, and its name there. Raises when there is none."""
	parts = path.split(".")
	for length in range(len(parts) - 1, 0, -1):
		try:
			holder: object = importlib.import_module(".".join(parts[:length]))
		except ModuleNotFoundError:
			continue
		for part in parts[length:-1]:
			holder = getattr(holder, part)
		getattr(holder, parts[-1])
		return holder, parts[-1]
	raise AttributeError(path)


def _replace(path: str, function: Callable) -> None:
	holder, name = found(path)
	_put(holder, name, function)


def _put(holder: object, name: str, value: Any) -> None:
	"""Modules that took it by its name when they were imported have it still."""
	before = getattr(holder, name)
	setattr(holder, name, value)
	for module in list(sys.modules.values()):
		if getattr(module, "__name__", "").startswith("govcrm.") and module.__dict__.get(name) is before:
			setattr(module, name, value)
