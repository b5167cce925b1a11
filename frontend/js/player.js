// The player of a clip page (dist/player.js): puts film, controls, transcript, stops and the lease together.
import { Controls, clock } from "./player/controls.js";
import { Film } from "./player/film.js";
import { Lease, Refused } from "./player/lease.js";
import { Stops } from "./player/stops.js";
import { Transcript } from "./player/transcript.js";
import { Watched } from "./player/watched.js";

const BEAT_SECONDS = 28; // so that whoever loses access is stopped within 30

class Player {
  constructor(root) {
    this.root = root;
    this.page = root.closest(".clip-page") ?? document;
    this.video = root.querySelector("[data-video]");
    this.find = (name) => root.querySelector(`[data-${name}]`);
    this.duration = Number(root.dataset.durationMs) / 1000;
    this.startAt = this.wantedStart();
    this.playedSinceBeat = 0;
    this.watched = new Watched();
    this.lease = new Lease(root.dataset.lease, root.dataset.csrf, this.watched);
    this.film = new Film(this.video, {
      master: root.dataset.master,
      worker: root.dataset.worker,
      lease: this.lease,
      onRefused: (refusal) => this.showRefusal(refusal),
      onTrouble: () => this.showTrouble(),
    });
    this.controls = new Controls(root, this.video, this.duration, {
      toggle: () => this.toggle(),
      jump: (to) => this.jump(to),
      now: () => (this.film.isStarted ? this.video.currentTime : this.startAt),
    });
    this.stops = new Stops(root, this.video, this.page);
    const transcript = this.page.querySelector("[data-transcript]");
    if (transcript) this.transcript = new Transcript(transcript, (to) => this.playFrom(to));
    this.listen();
    this.controls.showTime(this.startAt);
  }

  // "#t=83" from a search comes before where the person stopped last time.
  wantedStart() {
    const asked = /^#t=(\d{1,5})$/.exec(location.hash);
    return asked ? Math.min(Number(asked[1]), this.duration) : Number(this.root.dataset.resumeMs) / 1000;
  }

  listen() {
    const { video } = this;
    video.addEventListener("timeupdate", () => this.onTime());
    video.addEventListener("play", () => this.onPlay());
    video.addEventListener("pause", () => this.controls.showPlaying(false));
    video.addEventListener("ended", () => this.beat());
    video.addEventListener("waiting", () => this.showWaiting(true));
    for (const name of ["playing", "pause", "seeked"]) {
      video.addEventListener(name, () => this.showWaiting(false));
    }
    this.find("again").addEventListener("click", () => this.tryAgain());
    for (const button of this.page.querySelectorAll("[data-jump]")) {
      button.addEventListener("click", () => this.playFrom(Number(button.dataset.jump)));
    }
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.lease.sayGoodbye();
    });
    addEventListener("pagehide", () => this.lease.sayGoodbye());
  }

  async toggle() {
    if (!this.video.paused) this.video.pause();
    else if (this.film.isStarted) await this.play();
    else await this.begin();
  }

  async begin() {
    if (this.isBeginning) return;
    this.isBeginning = true;
    this.showWaiting(true);
    try {
      await this.film.start(this.startAt);
      if (this.startAt) this.video.currentTime = this.startAt;
      await this.play();
    } catch (error) {
      if (error instanceof Refused && error.status < 500) this.showRefusal(error);
      else if (error.name !== "AbortError") this.showTrouble();
    } finally {
      this.isBeginning = false;
      this.showWaiting(false);
    }
  }

  async play() {
    if (!this.lease.isGood) await this.lease.renew();
    await this.video.play();
  }

  jump(to) {
    const place = Math.min(Math.max(0, to), Math.max(0, this.duration - 0.2));
    this.stops.jumped(place);
    this.startAt = place;
    if (this.film.isStarted) this.video.currentTime = place;
    this.controls.showTime(place);
    this.transcript?.show(place);
  }

  async playFrom(place) {
    this.jump(place);
    if (this.video.paused) await this.toggle();
  }

  onPlay() {
    this.hideMessage();
    this.stops.close();
    this.controls.showPlaying(true);
  }

  onTime() {
    const now = this.video.currentTime;
    if (this.video.seeking || !this.film.isStarted) return;
    this.controls.showTime(now);
    this.transcript?.show(now);
    if (this.video.paused) return;
    this.watched.note(now);
    this.stops.pass(now);
    this.countBeat();
  }

  // Every half minute of playing, whatever the speed; nothing is sent while the film stands.
  countBeat() {
    const tick = performance.now();
    const passed = (tick - (this.lastTick ?? tick)) / 1000;
    this.lastTick = tick;
    if (passed < 2) this.playedSinceBeat += passed;
    if (this.playedSinceBeat >= BEAT_SECONDS) this.beat();
  }

  async beat() {
    this.playedSinceBeat = 0;
    try {
      await this.lease.renew();
    } catch (error) {
      this.film.fail(error);
    }
  }

  showWaiting(isWaiting) {
    this.find("waiting").hidden = !isWaiting;
  }

  showRefusal(refusal) {
    this.showMessage(refusal.title, refusal.reason, false);
  }

  showTrouble() {
    this.video.pause();
    const text = `We cannot reach the film just now. You were at ${clock(this.video.currentTime)}; nothing is lost.`;
    this.showMessage("The film is away", text, true);
  }

  showMessage(title, text, canTryAgain) {
    this.find("message-title").textContent = title;
    this.find("message-text").textContent = text;
    this.find("again").hidden = !canTryAgain;
    this.find("play").hidden = true;
    this.find("message").hidden = false;
    this.find("message").focus();
  }

  hideMessage() {
    this.find("message").hidden = true;
  }

  async tryAgain() {
    this.hideMessage();
    this.film.tryAgain();
    if (this.film.isStarted) await this.play().catch(() => this.showTrouble());
    else await this.begin();
  }
}

document.documentElement.classList.add("js");
for (const root of document.querySelectorAll("[data-player]")) new Player(root);
