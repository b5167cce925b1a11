// When to save, and what to do with each answer. Knows nothing of the page, so that Node can test it.

const QUIET_MS = 1200;
const FIRST_RETRY_MS = 2000;
const LAST_RETRY_MS = 60_000;

export class Saver {
  /**
   * send(isLeaving) → {status, answer, retryAfter}, or throws where there is no connection
   * freshToken() → whether a new CSRF token is in the form now
   * tell(state, details): changed, saving, saved, waiting, signed_out, clash, errors, refused
   */
  constructor({ send, freshToken, tell, timers = globalThis }) {
    Object.assign(this, { send, freshToken, tell, timers });
    this.edits = 0; // counts every change; what was sent is compared with it
    this.savedEdits = 0;
    this.retries = 0;
    this.isStopped = false;
    this.isSignedOut = false;
    this.isLetGo = false;
    this.timer = null;
    this.running = null;
  }

  get hasUnsavedWords() {
    return !this.isLetGo && this.edits !== this.savedEdits;
  }

  changed() {
    this.edits += 1;
    if (this.isStopped || this.isSignedOut) return;
    this.tell("changed");
    this.#after(QUIET_MS);
  }

  saveSoon() {
    if (this.hasUnsavedWords && !this.isStopped && !this.isSignedOut && this.retries === 0) this.#after(0);
  }

  /** Saves what is there. True when nothing unsaved is left. */
  async saveNow() {
    this.#stopTimer();
    while (this.running) await this.running;
    if (!this.hasUnsavedWords) return true;
    this.running = this.#run(false);
    await this.running;
    this.running = null;
    return !this.hasUnsavedWords;
  }

  tryAgain() {
    this.isStopped = false;
    this.isSignedOut = false;
    this.retries = 0;
    return this.saveNow();
  }

  /** The page may go away now: one last try that outlives it. */
  leave() {
    if (this.hasUnsavedWords && !this.isStopped && !this.running) this.running = this.#run(true).finally(() => (this.running = null));
  }

  letGo() {
    this.isLetGo = true;
    this.#stopTimer();
  }

  async #run(isLeaving) {
    const sentEdits = this.edits;
    this.tell("saving");
    try {
      let result = await this.send(isLeaving);
      if (result.status === 401 || result.status === 403) result = await this.#againWithFreshToken(result);
      this.#take(result, sentEdits);
    } catch {
      this.#wait(0);
    }
  }

  async #againWithFreshToken(result) {
    return (await this.freshToken()) ? this.send(false) : result;
  }

  #take({ status, answer, retryAfter }, sentEdits) {
    if (status === 200) {
      this.retries = 0;
      this.savedEdits = sentEdits;
      this.tell("saved", answer);
      if (this.edits !== sentEdits) this.#after(QUIET_MS);
    } else if (status === 401) {
      this.isSignedOut = true;
      this.tell("signed_out", answer);
    } else if (status === 409 && answer.theirs !== undefined) {
      this.isStopped = true;
      this.tell("clash", answer);
    } else if (status === 422) {
      this.retries = 0;
      this.tell("errors", answer);
    } else if (status === 429 || status >= 500) {
      this.#wait(retryAfter * 1000);
    } else {
      this.isStopped = true;
      this.tell("refused", answer);
    }
  }

  #wait(atLeastMs) {
    const pause = Math.min(FIRST_RETRY_MS * 2 ** this.retries, LAST_RETRY_MS);
    this.retries += 1;
    this.tell("waiting");
    this.#after(Math.max(pause, atLeastMs));
  }

  #after(ms) {
    this.#stopTimer();
    this.timer = this.timers.setTimeout(() => this.saveNow(), ms);
  }

  #stopTimer() {
    if (this.timer !== null) this.timers.clearTimeout(this.timer);
    this.timer = null;
  }
}
