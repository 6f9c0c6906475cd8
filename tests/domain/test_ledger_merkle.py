"""The tree: what RFC 6962 and 9162 say of it, the vectors of the first log, an independent library, and properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain.ledger import merkle
from govcrm.domain.ledger.leaf import EMPTY_TREE, leaf_hash, node_hash

pymerkle = pytest.importorskip("pymerkle")

# The leaves and roots that the reference implementation of RFC 6962 is tested with.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
	"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
	"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
	"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
	"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
	"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
	"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
	"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
	"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(i.to_bytes(2, "big")) for i in range(600)]
HASH_OF = merkle.composed(merkle.hashing(LEAVES))

sizes = st.integers(1, len(LEAVES))


def test_the_empty_tree_is_the_hash_of_nothing():
	assert EMPTY_TREE.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	assert merkle.root_of([]) == EMPTY_TREE


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_the_reference_implementation(size):
	assert merkle.root_of(leaf_hash(bytes.fromhex(one)) for one in INPUTS[:size]).hex() == ROOTS[size - 1]


@pytest.fixture
def example():
	"""The tree of seven leaves of RFC 9162 (2.1.5), with the names that it gives to the nodes."""
	a, b, c, d, e, f, j = leaves = [leaf_hash(bytes([i])) for i in range(7)]
	g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
	k, l = node_hash(g, h), node_hash(i, j)  # noqa: E741 - its name there
	names = dict(a=a, b=b, c=c, d=d, e=e, f=f, g=g, h=h, i=i, j=j, k=k, l=l, root=node_hash(k, l))
	return leaves, names


@pytest.mark.parametrize("index, path", [(0, "bhl"), (3, "cgl"), (4, "fjk"), (6, "ik")])
def test_the_inclusion_proofs_are_those_of_the_example_in_rfc_9162(example, index, path):
	leaves, names = example
	proof = merkle.inclusion_proof(index, 7, merkle.hashing(leaves))
	assert proof == [names[one] for one in path]
	assert merkle.verify_inclusion(leaves[index], index, 7, proof, names["root"])


@pytest.mark.parametrize("old, path", [(3, "cdgl"), (4, "l"), (6, "ijk")])
def test_the_consistency_proofs_are_those_of_the_example_in_rfc_9162(example, old, path):
	leaves, names = example
	proof = merkle.consistency_proof(old, 7, merkle.hashing(leaves))
	assert proof == [names[one] for one in path]
	assert merkle.verify_consistency(old, 7, merkle.root_of(leaves[:old]), names["root"], proof)


@given(sizes, st.data())
def test_an_independent_library_makes_the_same_roots_and_paths(size, data):
	theirs = pymerkle.InmemoryTree(algorithm="sha256")
	for i in range(size):
		theirs.append_entry(i.to_bytes(2, "big"))
	at, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
	assert merkle.root_of(LEAVES[:size]) == theirs.get_root(size)
	assert theirs.get_leaf(at + 1) == LEAVES[at]
	proof = merkle.inclusion_proof(at, size, HASH_OF)
	assert [one.hex() for one in proof] == theirs.prove_inclusion(at + 1, size).serialize()["path"][1:]
	grown = theirs.prove_consistency(old, size)
	pymerkle.verify_consistency(merkle.root_of(LEAVES[:old]), merkle.root_of(LEAVES[:size]), grown)


@given(sizes, st.data())
def test_a_leaf_is_proven_where_it_stands_and_nowhere_else(size, data):
	at = data.draw(st.integers(0, size - 1))
	root = merkle.root_of(LEAVES[:size])
	proof = merkle.inclusion_proof(at, size, HASH_OF)
	assert merkle.verify_inclusion(LEAVES[at], at, size, proof, root)
	other = data.draw(st.integers(0, size).filter(lambda n: n != at))
	assert not merkle.verify_inclusion(LEAVES[at], other, size, proof, root)
	assert not merkle.verify_inclusion(leaf_hash(b"another"), at, size, proof, root)
	assert not merkle.verify_inclusion(LEAVES[at], at, size, [*proof, root], root)
	assert not merkle.verify_inclusion(LEAVES[at], at, size, proof, leaf_hash(b"another"))
	for step in range(len(proof)):
		assert not merkle.verify_inclusion(LEAVES[at], at, size, _without(proof, step), root)
		assert not merkle.verify_inclusion(LEAVES[at], at, size, _flipped(proof, step), root)


@given(sizes, st.data())
def test_a_log_that_only_grew_is_proven_and_any_other_is_not(new, data):
	old = data.draw(st.integers(1, new))
	roots = merkle.root_of(LEAVES[:old]), merkle.root_of(LEAVES[:new])
	proof = merkle.consistency_proof(old, new, HASH_OF)
	assert merkle.verify_consistency(old, new, *roots, proof)
	changed = merkle.root_of([leaf_hash(b"another"), *LEAVES[1:old]])
	assert not merkle.verify_consistency(old, new, changed, roots[1], proof)
	assert not merkle.verify_consistency(old, new, *roots, [*proof, roots[0]])
	for step in range(len(proof)):
		assert not merkle.verify_consistency(old, new, *roots, _without(proof, step))
		assert not merkle.verify_consistency(old, new, *roots, _flipped(proof, step))


@given(st.integers(0, 599), st.integers(0, 599))
def test_a_tree_goes_on_from_its_frontier_as_if_it_had_never_stopped(stopped, more):
	whole, first = merkle.Range(), merkle.Range()
	for leaf in LEAVES[:stopped]:
		first.append(leaf)
	again = merkle.Range.from_frontier(first.size, first.frontier)
	for leaf in LEAVES[stopped : stopped + more]:
		again.append(leaf)
	for leaf in LEAVES[: stopped + more]:
		whole.append(leaf)
	assert (again.size, again.frontier, again.root()) == (whole.size, whole.frontier, whole.root())


@pytest.mark.parametrize("size, hashes", [(1, 0), (0, 1), (3, 1), (7, 4), (-1, 1)])
def test_a_frontier_that_cannot_be_of_its_size_is_refused(size, hashes):
	with pytest.raises(ValueError, match="no compact range"):
		merkle.Range.from_frontier(size, [bytes(32)] * hashes)
	with pytest.raises(ValueError, match="no compact range"):
		merkle.Range.from_frontier(1, [bytes(31)])


@pytest.mark.parametrize("index, size", [(-1, 1), (1, 1), (0, 0)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(index, size):
	with pytest.raises(ValueError):
		merkle.inclusion_proof(index, size, HASH_OF)
	assert not merkle.verify_inclusion(LEAVES[0], index, size, [], LEAVES[0])


@pytest.mark.parametrize("old, new", [(0, 1), (2, 1), (-1, 1)])
def test_there_is_no_proof_that_a_log_shrank(old, new):
	with pytest.raises(ValueError):
		merkle.consistency_proof(old, new, HASH_OF)
	assert not merkle.verify_consistency(old, new, LEAVES[0], LEAVES[0], [])


def test_parts_of_a_tree_are_asked_for_whole_subtrees_only():
	asked = []

	def whole(begin, end):
		asked.append((begin, end))
		return merkle.root_of(LEAVES[begin:end])

	for size in (1, 255, 256, 257, 600):
		merkle.consistency_proof(max(1, size // 3), size, merkle.composed(whole))
	assert asked
	assert all((end - begin).bit_count() == 1 and begin % (end - begin) == 0 for begin, end in asked)


def _without(proof, step):
	return proof[:step] + proof[step + 1 :]


def _flipped(proof, step):
	return [*proof[:step], bytes([proof[step][0] ^ 1]) + proof[step][1:], *proof[step + 1 :]]
