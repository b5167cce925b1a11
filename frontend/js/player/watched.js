// Which whole seconds were watched since the last report. The server adds them up.
export class Watched {
  constructor() {
    this.seconds = new Set();
    this.position = 0;
  }

  note(time) {
    this.seconds.add(Math.floor(time));
    this.position = time;
  }

  take() {
    const report = { ranges: toRanges(this.seconds), position_ms: Math.round(this.position * 1000) };
    this.seconds = new Set();
    return report;
  }

  giveBack(report) {
    for (const [from, to] of report.ranges) {
      for (let second = from; second < to; second += 1) this.seconds.add(second);
    }
  }
}

// Whole seconds as half-open ranges [from, to).
export function toRanges(seconds) {
  const ranges = [];
  for (const second of [...seconds].sort((one, other) => one - other)) {
    const last = ranges.at(-1);
    if (last && last[1] === second) last[1] = second + 1;
    else ranges.push([second, second + 1]);
  }
  return ranges;
}
