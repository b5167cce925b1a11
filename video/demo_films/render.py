"""From a script to an MP4: pictures drawn one by one, soft notes and murmuring voices below them."""

import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from video.demo_films.figures import draw_person
from video.demo_films.rooms import HEIGHT, WIDTH, Room, build_room
from video.demo_films.script import END_SECONDS, TITLE_SECONDS, Script, read_script
from video.demo_films.sheet import Sheet, lighter, mix, rgb, ring, smooth
from video.demo_films.staging import Stage
from video.demo_films.things import draw_thing

RATE = 25
FADE_SECONDS = 0.5
PAPER = rgb("#fbf7f0")
INK = rgb("#20302f")
MUTED = rgb("#55625f")
TITLE_SIZE, SMALL_SIZE = 62, 26
# A calm chord for each hour, in hertz.
NOTES = {
    "morning": (261.6, 329.6, 392.0, 523.3, 440.0, 392.0),
    "day": (293.7, 370.0, 440.0, 554.4, 493.9, 440.0),
    "evening": (220.0, 261.6, 329.6, 440.0, 392.0, 329.6),
}
# The small stand before the tall, so that nobody is hidden.
NEARER = {"baby": 34.0, "toddler": 30.0, "child": 26.0, "young_person": 4.0, "adult": 0.0}
VOICES = {"baby": 420, "toddler": 360, "child": 310, "young_person": 210, "adult": 190}


def render(script: Script, target: Path, *, ffmpeg: str, fonts: Path | None = None) -> None:
    """Draw the film into ``target``. Raises CalledProcessError when ffmpeg refuses."""
    argv = [
        ffmpeg, "-v", "error", "-nostdin", "-y",
        "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(RATE), "-i", "pipe:0",
        "-f", "lavfi", "-i", f"aevalsrc=exprs='{sound(script)}':s=24000:d={script.seconds}",
        "-map", "0:v:0", "-map", "1:a:0", "-shortest", "-threads", "1",
        "-c:v", "libx264", "-preset", "superfast", "-crf", "20", "-pix_fmt", "yuv420p",
        "-c:a", "aac", "-b:a", "80k", "-af", "lowpass=f=1800,aecho=0.8:0.7:60:0.25",
        "-movflags", "+faststart", str(target),
    ]  # fmt: skip
    with subprocess.Popen(argv, stdin=subprocess.PIPE) as process:  # noqa: S603
        try:
            for frame in frames(script, fonts):
                process.stdin.write(frame)
            process.stdin.close()
        except BrokenPipeError:
            pass  # ffmpeg has ended; its exit status below says why
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, argv[0])


def frames(script: Script, fonts: Path | None) -> Iterator[bytes]:
    """Every picture of the film as raw RGB."""
    room = build_room(script.room, script.light)
    stage = Stage(script, has_chairs=room.has_chairs, has_sofa=room.has_sofa)
    title = title_card(script, fonts)
    paper = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    title_bytes = title.tobytes()
    for number in range(round(script.seconds * RATE)):
        now = number / RATE
        if now < TITLE_SECONDS - FADE_SECONDS:
            yield title_bytes
            continue
        picture = scene(room, stage, now)
        if now < TITLE_SECONDS:
            picture = Image.blend(title, picture, (now - TITLE_SECONDS + FADE_SECONDS) / FADE_SECONDS)
        left = script.seconds - now
        if left < END_SECONDS * 0.7:
            picture = Image.blend(paper, picture, max(0.0, left / (END_SECONDS * 0.7)))
        yield picture.tobytes()


def scene(room: Room, stage: Stage, now: float) -> Image.Image:
    """The room with everyone in it at a moment, those further back first."""
    layers = [(piece.stands_at, piece.picture, piece.left, piece.top) for piece in room.pieces]
    for actor in stage.actors.values():
        x, y = actor.x.at(now), actor.y.at(now)
        if -200 < x < WIDTH + 200:
            one = actor.person
            drawn, foot = draw_person(
                one.kind, one.skin, one.hair, one.colour, actor.stance_at(now), room.tint
            )
            nearer = NEARER[one.kind] if not actor.chair.at(now) else 0.0
            layers.append((y + nearer, drawn, round(x - foot[0]), round(y - foot[1] - actor.lift_at(now))))
    for name, x, y, since, until in stage.left_things:
        if since <= now < until:
            drawn = lone_thing(name, room.tint)
            layers.append((701.0, drawn, round(x - drawn.width / 2), round(y - drawn.height / 2)))
    picture = room.ground.copy()
    for _, drawn, left, top in sorted(layers, key=lambda layer: layer[0]):
        picture.paste(drawn, (left, top), drawn)
    return picture


@lru_cache(maxsize=64)
def lone_thing(name: str, tint: tuple[int, int, int]) -> Image.Image:
    """A thing that lies by itself."""
    sheet = Sheet(150, 150)
    draw_thing(sheet, name, (75, 75))
    return sheet.finished(tint)


def load_font(fonts: Path | None, name: str, size: int) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    """The site's own letters where they are built, else Pillow's."""
    path = fonts / name if fonts else None
    return ImageFont.truetype(str(path), size) if path and path.is_file() else ImageFont.load_default(size)


def title_card(script: Script, fonts: Path | None) -> Image.Image:
    """The film's name on cream paper, with a few cut leaves."""
    sheet = Sheet(WIDTH, HEIGHT, ground=PAPER)
    colours = (rgb("#2f8085"), rgb("#d99a3d"), rgb("#b9533c"), rgb("#7d4f8c"), rgb("#7f9f76"))
    sheet.cut(smooth([(-60, 560), (240, 520), (640, 585), (1010, 530), (1340, 575), (1340, 800), (-60, 800)]),
              mix(colours[0], PAPER, 0.35))  # fmt: skip
    sheet.cut(smooth([(-60, 640), (330, 610), (700, 655), (1100, 600), (1340, 650), (1340, 800), (-60, 800)]),
              lighter(colours[4], 0.1))  # fmt: skip
    for place, colour in enumerate(colours):
        x = 150 + place * 245
        sheet.cut(ring(x, 560 + (place % 2) * 26, 24, 46, (place - 2) * 14), colour)
        sheet.line([(x, 600 + (place % 2) * 26), (x, 530 + (place % 2) * 26)], lighter(colour, 0.4), 2)
    card = sheet.finished().convert("RGB")
    pen = ImageDraw.Draw(card)
    font = load_font(fonts, "Fraunces-SemiBold.ttf", TITLE_SIZE)
    lines = wrapped(script.title, font, WIDTH - 240)
    y = 270 - len(lines) * TITLE_SIZE * 0.62
    for line in lines:
        pen.text((WIDTH / 2, y), line, font=font, fill=INK, anchor="mt")
        y += TITLE_SIZE * 1.25
    small = load_font(fonts, "AtkinsonNext-Regular.ttf", SMALL_SIZE)
    pen.text((WIDTH / 2, y + 22), "A drawn story. Nobody in it is real.", font=small, fill=MUTED, anchor="mt")
    return card


def wrapped(text: str, font: ImageFont.ImageFont | ImageFont.FreeTypeFont, width: float) -> list[str]:
    """The text in lines that fit the width."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def sound(script: Script) -> str:
    """ffmpeg's expression for slow soft notes, and a murmur in each speaker's pitch while they speak."""
    notes = NOTES[script.light]
    melody = "+".join(
        f"sin(2*PI*{note}*t)*exp(-1.6*mod(t+{(count - place) * 1.25},{count * 1.25}))"
        for count in (len(notes),)
        for place, note in enumerate(notes)
    )
    kinds = {person.id: (VOICES[person.kind], order) for order, person in enumerate(script.people)}
    murmurs = []
    for moment in script.moments:
        if moment.speaker:
            pitch, order = kinds[moment.speaker]
            pitch *= 1 + 0.09 * (order % 3 - 1)
            start, end = moment.starts_at, moment.starts_at + moment.words_seconds - 0.15
            murmurs.append(
                f"between(t,{start:.2f},{end:.2f})*pow(sin(PI*(t-{start:.2f})*3.6),2)"
                f"*sin(2*PI*{pitch:.0f}*t+1.6*sin(2*PI*1.7*t))"
            )
    voices = "+".join(murmurs) or "0"
    return f"0.07*({melody})+0.11*({voices})".replace(",", r"\,")


def main() -> None:
    """``python -m video.demo_films.render STORY.toml TARGET.mp4 FFMPEG FONTS``, for work in parallel."""
    story, target, ffmpeg, fonts = sys.argv[1:5]
    render(read_script(Path(story)), Path(target), ffmpeg=ffmpeg, fonts=Path(fonts))


if __name__ == "__main__":
    main()
