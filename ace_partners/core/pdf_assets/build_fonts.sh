#!/bin/sh
# How the four fonts of this folder were made, from Debian's fonts-noto-core 20201225-1, with fontTools 4.68.
# Run it only to add characters:  sh ace_partners/core/pdf_assets/build_fonts.sh
#
# Whole, the files are 520 kB each; reduced to Latin (all of Africa's and Europe's), Greek and Cyrillic, 210 kB.
# WOFF2 would be smaller still, but WeasyPrint unpacks it in Python at every document.
set -eu
out=$(cd "$(dirname "$0")" && pwd)
bin=$out/../../../.venv/bin
noto=/usr/share/fonts/truetype/noto
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

text=U+0020-007E,U+00A0-02FF,U+0300-036F,U+0370-03FF,U+0400-04FF,U+1E00-1EFF,U+2000-206F,U+2070-209F,U+20A0-20CF
text=$text,U+2100-214F,U+2150-218F,U+2C60-2C7F,U+A720-A7FF,U+FB00-FB06,U+25CC,U+FFFD
for style in Regular Bold Italic; do
  "$bin/pyftsubset" "$noto/NotoSans-$style.ttf" --unicodes="$text" --no-hinting \
    --layout-features=ccmp,locl,mark,mkmk,kern,liga,tnum,lnum,case,frac,sups,subs,ordn \
    --output-file="$out/NotoSans-$style.ttf"
done

part() { # output, source, characters
  "$bin/pyftsubset" "$noto/$2.ttf" --unicodes="$3" --layout-features= --drop-tables+=MATH --no-hinting \
    --output-file="$work/$1.ttf"
}
# A run of symbols takes the spaces around it along: were they missing, WeasyPrint would write an encoding that few
# readers know, and the text could not be copied.
part a NotoSans-Regular U+0020,U+00A0,U+2009,U+202F
part b NotoSansMath-Regular U+21C4,U+21C6,U+21CC,U+2200-2265,U+226A,U+226B,U+2282-2287
part c NotoSansSymbols-Regular U+2190-21FF,U+2690-2699,U+2460-2473
part d NotoSansSymbols2-Regular \
  U+2580-25FF,U+2605,U+2606,U+2610-2612,U+26A0,U+2702-27BF,U+2B1B,U+2B1C,U+23F1-23F3,U+260E,U+2709
cd "$work"
"$bin/pyftmerge" --output-file=symbols.ttf a.ttf b.ttf c.ttf d.ttf

# The merged symbols take the text's height, so that a line with a ✔ is no taller, and a name of their own.
"$bin/python" - "$out" <<'PYTHON'
import sys
from fontTools.ttLib import TTFont

text = TTFont(f"{sys.argv[1]}/NotoSans-Regular.ttf")
font = TTFont("symbols.ttf", recalcTimestamp=False)
for field in ("ascent", "descent", "lineGap"):
    setattr(font["hhea"], field, getattr(text["hhea"], field))
for field in ("sTypoAscender", "sTypoDescender", "sTypoLineGap", "usWinAscent", "usWinDescent"):
    setattr(font["OS/2"], field, getattr(text["OS/2"], field))
name = "Noto Sans Symbols Subset"
names = {1: name, 3: name, 4: name, 6: name.replace(" ", ""), 16: name}
for record in list(font["name"].names):
    if record.nameID in names:
        record.string = names[record.nameID]
font["head"].created = font["head"].modified = text["head"].modified
font.save(f"{sys.argv[1]}/NotoSans-Symbols.ttf")
PYTHON
