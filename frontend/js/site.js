// What every page loads. Each part looks for its own data- attribute and leaves other pages alone.
import { startAutosave } from "./autosave.js";
import { startDialogs } from "./dialogs.js";
import { startErrorSummary } from "./error_summary.js";
import { loadHtmx } from "./htmx_loader.js";
import { startPolling } from "./polling.js";
import { startSmallThings } from "./small_things.js";

const htmxAddress = document.currentScript?.dataset.htmx;

document.documentElement.classList.add("js");

function start(root) {
  startErrorSummary(root);
  startAutosave(root);
  startPolling(root);
}

startSmallThings(document);
startDialogs(document);
start(document);

loadHtmx(htmxAddress, start);
