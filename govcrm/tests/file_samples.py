"""Files that tests take in: photos with a word hidden in all their metadata, documents, and what pretends to be them."""

import zipfile
from io import BytesIO

from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

CANARY = "CANARY-7f3a91"
ASIDE = 6  # orientation: the top of the picture is at its right
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
XMP = f"<x:xmpmeta><a>{CANARY}</a></x:xmpmeta>".encode()
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
MAIN_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}


def exif() -> Image.Exif:
	"""Where the photo was taken, when, and with what."""
	said = Image.Exif()
	said[0x0112], said[0x010F], said[0x9C9B] = ASIDE, CANARY, CANARY.encode("utf-16le")
	said.get_ifd(0x8769).update({0x9286: CANARY.encode(), 0x927C: CANARY.encode() * 9})
	place = {
		1: "N",
		2: (38.0, 53.0, 51.6),
		3: "W",
		4: (77.0, 2.0, 12.0),
		27: CANARY.encode(),
		29: "2026:11:23",
	}
	said.get_ifd(0x8825).update(place)
	return said


def photo(kind: str, **options: object) -> bytes:
	return PHOTOS[kind](**options)


def picture(mode: str = "RGB", size: tuple[int, int] = (64, 48)) -> Image.Image:
	return Image.effect_noise(size, 80).convert(mode)


def _saved(kind: str, image: Image.Image | None = None, **options: object) -> bytes:
	out = BytesIO()
	(image or picture()).save(out, kind, **options)
	return out.getvalue()


def _png(**options: object) -> bytes:
	texts = PngInfo()
	texts.add_text("Author", CANARY)
	texts.add_text("Comment", CANARY, zip=True)
	texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
	return _saved("PNG", exif=exif().tobytes(), icc_profile=PROFILE, pnginfo=texts, **options)


def _jpeg(**options: object) -> bytes:
	said = {"exif": exif().tobytes(), "icc_profile": PROFILE, "comment": CANARY.encode(), "xmp": XMP}
	return _saved("JPEG", **said, **options)


def _webp(**options: object) -> bytes:
	return _saved("WEBP", exif=exif().tobytes(), icc_profile=PROFILE, xmp=XMP, **options)


def _tiff(**options: object) -> bytes:
	pages = {"save_all": True, "append_images": [picture()], "compression": "tiff_lzw"}
	return _saved("TIFF", exif=exif(), icc_profile=PROFILE, **pages, **options)


def _gif(**options: object) -> bytes:
	frames = {"save_all": True, "append_images": [picture("P")], "loop": 0}
	return _saved("GIF", picture("P"), comment=CANARY.encode(), **frames, **options)


PHOTOS = {"gif": _gif, "jpeg": _jpeg, "png": _png, "tiff": _tiff, "webp": _webp}


def archive(**parts: str | bytes) -> bytes:
	out = BytesIO()
	with zipfile.ZipFile(out, "w") as file:
		for name, content in parts.items():
			file.writestr(name, content)
	return out.getvalue()


def office(kind: str = "docx", **more: str) -> bytes:
	return archive(**{"[Content_Types].xml": "<Types/>", MAIN_PARTS[kind]: "<x/>", **more})


def open_document(kind: str = "text", **more: str) -> bytes:
	declared = f"application/vnd.oasis.opendocument.{kind}"
	return archive(**{"mimetype": declared, "content.xml": "<x/>", **more})


def box(kind: bytes, body: bytes) -> bytes:
	return (len(body) + 8).to_bytes(4, "big") + kind + body


def film(brand: bytes = b"isom") -> bytes:
	"""MP4 whose camera wrote down where it stood, for the whole and for a track."""
	place = box(b"udta", box(b"\xa9xyz", CANARY.encode()))
	track = box(b"trak", box(b"tkhd", bytes(84)) + place)
	return (
		box(b"ftyp", brand + bytes(4) + brand)
		+ box(b"moov", box(b"mvhd", bytes(100)) + track + place + box(b"meta", CANARY.encode()))
		+ box(b"uuid", bytes(16) + XMP)
		+ box(b"mdat", b"moving pictures")
	)


def still() -> bytes:
	"""HEIC with a picture of six bytes, Exif and XMP."""
	head = box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")
	entries = b"".join(
		box(b"infe", b"\2\0\0\0" + number.to_bytes(2, "big") + bytes(2) + kind + b"\0")
		for number, kind in enumerate((b"hvc1", b"Exif", b"mime"), 1)
	)
	items = box(b"iinf", bytes(4) + (3).to_bytes(2, "big") + entries)
	parts = (b"PIXELS", bytes(4) + CANARY.encode(), XMP)

	def meta(first: int) -> bytes:
		places, at = b"", first
		for number, part in enumerate(parts, 1):
			places += number.to_bytes(2, "big") + bytes(2) + (1).to_bytes(2, "big")
			places += at.to_bytes(4, "big") + len(part).to_bytes(4, "big")
			at += len(part)
		return box(b"meta", bytes(4) + items + box(b"iloc", bytes(4) + b"\x44\0\0\3" + places))

	first = len(head) + len(meta(0)) + 8
	return head + meta(first) + box(b"mdat", b"".join(parts))
