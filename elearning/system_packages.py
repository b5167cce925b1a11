"""What the machine must bring besides Python packages: installed where possible, else named.

Run by the Makefile: ``python -m elearning.system_packages print|browser|postgres URL|deploy-check``.
"""

import ctypes.util
import os
import secrets
import shutil
import subprocess  # nosec B404
import sys

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PRINT_LIBRARIES = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}


def find_browser() -> str | None:
    """Return the path of a Chromium on this machine, or None."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def missing_print_packages() -> list[str]:
    """Return Debian's names of the libraries that PDF making lacks here."""
    return [package for library, package in PRINT_LIBRARIES.items() if not ctypes.util.find_library(library)]


def install(packages: list[str]) -> bool:
    """Install Debian packages as root; return whether that worked."""
    if not (shutil.which("apt-get") and os.geteuid() == 0):
        return False
    print(f"→ System packages: {' '.join(packages)}", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False, **quiet)  # noqa: S607
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    return subprocess.run(command, env=environment, check=False, **quiet).returncode == 0  # noqa: S603


def need_print() -> int:
    """Bring Pango, without which the site runs but cannot make PDFs."""
    missing = missing_print_packages()
    if missing and not install(missing):
        print(
            "PDFs need Pango: install it ('brew install pango', or as root 'apt-get install "
            f"{' '.join(missing)}'). Until then pages can still be printed from the browser."
        )
    return 0


def need_browser() -> int:
    """Bring Chromium, without which the browser tests cannot run."""
    if find_browser() or (install(["chromium", "poppler-utils"]) and find_browser()):
        return 0
    print(
        "The browser tests need Chromium. Please install it (as root: 'apt-get install chromium'), "
        "then try again."
    )
    return 1


def need_postgres(url: str) -> int:
    """Say plainly whether the tests on PostgreSQL can run."""
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError:
        print(
            "PostgreSQL did not answer, so the tests on PostgreSQL were LEFT OUT "
            "(set POSTGRES_URL to run them)."
        )
        return 1
    return 0


def deploy_check() -> int:
    """Run Django's deployment check with production settings; any warning fails."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "elearning.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": "learning.example.org",
        "BASE_URL": "https://learning.example.org",
        "DATABASE_URL": "sqlite://:memory:",
        "DEFAULT_FROM_EMAIL": "hello@example.org",
        "BILLING_DEMO": "1",
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        print(done.stdout, done.stderr)
    return done.returncode


def main(arguments: list[str]) -> int:
    """Answer one question of the Makefile; the return value is the exit status."""
    match arguments:
        case ["print"]:
            return need_print()
        case ["browser"]:
            return need_browser()
        case ["postgres", url]:
            return need_postgres(url)
        case ["deploy-check"]:
            return deploy_check()
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
