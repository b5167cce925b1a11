// The control bar: buttons, the place in the film, speed, captions, full screen, and the keys.
const STEP_SECONDS = 10;
const NUDGE_SECONDS = 5;
const SPEED_KEY = "player-speed";

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

// "1 minute 5 seconds", for ears.
export function inWords(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.floor(whole / 60);
  const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
  const rest = count(whole % 60, "second");
  return minutes ? `${count(minutes, "minute")} ${rest}` : rest;
}

export class Controls {
  constructor(root, video, duration, actions) {
    Object.assign(this, { root, video, duration, actions });
    this.find = (name) => root.querySelector(`[data-${name}]`);
    this.time = this.find("time");
    this.captions = this.find("captions");
    this.placeMarks();
    this.listen();
    this.restoreSpeed();
    this.showTime(0);
  }

  listen() {
    const press = (name, action) => this.find(name)?.addEventListener("click", action);
    press("play", () => this.actions.toggle());
    press("toggle-play", () => this.actions.toggle());
    press("back", () => this.jumpBy(-STEP_SECONDS));
    press("forward", () => this.jumpBy(STEP_SECONDS));
    press("captions", () => this.toggleCaptions());
    press("mute", () => this.toggleMute());
    press("full", () => this.toggleFull());
    this.video.addEventListener("click", () => this.actions.toggle());
    this.time.addEventListener("input", () => this.actions.jump(Number(this.time.value)));
    this.find("speed").addEventListener("change", (event) => this.setSpeed(Number(event.target.value)));
    document.addEventListener("fullscreenchange", () => this.showFull());
    document.addEventListener("keydown", (event) => this.onKey(event));
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const place = event.target instanceof Element ? event.target : document.body;
    if (place.closest("input:not([type=range], [type=checkbox]), select, textarea, [contenteditable], dialog")) return;
    const isFree = place === document.body || this.root.contains(place);
    const keys = {
      k: () => this.actions.toggle(),
      j: () => this.jumpBy(-STEP_SECONDS),
      l: () => this.jumpBy(STEP_SECONDS),
      m: () => this.toggleMute(),
      c: () => this.toggleCaptions(),
      f: () => this.toggleFull(),
    };
    if (isFree) {
      keys.ArrowLeft = () => this.jumpBy(-NUDGE_SECONDS);
      keys.ArrowRight = () => this.jumpBy(NUDGE_SECONDS);
    }
    const action = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  jumpBy(seconds) {
    this.actions.jump(this.actions.now() + seconds);
  }

  // Marks stand where questions stop the film; their places are set by the script object model, never inline.
  placeMarks() {
    for (const mark of this.root.querySelectorAll("[data-at]")) {
      mark.style.insetInlineStart = `${(Number(mark.dataset.at) / this.duration) * 100}%`;
    }
  }

  showTime(seconds) {
    this.time.value = String(Math.round(seconds));
    this.time.style.setProperty("--done", `${(seconds / this.duration) * 100}%`);
    this.time.setAttribute("aria-valuetext", `${inWords(seconds)} of ${inWords(this.duration)}`);
    this.find("now").textContent = clock(seconds);
  }

  showPlaying(isPlaying) {
    this.find("toggle-play").setAttribute("aria-pressed", String(isPlaying));
    if (isPlaying) this.find("play").hidden = true;
  }

  // Rows of captions are drawn by the browser; the button only shows or hides them.
  get track() {
    return this.video.textTracks[0];
  }

  toggleCaptions() {
    if (!this.captions) return;
    const isOn = this.captions.getAttribute("aria-pressed") !== "true";
    this.captions.setAttribute("aria-pressed", String(isOn));
    if (this.track) this.track.mode = isOn ? "showing" : "hidden";
  }

  toggleMute() {
    this.video.muted = !this.video.muted;
    this.find("mute").setAttribute("aria-pressed", String(this.video.muted));
  }

  setSpeed(speed) {
    this.video.defaultPlaybackRate = speed;
    this.video.playbackRate = speed;
    this.remember(SPEED_KEY, String(speed));
  }

  restoreSpeed() {
    const select = this.find("speed");
    const speed = this.recall(SPEED_KEY);
    if (![...select.options].some((option) => option.value === speed)) return;
    select.value = speed;
    this.setSpeed(Number(speed));
  }

  toggleFull() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (this.root.requestFullscreen) this.root.requestFullscreen().catch(() => {});
    else this.video.webkitEnterFullscreen?.();
  }

  showFull() {
    this.find("full").setAttribute("aria-pressed", String(document.fullscreenElement === this.root));
  }

  // A browser may forbid storage; a choice is then kept for this page only.
  remember(key, value) {
    try {
      sessionStorage.setItem(key, value);
    } catch {
      this.forgetful = true;
    }
  }

  recall(key) {
    try {
      return sessionStorage.getItem(key);
    } catch {
      return null;
    }
  }
}
