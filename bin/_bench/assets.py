"""What the browser loads: the app's public folder in the bench's assets, and bundles where there are any."""

from .bench import APP, Bench
from .shell import CHECKOUT, say

PUBLIC = CHECKOUT / APP / "public"


def prepare(bench: Bench) -> None:
	"""Link the public folder, build the bundles that are older than their sources, and Frappe's if it has none."""
	assets = bench.sites / "assets"
	assets.mkdir(exist_ok=True)
	place = assets / APP
	if not place.exists():
		place.unlink(missing_ok=True)
		place.symlink_to(bench.path / "apps" / APP / APP / "public", target_is_directory=True)
	if not (assets / "assets.json").exists():
		say(f"{bench.name}: building all assets")
		bench.frappe(None, "build")
	elif _is_stale():
		say(f"{bench.name}: building the app's assets")
		bench.frappe(None, "build", "--app", APP)


def _is_stale() -> bool:
	sources = [path for path in PUBLIC.rglob("*.bundle.*") if "dist" not in path.parts]
	built = [path.stat().st_mtime for path in (PUBLIC / "dist").rglob("*.bundle.*")]
	newest = max((path.stat().st_mtime for path in PUBLIC.rglob("*") if "dist" not in path.parts), default=0)
	return bool(sources) and (not built or newest > min(built))
