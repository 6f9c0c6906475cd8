"""Takes out of a file what tells of people and places but is not what it shows."""

from govcrm.domain.files import gif, jpeg, media, png, tiff, webp

# Documents have none: what they say of their authors belongs to the evidence, and to what is signed in it (docs/security.md).
CLEANERS = {
	"jpeg": jpeg.clean,
	"gif": gif.clean,
	"png": png.clean,
	"webp": webp.clean,
	"tiff": tiff.clean,
	"heic": media.clean_still,
	"mp4": media.clean_recording,
	"mov": media.clean_recording,
	"m4a": media.clean_recording,
}


def cleaned(kind: str, raw: bytes) -> bytes:
	"""The content without its metadata, for kinds that have a cleaner. Raises Damaged."""
	return CLEANERS[kind](raw) if kind in CLEANERS else raw
