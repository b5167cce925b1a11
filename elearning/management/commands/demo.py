"""``make demo``: the whole site on one machine, with content, films, a web server and workers."""

import os
import signal
import socket
import subprocess  # nosec B404
import sys
import time

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from elearning.demo import DEMO_PASSWORD, SIGN_INS

WAIT_SECONDS = 60


def assert_port_is_free(port: int) -> None:
    """Raise CommandError with one clear sentence when something else listens on ``port``."""
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise CommandError(
                f"Port {port} is taken by another program. "
                f"Stop it, or choose another: PORT={port + 1000} make demo"
            )


def wait_until_it_answers(port: int, server: subprocess.Popen) -> None:
    """Return when the server takes connections; raise CommandError when it ended or took too long."""
    for _ in range(WAIT_SECONDS * 10):
        if server.poll() is not None:
            raise CommandError("The web server did not start; its own words are above.")
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise CommandError("The web server did not answer within a minute.")


def environment_for(port: int, *, without_content: bool) -> dict[str, str]:
    """The environment of server and workers.

    Links in mail carry the address, so every process must know the port. Who tries the demo sees the site's
    own pages when something is not there or goes wrong; who runs it on data of their own is told the cause.
    """
    debug = "1" if without_content else "0"
    return {"DEBUG": debug, **os.environ, "BASE_URL": f"http://localhost:{port}"}


class Command(BaseCommand):
    """Prepare everything, start everything, print where to go, stop everything on Ctrl-C."""

    help = "Prepare and run the site on this machine, with demo content."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--port`` and ``--without-content``."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--without-content", action="store_true", help="Your own data only.")
        parser.add_argument("--prepare-only", action="store_true", help="Prepare, then stop.")

    def handle(self, *, port: int, without_content: bool, prepare_only: bool, **options: object) -> None:
        """Set up, then run until stopped."""
        if not prepare_only:
            assert_port_is_free(port)
        self.prepare(without_content=without_content)
        if not prepare_only:
            self.run_everything(port, without_content=without_content)

    def prepare(self, *, without_content: bool) -> None:
        """Migrate, load content, process films. Done again, it takes seconds."""
        self.say("Database")
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        if without_content:
            return
        self.say("Demo content (the first time its films are drawn, which takes minutes)")
        call_command("load_demo")
        self.say("Films (each processed once; minutes the first time)")
        call_command("process_clips")

    def run_everything(self, port: int, *, without_content: bool) -> None:
        """Web server and two workers, until Ctrl-C."""
        manage = [sys.executable, "manage.py"]
        commands = [
            [*manage, "runserver", f"127.0.0.1:{port}", "--noreload"],
            [*manage, "work", "--queues", "default,mail"],
            [*manage, "work", "--queues", "media"],
        ]
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        environment = environment_for(port, without_content=without_content)
        children = [subprocess.Popen(command, env=environment) for command in commands]  # noqa: S603
        try:
            wait_until_it_answers(port, children[0])
            self.print_addresses(port, without_content=without_content)
            children[0].wait()
        except KeyboardInterrupt:
            self.say("Stopping")
        finally:
            for child in children:
                child.terminate()
            for child in children:
                child.wait()

    def print_addresses(self, port: int, *, without_content: bool) -> None:
        """Where to go, and who may sign in."""
        address = f"http://localhost:{port}"
        lines = [
            "",
            f"  The site       {address}/",
            f"  Mail it sent   {address}/dev/mail/",
            f"  Design pages   {address}/design/",
            f"  For authors    {address}/admin/",
        ]
        if not without_content:
            lines += [
                "",
                f"  Sign in at {address}/account/login/ – everyone's password is: {DEMO_PASSWORD}",
                "",
            ]
            lines += [f"  {email:<24} {who}" for email, who in SIGN_INS]
        lines += ["", f"  Data is in {settings.VAR_DIR.name}/. Stop with Ctrl-C.", ""]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()

    def say(self, words: str) -> None:
        """One line about what is being done."""
        self.stdout.write(f"→ {words}")
        self.stdout.flush()
