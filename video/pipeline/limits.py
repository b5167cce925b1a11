"""Run a program on a stranger's file: little time, little memory, no network, no way to outlive us."""

import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MEMORY_BYTES = 3 * 1024**3


@dataclass(frozen=True)
class Limits:
    """What a child may use."""

    wall_seconds: float
    cpu_seconds: int
    file_bytes: int
    memory_bytes: int = MEMORY_BYTES


class ChildFailedError(Exception):
    """The child ended badly. ``is_out_of_time`` tells whether we stopped it."""

    def __init__(self, is_out_of_time: bool, words: str) -> None:
        super().__init__("the child ended badly")
        self.is_out_of_time = is_out_of_time
        self.words = words  # for tests and shells only: may quote the file, so never logged


@cache
def has_network_cage() -> bool:
    """Whether this machine lets us start a child without network."""
    if not shutil.which("unshare"):
        return False
    return subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False).returncode == 0  # noqa: S607


def caged(argv: Sequence[str], limits: Limits) -> list[str]:
    """``argv`` behind the guards that this machine has: dies with us, nice, limited, without network."""
    guards: list[str] = []
    if shutil.which("setpriv"):
        guards += ["setpriv", "--pdeathsig", "KILL", "--"]
    guards += ["nice", "-n", "10"]
    if shutil.which("prlimit"):
        guards += [
            "prlimit",
            f"--cpu={limits.cpu_seconds}",
            f"--as={limits.memory_bytes}",
            f"--fsize={limits.file_bytes}",
            "--core=0",
            "--",
        ]
    if has_network_cage():
        guards += ["unshare", "-n", "--"]
    return [*guards, *argv]


def run(
    argv: Sequence[str],
    folder: Path,
    limits: Limits,
    *,
    on_line: Callable[[str], None] = lambda line: None,
    environment: dict[str, str] | None = None,
) -> str:
    """Run ``argv`` in ``folder`` and return what it printed; ``on_line`` hears each line as it comes.

    Raises ChildFailedError when it ends badly or takes longer than its wall limit. An exception out of
    ``on_line`` ends the child too.
    """
    process = subprocess.Popen(  # noqa: S603 - a list, never a shell
        caged(argv, limits),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
        env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", **(environment or {})},
    )
    out_of_time = threading.Event()

    def stop() -> None:
        out_of_time.set()
        _kill(process)

    timer = threading.Timer(limits.wall_seconds, stop)
    timer.daemon = True
    timer.start()
    complaints: list[str] = []
    reader = threading.Thread(target=lambda: complaints.extend(process.stderr or ()), daemon=True)
    reader.start()
    lines = []
    try:
        for line in process.stdout or ():
            lines.append(line)
            on_line(line.rstrip("\n"))
    finally:
        timer.cancel()
        if process.poll() is None and not _has_ended(process):
            _kill(process)
        process.wait()
        reader.join()
    if process.returncode or out_of_time.is_set():
        raise ChildFailedError(out_of_time.is_set(), "".join(complaints)[-2000:])
    return "".join(lines)


def _has_ended(process: subprocess.Popen) -> bool:
    """Whether it ends by itself within a moment of closing its output."""
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        return False
    return True


def _kill(process: subprocess.Popen) -> None:
    """End the child and all that it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
