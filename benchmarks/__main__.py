"""``make bench``: what pages cost in L, the CPU of one bare Django page, and how many statements they take.

Each round asks for every page in turn, so that a slow minute of the machine touches all of them alike; a
figure is the ratio to the limit page (benchmarks/limit) of the same round, told as median with minimum and
maximum. CPU is that of the web workers and, on PostgreSQL, of the database's processes that serve them.
"""

import argparse
import json
import statistics
from dataclasses import dataclass

from benchmarks.database import fresh_database, note_statistics, run
from benchmarks.pages import Page, pages
from benchmarks.server import Server

ROUNDS = 9
REQUESTS = 50
WARM_UP = 24
DATABASE = "elearning_bench"


@dataclass(frozen=True)
class Figure:
    """What one page cost over the rounds."""

    name: str
    ratios: list[float]
    statements: str

    def row(self) -> str:
        """One line of the table."""
        middle, low, high = statistics.median(self.ratios), min(self.ratios), max(self.ratios)
        return f"{self.name:<52} {middle:6.2f} {low:6.2f} {high:6.2f} {self.statements:>6}"


def cost(server: Server, page: Page) -> float:
    """CPU seconds of one request, as the mean of many."""
    before = server.spent()
    for _ in range(REQUESTS):
        answer = page.ask(server)
        if answer.status_code != page.status:
            raise RuntimeError(f"{page.name}: {answer.status_code} instead of {page.status}")
    return (server.spent() - before) / REQUESTS


def measure(server: Server, asked: list[Page], rounds: int) -> list[Figure]:
    """Warm up every thread of every worker, then go round; the first page is the limit."""
    for page in asked:
        for _ in range(WARM_UP):
            page.ask(server)
    statements = {page.name: page.statements(server) for page in asked}
    ratios: dict[str, list[float]] = {page.name: [] for page in asked}
    limits = []
    for number in range(rounds):
        costs = {page.name: cost(server, page) for page in asked}
        limit = costs[asked[0].name]
        limits.append(limit)
        for name, spent in costs.items():
            ratios[name].append(spent / limit)
        print(f"round {number + 1} of {rounds}: L = {limit * 1000:.1f} ms", flush=True)
    return [Figure(name, found, statements[name]) for name, found in ratios.items()]


def main() -> None:
    """Fill a database, start the server, go round, print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, choices=range(1, ROUNDS + 1))
    rounds = parser.parse_args().rounds
    print("→ Database and rows", flush=True)
    database_url = fresh_database(DATABASE)
    data = json.loads(run(database_url, "data", "main()"))
    note_statistics(database_url)
    print("→ gunicorn, 2 workers × 4 threads", flush=True)
    server = Server(database_url)
    try:
        figures = measure(server, pages(data), rounds)
    finally:
        server.stop()
    print(f"\n{'page':<52} {'median':>6} {'min':>6} {'max':>6} {'stmts':>6}   (in L)")
    for figure in figures:
        print(figure.row())


if __name__ == "__main__":
    main()
