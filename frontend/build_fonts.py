"""Make the fonts of the site and of the printed pages from the npm packages.

Two kinds go into elearning/static/dist/fonts/:

* `*.woff2` for the browser: Latin and Latin Extended apart (a page that needs no "ł" never loads the second),
  Fraunces fixed at the one weight and softness that headings use.
* `print/*.ttf` for paper: one whole file per weight and style. A PDF made from the split files shows wrong
  letters as soon as one word needs both halves ("łódź").

Run it with the project's Python after `npm ci`. It does nothing where the fonts are newer than their sources.
"""

from __future__ import annotations

import sys
import tempfile
from io import BytesIO
from pathlib import Path

from fontTools import merge, subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

HERE = Path(__file__).parent
ATKINSON = HERE / "node_modules/@fontsource-variable/atkinson-hyperlegible-next/files"
FRAUNCES = HERE / "node_modules/@fontsource-variable/fraunces/files"
FONTS = HERE.parent / "elearning/static/dist/fonts"

HEADING = {"wght": 600, "SOFT": 100, "WONK": 0}
KEPT_FEATURES = ["kern", "liga", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum"]
LATIN = {*range(0x20, 0x7F), *range(0xA0, 0x100), 0x2010, 0x2011, 0x2013, 0x2014, 0x2018, 0x2019, 0x201A}
LATIN |= {0x201C, 0x201D, 0x201E, 0x2022, 0x2026, 0x2032, 0x2033, 0x2039, 0x203A, 0x20AC, 0x2190, 0x2191}
LATIN |= {0x2192, 0x2193, 0x2212, 0x2215, 0x2122, 0x0131, 0x0152, 0x0153}


def instance(source: Path, axes: dict[str, float | tuple[float, float]]) -> TTFont:
    """The variable font with the given axes fixed (a number) or narrowed (a pair)."""
    font = instancer.instantiateVariableFont(TTFont(source), axes, updateFontNames=False)
    font.flavor = None
    reread = BytesIO()  # the subsetter needs the tables as they are in a file, without the instancer's gaps
    font.save(reread)
    return TTFont(BytesIO(reread.getvalue()))


def trimmed(font: TTFont, unicodes: set[int] | None) -> TTFont:
    """The font without hints, glyph names and features that no page uses; `unicodes` None keeps all."""
    options = subset.Options(layout_features=KEPT_FEATURES, hinting=False, glyph_names=False)
    options.drop_tables += ["STAT", "DSIG", "MVAR"]
    if "fvar" in font:
        options.drop_tables.remove("STAT")
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=unicodes or set(font.getBestCmap()))
    subsetter.subset(font)
    return font


def write_web_fonts() -> None:
    """Latin and Latin Extended apart, upright and italic, for the browser."""
    weights: dict[str, float | tuple[float, float]] = {"wght": (400, 700)}
    for style in ("normal", "italic"):
        for script, letters in (("latin", LATIN), ("latin-ext", None)):
            font = instance(ATKINSON / f"atkinson-hyperlegible-next-{script}-wght-{style}.woff2", weights)
            write_woff2(trimmed(font, letters), f"atkinson-next-{style}-{script}")
    for script, letters in (("latin", LATIN), ("latin-ext", None)):
        font = instance(FRAUNCES / f"fraunces-{script}-full-normal.woff2", {**HEADING, "opsz": 48})
        write_woff2(trimmed(font, letters), f"fraunces-semibold-{script}")


def write_woff2(font: TTFont, name: str) -> None:
    """Save the font compressed for the browser."""
    font.flavor = "woff2"
    font.save(FONTS / f"{name}.woff2")


def write_print_fonts() -> None:
    """One whole file per weight and style, for paper."""
    for name, style, weight in (
        ("Regular", "normal", 400),
        ("Bold", "normal", 700),
        ("Italic", "italic", 400),
    ):
        pattern = f"atkinson-hyperlegible-next-{{script}}-wght-{style}.woff2"
        write_whole(ATKINSON, pattern, {"wght": weight}, f"AtkinsonNext-{name}")
    write_whole(FRAUNCES, "fraunces-{script}-full-normal.woff2", {**HEADING, "opsz": 40}, "Fraunces-SemiBold")


def write_whole(folder: Path, pattern: str, axes: dict[str, float], name: str) -> None:
    """Join the Latin and Latin Extended halves of one weight and style into print/<name>.ttf."""
    with tempfile.TemporaryDirectory() as scratch:
        halves = []
        for script in ("latin", "latin-ext"):
            half = trimmed(instance(folder / pattern.format(script=script), dict(axes)), None)
            path = Path(scratch) / f"{script}.ttf"
            half.save(path)
            halves.append(str(path))
        whole = merge.Merger().merge(halves)
    rename(whole, name)
    whole.save(FONTS / "print" / f"{name}.ttf")


def rename(font: TTFont, name: str) -> None:
    """Give the file its own family name, so that a PDF lists one font per file and never a system font."""
    family, style = name.split("-")
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in (0, 13, 14)]
    for name_id, text in ((1, f"{family} {style}"), (2, "Regular"), (4, f"{family} {style}"), (6, name)):
        table.setName(text, name_id, 3, 1, 0x409)


def is_fresh() -> bool:
    """Whether every font is there and newer than this script and the lock file."""
    made = [*FONTS.glob("*.woff2"), *FONTS.glob("print/*.ttf")]
    sources = [Path(__file__), HERE / "package-lock.json"]
    return len(made) == 10 and min(p.stat().st_mtime for p in made) > max(p.stat().st_mtime for p in sources)


def main() -> int:
    """Make the fonts; the exit status is 2 where the packages are missing."""
    if not ATKINSON.is_dir() or not FRAUNCES.is_dir():
        print("The font packages are not there yet: run `npm ci` in frontend/ first.", file=sys.stderr)
        return 2
    if is_fresh():
        print("Fonts are up to date.")
        return 0
    (FONTS / "print").mkdir(parents=True, exist_ok=True)
    write_web_fonts()
    write_print_fonts()
    for path in sorted(FONTS.rglob("*.*")):
        print(f"  {path.relative_to(FONTS)}  {path.stat().st_size / 1024:.1f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
