// Stop and talk: playing over a mark pauses the film and shows its question, unless the person would rather not.
const CHOICE_KEY = "player-no-stops";

export class Stops {
  constructor(root, video, page) {
    this.video = video;
    this.panel = root.querySelector("[data-stop]");
    this.question = root.querySelector("[data-question]");
    this.choice = page.querySelector("[data-no-stops]");
    this.marks = [...page.querySelectorAll("[data-jump]")].map((button) => ({
      at: Number(button.dataset.jump),
      text: button.parentElement.lastElementChild.textContent,
    }));
    this.last = 0;
    if (this.choice) {
      this.choice.checked = this.recall();
      this.choice.addEventListener("change", () => this.remember(this.choice.checked));
    }
    root.querySelector("[data-go-on]").addEventListener("click", () => video.play());
    root.querySelector("[data-never-stop]").addEventListener("click", () => {
      this.choice.checked = true;
      this.remember(true);
      video.play();
    });
  }

  // Called as the film plays; a jump over a mark does not count as reaching it.
  pass(now) {
    const crossed = this.marks.find((mark) => this.last < mark.at && mark.at <= now && now - this.last < 1.5);
    this.last = now;
    if (!crossed || this.choice?.checked) return;
    this.video.pause();
    this.question.textContent = crossed.text;
    this.panel.hidden = false;
    this.question.focus();
  }

  jumped(to) {
    this.last = to;
    this.close();
  }

  close() {
    this.panel.hidden = true;
  }

  remember(isWanted) {
    try {
      sessionStorage.setItem(CHOICE_KEY, isWanted ? "yes" : "no");
    } catch {
      this.forgetful = true;
    }
  }

  recall() {
    try {
      return sessionStorage.getItem(CHOICE_KEY) === "yes";
    } catch {
      return false;
    }
  }
}
