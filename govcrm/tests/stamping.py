"""A time-stamping authority (RFC 3161) of this machine, made with `openssl ts`."""

import subprocess
from pathlib import Path

CONFIG = """
[tsa]
default_tsa = local
[local]
serial = {folder}/serial
signer_cert = {folder}/signer.pem
certs = {folder}/root.pem
signer_key = {folder}/signer.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256, sha384, sha512
ess_cert_id_alg = sha256
ordering = yes
tsa_name = yes
"""
PURPOSE = "extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n"


class Authority:
	"""Its root, and a certificate below it for time stamps."""

	def __init__(self, folder: Path) -> None:
		self.folder = folder
		folder.mkdir()
		self._run(
			"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3",
			"-subj", "/CN=Root of the test", "-keyout", "root.key", "-out", "root.pem",
		)  # fmt: skip
		self._certify("signer")
		(folder / "serial").write_text("01")
		(folder / "ts.cnf").write_text(CONFIG.format(folder=folder))

	@property
	def root(self) -> str:
		return (self.folder / "root.pem").read_text()

	def stamp(self, query: bytes) -> bytes:
		"""The DER answer to a DER query."""
		(self.folder / "query").write_bytes(query)
		self._run(
			"ts", "-reply", "-config", "ts.cnf", "-section", "local", "-queryfile", "query", "-out", "reply"
		)
		return (self.folder / "reply").read_bytes()

	def verifies(self, answer: bytes, data: bytes) -> bool:
		"""What OpenSSL itself thinks of an answer."""
		(self.folder / "kept").write_bytes(answer)
		(self.folder / "data").write_bytes(data)
		command = ["openssl", "ts", "-verify", "-in", "kept", "-data", "data", "-CAfile", "root.pem"]
		return subprocess.run(command, cwd=self.folder, capture_output=True, check=False).returncode == 0

	def _certify(self, name: str) -> None:
		self._run(
			"req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name} of the test",
			"-keyout", f"{name}.key", "-out", f"{name}.csr",
		)  # fmt: skip
		(self.folder / "purpose").write_text(PURPOSE)
		self._run(
			"x509", "-req", "-in", f"{name}.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial",
			"-days", "3", "-extfile", "purpose", "-out", f"{name}.pem",
		)  # fmt: skip

	def _run(self, *command: str) -> None:
		subprocess.run(["openssl", *command], cwd=self.folder, capture_output=True, check=True)
