// Moves the focus to the summary of errors, and from its links into the fields themselves.

export function startErrorSummary(root) {
  const summary = root.querySelector("[data-error-summary]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) return;
    event.preventDefault();
    const control = target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea");
    (target.closest(".field") ?? target).scrollIntoView({ block: "start" });
    (control ?? target).focus({ preventScroll: true });
  });
}
