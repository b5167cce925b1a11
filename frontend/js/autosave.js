// Drafts that save themselves: <form data-autosave action="…" method="post">.
//
// Sends the form's fields (with `version`) after 1.2 s of quiet, when a field is left and when the page goes away.
// The server answers in JSON:
//   200 {"saved_at": "14:02", "version": 3}
//   401 {"sign_in": "/account/login/"}            words stay, a dialog offers to sign in in a new tab, then tries again
//   403                                           an old CSRF token: a fresh one is fetched, then tried again once
//   409 {"reason": "…", "theirs": "…", "version": 4}  both texts are shown; without `theirs` it is final
//   422 {"errors": {"text": ["…"]}}               shown at the field; saved again when it changes
// Anything else, or no connection: the words stay in the field, "Not saved yet", tried again until it works.
// Nothing is ever put into the browser's storage: tablets are shared.

import { Saver } from "./autosave_saver.js";
import { askToSignIn } from "./autosave_sign_in.js";
import { clearErrors, showBothTexts, showErrors, showState } from "./autosave_words.js";

const CSRF_ADDRESS = "/account/csrf/";
const KEEPALIVE_LIMIT = 60_000;

const savers = new Set();

export function startAutosave(root) {
  const forms = [...root.querySelectorAll("form[data-autosave]")];
  if (root.matches?.("form[data-autosave]")) forms.push(root);
  forms.forEach(watch);
}

function watch(form) {
  if (form.dataset.isWatched) return;
  form.dataset.isWatched = "yes";
  const saver = new Saver({
    send: (isLeaving) => send(form, isLeaving),
    freshToken: () => fetchToken(form),
    tell: (state, details) => tell(form, saver, state, details),
  });
  // A form that came back with things to mend carries words that are nowhere else.
  if (form.querySelector("[aria-invalid=true]")) saver.edits = 1;
  savers.add(saver);
  form.addEventListener("input", () => saver.changed());
  form.addEventListener("change", () => saver.saveSoon());
  form.addEventListener("focusout", () => saver.saveSoon());
  form.addEventListener("submit", (event) => submitSafely(event, form, saver));
}

async function send(form, isLeaving) {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
  const text = body.toString();
  const response = await fetch(form.dataset.autosave || form.action, {
    method: "POST",
    body: text,
    credentials: "same-origin",
    keepalive: isLeaving && text.length < KEEPALIVE_LIMIT,
    headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8" },
  });
  const isJson = response.headers.get("Content-Type")?.includes("json");
  return {
    // A redirect to the sign-in page, followed by fetch, also means "signed out".
    status: response.redirected || (response.ok && !isJson) ? 401 : response.status,
    answer: isJson ? await response.json() : {},
    retryAfter: Number(response.headers.get("Retry-After")) || 0,
  };
}

async function fetchToken(form) {
  const response = await fetch(CSRF_ADDRESS, { credentials: "same-origin", headers: { Accept: "application/json" } });
  if (!response.ok || !response.headers.get("Content-Type")?.includes("json")) return false;
  const { token } = await response.json();
  for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = token;
  return Boolean(token) && form.isConnected;
}

function tell(form, saver, state, details = {}) {
  showState(form, state, details);
  if (details.version !== undefined && state !== "clash") setVersion(form, details.version);
  if (state === "saved" || state === "waiting") clearErrors(form);
  if (state === "errors") showErrors(form, details.errors);
  if (state === "signed_out") askToSignIn(details.sign_in, () => saver.tryAgain());
  if (state === "clash") {
    showBothTexts(form, details, () => {
      setVersion(form, details.version);
      saver.tryAgain();
    });
  }
}

function setVersion(form, version) {
  const input = form.elements.namedItem("version");
  if (input) input.value = version;
}

/* A press on the button first saves the words by fetch, so that an expired sign-in cannot swallow them. */
async function submitSafely(event, form, saver) {
  if (saver.isLetGo) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const submitter = event.submitter;
  if (!(await saver.saveNow())) return;
  saver.letGo();
  // Not before this event is over: while it is being told, a form takes no other submission.
  setTimeout(() => form.requestSubmit(submitter));
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) for (const saver of savers) saver.leave();
});
window.addEventListener("pagehide", () => {
  for (const saver of savers) saver.leave();
});
window.addEventListener("online", () => {
  for (const saver of savers) saver.tryAgain();
});
window.addEventListener("focus", () => {
  for (const saver of savers) if (saver.isSignedOut) saver.tryAgain();
});
window.addEventListener("beforeunload", (event) => {
  if ([...savers].some((saver) => saver.hasUnsavedWords)) event.preventDefault();
});
