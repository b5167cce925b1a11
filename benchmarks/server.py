"""gunicorn on this machine, and what it and its database spend."""

import os
import socket
import subprocess  # nosec B404
import sys
import time
from pathlib import Path

import psycopg
import requests

TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cpu_seconds(pid: int) -> float:
    """User and system CPU seconds of a process so far; 0 when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


class Server:
    """Two gunicorn workers with four threads each, as in production."""

    def __init__(self, database_url: str) -> None:
        self.port = free_port()
        self.database_url = database_url
        environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        }
        command = [
            *(sys.executable, "-m", "gunicorn", "elearning.wsgi:application"),
            *("--bind", f"127.0.0.1:{self.port}", "--workers", "2", "--threads", "4"),
            *("--worker-class", "gthread", "--preload", "--keep-alive", "30", "--log-level", "error"),
        ]
        self.process = subprocess.Popen(command, env=environment)  # noqa: S603
        self.client = requests.Session()
        self._wait()

    def _wait(self) -> None:
        for _ in range(600):
            try:
                self.client.get(self.address("/healthz"), timeout=5)
            except requests.ConnectionError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("gunicorn did not answer within a minute")

    def address(self, path: str) -> str:
        """The whole address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def workers(self) -> list[int]:
        """The web workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in children]

    def pids(self) -> list[int]:
        """The web workers and, on PostgreSQL, the database's processes that serve them."""
        found = self.workers()
        if self.database_url.startswith("postgres"):
            with psycopg.connect(self.database_url, autocommit=True) as connection:
                rows = connection.execute(
                    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
                    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
                ).fetchall()
            found += [row[0] for row in rows]
        return found

    def spent(self) -> float:
        """CPU seconds of everything that serves pages, so far."""
        return sum(cpu_seconds(pid) for pid in self.pids())

    def stop(self) -> None:
        """End the processes that this object started."""
        self.client.close()
        self.process.terminate()
        self.process.wait(timeout=20)
