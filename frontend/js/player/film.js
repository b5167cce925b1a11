// The film itself: hls.js where it can, the browser's own player as a last resort.
import Hls from "hls.js";
import { Refused } from "./lease.js";

const FILE = /\/([a-z0-9]+)\.mp4$/;
const FORBIDDEN = [401, 403, 404, 410];

export class Film {
  constructor(video, { master, worker, lease, onRefused, onTrouble }) {
    Object.assign(this, { video, master, lease, onRefused, onTrouble });
    this.isStarted = false;
    if (Hls.isSupported()) this.hls = this.makeHls(worker);
  }

  makeHls(worker) {
    const hls = new Hls({
      autoStartLoad: false,
      maxBufferLength: 20,
      backBufferLength: 30,
      capLevelToPlayerSize: true,
      workerPath: worker,
      renderTextTracksNatively: false,
      // Playlists name files at our own address; what is fetched is their signed address of the moment.
      xhrSetup: async (xhr, address) => {
        const name = FILE.exec(new URL(address, location.href).pathname)?.[1];
        if (!name) return;
        try {
          xhr.open("GET", await this.lease.urlOf(name), true);
        } catch (error) {
          this.fail(error);
          throw error;
        }
      },
    });
    hls.on(Hls.Events.ERROR, (event, data) => this.onError(data));
    hls.loadSource(this.master);
    hls.attachMedia(this.video);
    return hls;
  }

  // Ask for a lease, so that a refusal is said before anything else, and begin to load.
  async start(from) {
    if (this.isStarted) return;
    await this.lease.renew();
    this.isStarted = true;
    if (this.hls) this.hls.startLoad(from);
    else this.video.src = this.master;
  }

  onError(data) {
    if (FORBIDDEN.includes(data.response?.code)) this.lease.forget();
    if (!data.fatal) return;
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR && !this.hasRecovered) {
      this.hasRecovered = true;
      this.hls.recoverMediaError();
      return;
    }
    if (!this.isRefused) this.onTrouble();
  }

  fail(error) {
    if (!(error instanceof Refused) || error.status >= 500) return;
    this.isRefused = true;
    this.stop();
    this.onRefused(error);
  }

  stop() {
    this.video.pause();
    this.isStarted = false;
    if (this.hls) this.hls.stopLoad();
  }

  // After trouble: load again from where it stood.
  tryAgain() {
    this.isRefused = false;
    if (!this.hls) {
      this.video.load();
      return;
    }
    const at = this.video.currentTime;
    this.hls.loadSource(this.master);
    this.hls.startLoad(at);
  }
}
