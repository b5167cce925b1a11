// Wagtail's date fields start themselves with inline scripts, which our content security policy forbids.
// Our templates of those fields leave a marker instead; this starts each field when its marker appears.

const STARTERS = { datetime: "initDateTimeChooser", date: "initDateChooser", time: "initTimeChooser" };

function start(marker) {
  const starter = window[STARTERS[marker.dataset.chooser]];
  if (!starter || marker.dataset.for.includes("__prefix__")) return;
  marker.remove();
  starter(marker.dataset.for, JSON.parse(marker.dataset.options));
}

function startAll(root) {
  root.querySelectorAll("template[data-chooser]").forEach(start);
}

document.addEventListener("DOMContentLoaded", () => {
  startAll(document);
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) {
        if (node.nodeType === Node.ELEMENT_NODE) startAll(node);
      }
    }
  }).observe(document.body, { childList: true, subtree: true });
});
