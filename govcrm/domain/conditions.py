"""The little language in which a question says when it is shown: `size == "large" and depth > 5`.

Answers by their code, texts, numbers, `true` and `false`, lists of these; `==`, `!=`, `<`, `<=`, `>`, `>=`, `in`,
`not in`; `and`, `or`, `not`, brackets. A name with a dot, such as `request.channel`, is never the code of an answer: it
is for those who evaluate conditions with other facts as well. The text is parsed by `ast` and rewritten to a tree of
plain JSON; nothing is ever executed. Server, Desk and portal walk the same tree:

	{"answer": "size"} | {"value": "large"} | {"op": "and" | "or" | "not" | "==" | … | "in", "args": [tree, …]}

Comparing never fails: values of different kinds are unequal and without order, a missing answer is `null`.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

MAX_LENGTH = 500
MAX_NUMBER = 10**15  # whole numbers up to here are the same in every JSON parser (RFC 8259, section 6)

Tree = dict[str, Any]

_COMPARISONS = {
	ast.Eq: "==",
	ast.NotEq: "!=",
	ast.Lt: "<",
	ast.LtE: "<=",
	ast.Gt: ">",
	ast.GtE: ">=",
	ast.In: "in",
	ast.NotIn: "not in",
}
_NAMED_VALUES = {"true": True, "false": False}


class ConditionError(ValueError):
	"""A condition cannot be read; the text says why, in words for the admin who wrote it."""


@lru_cache(maxsize=4096)
def parse_condition(text: str) -> Tree:
	"""Return the tree of a condition, not to be changed. Raises ConditionError outside the language."""
	if len(text) > MAX_LENGTH:
		raise ConditionError(f"a condition may have up to {MAX_LENGTH} characters")
	try:
		return _read(ast.parse(text.strip(), mode="eval").body)
	except ConditionError:
		raise
	except (SyntaxError, ValueError, RecursionError, MemoryError):
		raise ConditionError(f"it cannot be read: {text.strip()}") from None


def answers_used(tree: Tree) -> set[str]:
	"""Return the codes of the answers on which a condition depends."""
	return set(_codes(tree))


def evaluate(tree: Tree, answers: Mapping[str, Any]) -> bool:
	"""Tell whether a condition holds for the given answers. Never raises for any values."""
	return _truth(_value(tree, answers))


def _codes(tree: Tree) -> Iterator[str]:
	if "answer" in tree:
		yield tree["answer"]
	for part in tree.get("args", ()):
		yield from _codes(part)


# Reading --------------------------------------------------------------------------------------------------


def _read(node: ast.AST) -> Tree:
	reader = _READERS.get(type(node))
	if not reader:
		raise ConditionError(f"this is not allowed in a condition: {ast.unparse(node)}")
	return reader(node)


def _read_name(node: ast.Name) -> Tree:
	if node.id in _NAMED_VALUES:
		return {"value": _NAMED_VALUES[node.id]}
	return {"answer": node.id}


def _read_dotted(node: ast.Attribute) -> Tree:
	if not isinstance(node.value, ast.Name):
		raise ConditionError(f"this is not allowed in a condition: {ast.unparse(node)}")
	return {"answer": f"{node.value.id}.{node.attr}"}


class _NamedValues(ast.NodeTransformer):
	def visit_Name(self, node: ast.Name) -> ast.expr:
		return ast.Constant(_NAMED_VALUES[node.id]) if node.id in _NAMED_VALUES else node


_WITH_NAMED_VALUES = _NamedValues()


def _read_value(node: ast.expr) -> Tree:
	try:
		value = ast.literal_eval(_WITH_NAMED_VALUES.visit(node))
	except (ValueError, TypeError, SyntaxError):
		raise ConditionError(f"only texts, numbers, true and false: {ast.unparse(node)}") from None
	many = list(value) if isinstance(value, list | tuple) else [value]
	if not all(_is_plain(one) for one in many):
		raise ConditionError(f"only texts, numbers, true and false: {ast.unparse(node)}")
	return {"value": many if isinstance(value, list | tuple) else value}


def _is_plain(value: Any) -> bool:
	kind = _kind(value)
	return -MAX_NUMBER <= value <= MAX_NUMBER if kind == "number" else kind is not None


def _read_logic(node: ast.BoolOp) -> Tree:
	return {
		"op": "and" if isinstance(node.op, ast.And) else "or",
		"args": [_read(part) for part in node.values],
	}


def _read_unary(node: ast.UnaryOp) -> Tree:
	if isinstance(node.op, ast.Not):
		return {"op": "not", "args": [_read(node.operand)]}
	return _read_value(node)


def _read_comparison(node: ast.Compare) -> Tree:
	if len(node.ops) != 1 or type(node.ops[0]) not in _COMPARISONS:
		raise ConditionError(f"compare two things at a time, joined by and: {ast.unparse(node)}")
	return {"op": _COMPARISONS[type(node.ops[0])], "args": [_read(node.left), _read(node.comparators[0])]}


_READERS: dict[type, Callable[[Any], Tree]] = {
	ast.Name: _read_name,
	ast.Attribute: _read_dotted,
	ast.Constant: _read_value,
	ast.List: _read_value,
	ast.Tuple: _read_value,
	ast.BoolOp: _read_logic,
	ast.UnaryOp: _read_unary,
	ast.Compare: _read_comparison,
}


# Evaluating -----------------------------------------------------------------------------------------------


def _value(tree: Tree, answers: Mapping[str, Any]) -> Any:
	if "op" in tree:
		return _OPERATORS[tree["op"]](*(_value(part, answers) for part in tree["args"]))
	return answers.get(tree["answer"]) if "answer" in tree else tree["value"]


def _kind(value: Any) -> str | None:
	if isinstance(value, bool):
		return "boolean"
	if isinstance(value, int | float):
		return "number"
	return "text" if isinstance(value, str) else None


def _truth(value: Any) -> bool:
	return value not in (None, False, 0, "", [])


def _equal(left: Any, right: Any) -> bool:
	return _kind(left) is not None and _kind(left) == _kind(right) and left == right


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
	def holds(left: Any, right: Any) -> bool:
		return _kind(left) in ("number", "text") and _kind(left) == _kind(right) and compare(left, right)

	return holds


def _contains(item: Any, container: Any) -> bool:
	return isinstance(container, list) and any(_equal(item, one) for one in container)


_OPERATORS: dict[str, Callable[..., bool]] = {
	"and": lambda *parts: all(_truth(part) for part in parts),
	"or": lambda *parts: any(_truth(part) for part in parts),
	"not": lambda part: not _truth(part),
	"==": _equal,
	"!=": lambda left, right: not _equal(left, right),
	"<": _ordered(lambda left, right: left < right),
	"<=": _ordered(lambda left, right: left <= right),
	">": _ordered(lambda left, right: left > right),
	">=": _ordered(lambda left, right: left >= right),
	"in": _contains,
	"not in": lambda item, container: not _contains(item, container),
}
