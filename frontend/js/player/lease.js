// The lease: one request that reports what was watched and brings addresses that live two minutes.
const EARLY_SECONDS = 10;

export class Refused extends Error {
  constructor(answer, status) {
    super(answer.reason);
    this.title = answer.title || "This clip cannot be played";
    this.reason = answer.reason || "";
    this.status = status;
  }
}

export class Lease {
  constructor(address, csrf, watched) {
    this.address = address;
    this.csrf = csrf;
    this.watched = watched;
    this.urls = null;
    this.endsAt = 0;
    this.pending = null;
  }

  get isGood() {
    return this.urls !== null && Date.now() < this.endsAt;
  }

  forget() {
    this.urls = null;
  }

  // The signed address of a size or of the sound; renews the lease first where it is over.
  async urlOf(name) {
    if (!this.isGood) await this.renew();
    return this.urls[name];
  }

  // Several pieces may ask at once: they share one request.
  renew() {
    this.pending ??= this.ask().finally(() => {
      this.pending = null;
    });
    return this.pending;
  }

  async ask() {
    const report = this.watched.take();
    let response;
    try {
      response = await fetch(this.address, this.request(report));
    } catch (error) {
      this.watched.giveBack(report);
      throw error;
    }
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) {
      this.forget();
      if (response.status >= 500) this.watched.giveBack(report);
      throw new Refused(answer, response.status);
    }
    this.urls = answer.urls;
    this.endsAt = Date.now() + (answer.ttl - EARLY_SECONDS) * 1000;
    return answer;
  }

  // The last words when the page is left: sent even while the tab closes, the answer is not needed.
  sayGoodbye() {
    const report = this.watched.take();
    if (report.ranges.length) fetch(this.address, { ...this.request(report), keepalive: true }).catch(() => {});
  }

  request(report) {
    return {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.csrf },
      body: JSON.stringify(report),
    };
  }
}
