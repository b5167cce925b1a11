// What is said, beside the film: press a line to go there; the line that is spoken is marked; search in it.
export class Transcript {
  constructor(root, jump) {
    this.root = root;
    this.lines = [...root.querySelectorAll("[data-from]")].map((button) => ({
      button,
      from: Number(button.dataset.from) / 1000,
      to: Number(button.dataset.to) / 1000,
      words: button.textContent.toLowerCase(),
    }));
    this.list = root.querySelector("[data-lines]");
    this.current = null;
    for (const line of this.lines) line.button.addEventListener("click", () => jump(line.from));
    const search = root.querySelector("[data-search]");
    search.addEventListener("input", () => this.search(search.value));
  }

  show(now) {
    const current = this.lines.findLast((line) => line.from <= now + 0.05) ?? null;
    if (current === this.current) return;
    this.current?.button.removeAttribute("aria-current");
    this.current = current;
    current?.button.setAttribute("aria-current", "true");
    if (current) this.bringIntoView(current.button);
  }

  // Moves the list only, never the page.
  bringIntoView(button) {
    const top = button.offsetTop - this.list.offsetTop;
    const isSeen = top >= this.list.scrollTop && top + button.offsetHeight <= this.list.scrollTop + this.list.clientHeight;
    if (isSeen || this.list.contains(document.activeElement)) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.list.scrollTo({ top: top - this.list.clientHeight / 3, behavior: still ? "auto" : "smooth" });
  }

  search(text) {
    const wanted = text.trim().toLowerCase();
    let count = 0;
    for (const line of this.lines) {
      const isFound = !wanted || line.words.includes(wanted);
      line.button.parentElement.hidden = !isFound;
      count += isFound ? 1 : 0;
    }
    const found = this.root.querySelector("[data-found]");
    found.textContent = wanted ? `${count} ${count === 1 ? "line" : "lines"} found` : "";
  }
}
