"""From an upload to files that play: with the real ffmpeg, and against hostile files."""

import datetime as dt
import subprocess
from pathlib import Path

import pytest
from django.core.files import File
from django.core.files.base import ContentFile
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from video.models import Clip
from video.models.clips import clip_store
from video.pipeline import job, limits, refusals
from video.pipeline.encoding import ffmpeg_path, reading
from video.pipeline.job import process_clip
from video.pipeline.playlists import master_playlist
from video.pipeline.probing import probe, sniff
from video.pipeline.refusals import FilmRefusedError, JobLostError
from video.services import reap_lost_films, take_upload

pytestmark = pytest.mark.django_db


def upload(path: Path) -> Clip:
    clip = Clip(title="A film")
    with path.open("rb") as file:
        clip.upload.save(path.name, File(file), save=False)
    clip.save()
    return clip


def stored_names() -> set[str]:
    root = Path(clip_store().path(""))
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def film_with_secrets(short_film, tmp_path_factory) -> Path:
    """The short film as a telephone would keep it: with a place and a name inside."""
    target = tmp_path_factory.mktemp("secrets") / "phone.mp4"
    argv = [ffmpeg_path(), "-v", "error", "-i", str(short_film), "-c", "copy",
            "-metadata", "title=Rose Smith", "-metadata", "location=+51.5-0.1/", str(target)]  # fmt: skip
    subprocess.run(argv, check=True)
    return target


@pytest.mark.film
def test_a_film_becomes_ready_to_play(film_with_secrets):
    clip = upload(film_with_secrets)
    assert process_clip(clip.pk)
    clip.refresh_from_db()
    assert (clip.state, clip.progress, clip.failure) == ("ready", 100, "")
    assert clip.duration_ms == pytest.approx(5_700, abs=1000)
    sizes = {one.name: (one.width, one.height) for one in clip.renditions.all()}
    assert sizes == {"720": (1280, 720), "480": (854, 480), "240": (426, 240), "audio": (0, 0)}
    for one in clip.renditions.all():
        assert clip_store().exists(one.file)
        assert f'URI="{one.name}.mp4"' in one.playlist
        assert "#EXT-X-BYTERANGE" in one.playlist
    assert clip.upload.name == ""
    assert not any(name.startswith("incoming/") for name in stored_names())
    with clip_store().open(clip.poster) as poster:
        assert poster.read(2) == b"\xff\xd8"


@pytest.mark.film
def test_place_and_name_are_taken_out_of_all_that_is_kept(film_with_secrets):
    clip = upload(film_with_secrets)
    process_clip(clip.pk)
    kept = b"".join(Path(clip_store().path(name)).read_bytes() for name in stored_names())
    assert b"Rose Smith" not in kept
    assert b"+51.5-0.1" not in kept


@pytest.mark.film
def test_the_master_playlist_begins_with_480(short_film):
    clip = upload(short_film)
    process_clip(clip.pk)
    lines = master_playlist(list(clip.renditions.all())).splitlines()
    names = [line for line in lines if line.endswith(".m3u8") and not line.startswith("#")]
    assert names == ["480.m3u8", "720.m3u8", "240.m3u8"]
    assert any(line.startswith("#EXT-X-MEDIA:TYPE=AUDIO") for line in lines)
    assert all("avc1." in line and "mp4a.40.2" in line for line in lines if "STREAM-INF" in line)


@pytest.mark.film
def test_doing_it_again_swaps_the_files_and_leaves_none_behind(short_film):
    clip = upload(short_film)
    process_clip(clip.pk)
    before = stored_names()
    Clip.objects.update(state=Clip.State.UPLOADED)
    assert process_clip(clip.pk)
    after = stored_names()
    assert len(after) == len(before) == 6
    assert {name for name in after if name.startswith("originals")} == {
        name for name in before if name.startswith("originals")
    }
    assert not {name for name in after & before if name.startswith("renditions")}


@pytest.mark.film
def test_a_silent_and_small_film_gets_silence_and_no_larger_size(make_film):
    clip = upload(make_film("-t", "2", size="426x240"))
    assert process_clip(clip.pk)
    assert {one.name for one in clip.renditions.all()} == {"240", "audio"}


@pytest.mark.film
def test_an_upright_film_of_a_telephone_stays_upright(make_film):
    clip = upload(make_film("-t", "1", size="480x854"))
    assert process_clip(clip.pk)
    sizes = {one.name: (one.width, one.height) for one in clip.renditions.all() if not one.is_audio}
    assert sizes == {"480": (480, 854), "240": (240, 428)}


@pytest.mark.film
@pytest.mark.parametrize("name", ["film.webm", "film.mkv", "film.avi", "film.mov"])
def test_other_kinds_of_film_are_taken(make_film, name):
    options = ["-c:v", "libvpx", "-deadline", "realtime"] if name.endswith("webm") else []
    clip = upload(make_film("-t", "1", *options, name=name))
    assert process_clip(clip.pk), Clip.objects.get().failure


def refused(path: Path) -> str:
    clip = upload(path)
    assert not process_clip(clip.pk)
    clip.refresh_from_db()
    assert clip.state == Clip.State.FAILED
    assert not clip.renditions.exists()
    assert not any(name.startswith("renditions") for name in stored_names())
    return clip.failure


@pytest.mark.film
def test_a_film_that_was_cut_off_is_refused(short_film, tmp_path):
    cut = tmp_path / "cut.mp4"
    content = short_film.read_bytes()
    cut.write_bytes(content[: len(content) * 2 // 3])  # its head, in front, still promises six seconds
    assert refused(cut) == refusals.CUT_OFF


@pytest.mark.film
def test_a_playlist_that_calls_itself_a_film_reads_no_neighbour(short_film, tmp_path):
    script = tmp_path / "innocent.mp4"
    script.write_text(f"ffconcat version 1.0\nfile '{short_film}'\n")
    assert refused(script) == refusals.NOT_A_FILM
    playlist = tmp_path / "playlist.mp4"
    playlist.write_text(f"#EXTM3U\n#EXTINF:6,\nfile://{short_film}\n#EXT-X-ENDLIST\n")
    assert refused(playlist) == refusals.NOT_A_FILM


@pytest.mark.film
@pytest.mark.parametrize("reader", ["concat", "hls"])
def test_ffmpeg_itself_would_refuse_a_playlist_too(short_film, tmp_path, reader):
    """Even if the first bytes deceived us: the reader is not on the list."""
    script = tmp_path / "innocent.mp4"
    script.write_text(f"ffconcat version 1.0\nfile '{short_film}'\n")
    argv = [*reading(script, reader), "-f", "null", "-"]
    with pytest.raises(limits.ChildFailedError):
        limits.run(argv, tmp_path, limits.Limits(wall_seconds=20, cpu_seconds=10, file_bytes=1_000_000))


@pytest.mark.film
def test_sound_alone_is_refused(tmp_path):
    path = tmp_path / "sound.mp4"
    argv = [ffmpeg_path(), "-v", "error", "-f", "lavfi", "-i", "sine=d=1", str(path)]
    subprocess.run(argv, check=True)
    assert refused(path) == refusals.NO_PICTURE


@pytest.mark.film
def test_a_picture_larger_than_4k_is_refused_before_it_is_decoded(make_film):
    path = make_film("-frames:v", "1", "-c:v", "mpeg4", size="8000x4000", source="color")
    assert refused(path) == refusals.TOO_LARGE


@pytest.mark.film
def test_too_many_pictures_a_second_are_refused(make_film):
    path = make_film("-t", "0.5", "-r", "200", size="64x64")
    assert refused(path) == refusals.TOO_FAST


@pytest.mark.film
def test_more_than_ten_minutes_are_refused(make_film):
    path = make_film("-t", "610", "-r", "1", "-preset", "ultrafast", size="64x64", source="color")
    assert refused(path) == refusals.TOO_LONG


@pytest.mark.film
def test_too_many_streams_are_refused(make_film):
    path = make_film("-t", "0.5", *["-map", "0:v"] * 9, size="64x64", name="many.mkv")
    assert refused(path) == refusals.TOO_MANY_STREAMS


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", refusals.EMPTY), (b"hello there, no film", refusals.NOT_A_FILM),
     (b"<svg onload=alert(1)>", refusals.NOT_A_FILM), (b"%PDF-1.7 and more", refusals.NOT_A_FILM),
     (b"RIFF\0\0\0\0WAVEfmt ", refusals.NOT_A_FILM), (b"\0\0\0\x18ftypmp42" + b"\0" * 40, refusals.CUT_OFF),
     (b"\x1aE\xdf\xa3" + b"\xff" * 400, refusals.CUT_OFF)],
)  # fmt: skip
def test_what_is_no_film_is_refused_in_words(tmp_path, content, sentence):
    path = tmp_path / "x.mp4"
    path.write_bytes(content)
    with pytest.raises(FilmRefusedError) as caught:
        probe(path, tmp_path)
    assert str(caught.value) == sentence


def test_the_name_of_a_file_means_nothing():
    assert sniff(b"\x1aE\xdf\xa3........") == "matroska"
    assert sniff(b"\0\0\0\x20ftypisom") == "mov"


def test_an_upload_gets_a_name_of_our_own():
    clip = Clip(title="A film")
    clip.upload.save("../../etc/passwd Rose Smith.mp4", ContentFile(b"x"), save=False)
    assert clip.upload.name.startswith("incoming/")
    assert "Rose" not in clip.upload.name


def test_an_edit_does_not_undo_a_withdrawal_that_came_meanwhile(edith):
    clip = Clip.objects.create(title="A film", upload="incoming/x.mp4")
    opened_before = Clip.objects.get(pk=clip.pk)
    Clip.objects.filter(pk=clip.pk).update(consent_withdrawn_at=timezone.now(), state="failed")
    opened_before.title = "A better title"
    take_upload(clip=opened_before, fields=["title"], actor=edith, is_new_film=False)
    clip.refresh_from_db()
    assert (clip.title, clip.state) == ("A better title", "failed")
    assert clip.consent_withdrawn_at is not None


def test_an_upload_is_queued_with_its_id_only(edith):
    clip = take_upload(
        clip=Clip(title="A film", upload=ContentFile(b"x", name="x.mp4")),
        fields=["title", "upload"],
        actor=edith,
        is_new_film=True,
    )
    task = DBTaskResult.objects.get(task_path="video.tasks.prepare_film")
    assert (task.queue_name, task.args_kwargs) == ("media", {"args": [clip.pk], "kwargs": {}})


# --- lost jobs ---


def test_a_film_in_good_hands_is_left_alone():
    now = timezone.now()
    clip = Clip.objects.create(title="A", state="processing", job_key="other", job_beat_at=now)
    assert job.claim(clip.pk, now) is None


def test_a_film_whose_job_fell_silent_can_be_claimed():
    now = timezone.now()
    silent = now - dt.timedelta(minutes=3)
    clip = Clip.objects.create(title="A", state="processing", job_key="dead", job_beat_at=silent)
    claimed = job.claim(clip.pk, now)
    assert claimed is not None
    with pytest.raises(JobLostError):
        job.Job(clip, "dead").beat(0.5, is_due=True)


def test_the_reaper_queues_again_and_gives_up_after_three_times():
    now = timezone.now()
    silent = now - dt.timedelta(minutes=3)
    fields = {"state": "processing", "job_key": "dead", "job_beat_at": silent}
    again = Clip.objects.create(title="A", attempts=1, **fields)
    spent = Clip.objects.create(title="B", attempts=3, **fields)
    busy = Clip.objects.create(title="C", attempts=1, **{**fields, "job_beat_at": now})
    assert reap_lost_films(now=now) == 1
    for clip in (again, spent, busy):
        clip.refresh_from_db()
    assert (again.state, spent.state, busy.state) == ("uploaded", "failed", "processing")
    assert spent.failure == refusals.LOST_TOO_OFTEN
    assert DBTaskResult.objects.filter(task_path="video.tasks.prepare_film").count() == 1


# --- limits ---


def test_a_child_that_takes_too_long_is_stopped(tmp_path):
    with pytest.raises(limits.ChildFailedError) as caught:
        limits.run(["sleep", "60"], tmp_path, limits.Limits(0.3, 5, 1000))
    assert caught.value.is_out_of_time


def test_a_child_that_writes_too_much_is_stopped(tmp_path):
    argv = ["dd", "if=/dev/zero", "of=big", "bs=1024", "count=4096"]
    with pytest.raises(limits.ChildFailedError):
        limits.run(argv, tmp_path, limits.Limits(20, 5, 100_000))
    assert (tmp_path / "big").stat().st_size <= 100_000


def test_a_child_knows_none_of_our_secrets(tmp_path, monkeypatch):
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_secret")
    assert "sk_secret" not in limits.run(["env"], tmp_path, limits.Limits(5, 5, 1000))
