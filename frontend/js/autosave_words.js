// What a person reads while a draft saves itself.

import { closeSignIn } from "./autosave_sign_in.js";

const WORDS = {
  changed: "Not saved yet",
  saving: "Saving …",
  waiting: "Not saved yet – trying again",
  signed_out: "Not saved yet – please sign in again",
  clash: "Not saved yet – choose which text to keep",
  errors: "Not saved yet – see the field",
};

export function showState(form, state, { saved_at: savedAt, reason }) {
  const line = form.querySelector("[data-saved-state]");
  if (state === "saved") closeSignIn();
  if (!line) return;
  line.dataset.state = state === "signed_out" || state === "clash" || state === "errors" ? "refused" : state;
  if (state === "saved") line.textContent = `Saved ${savedAt ?? ""}`.trim();
  else if (state === "refused") line.textContent = `Not saved. ${reason ?? "Copy your words before you leave this page."}`;
  else line.textContent = WORDS[state];
}

export function showErrors(form, errors = {}) {
  clearErrors(form);
  for (const [name, sentences] of Object.entries(errors)) {
    const control = form.elements.namedItem(name);
    if (!(control instanceof HTMLElement)) continue;
    const message = document.createElement("p");
    message.className = "field__error";
    message.id = `${control.id || name}_autosave_error`;
    message.dataset.autosaveError = "";
    message.textContent = [].concat(sentences).join(" ");
    control.setAttribute("aria-invalid", "true");
    control.setAttribute("aria-errormessage", message.id);
    control.before(message);
  }
}

export function clearErrors(form) {
  for (const message of form.querySelectorAll("[data-autosave-error]")) message.remove();
  for (const control of form.querySelectorAll("[aria-errormessage]")) {
    control.removeAttribute("aria-errormessage");
    control.removeAttribute("aria-invalid");
  }
}

/* The other text stands below one's own; nothing is thrown away until a button is pressed. */
export function showBothTexts(form, { reason, theirs }, save) {
  form.querySelector("[data-both-texts]")?.remove();
  const textarea = form.querySelector("textarea, input[type=text]");
  const box = document.createElement("section");
  box.className = "both-texts";
  box.dataset.bothTexts = "";
  box.innerHTML = `
    <h3 tabindex="-1">There is another text</h3>
    <p></p>
    <blockquote></blockquote>
    <div class="row">
      <button class="button button--primary" type="button" data-keep="mine">Save my text</button>
      <button class="button button--secondary" type="button" data-keep="both">Put both texts into the box</button>
      <button class="button button--secondary" type="button" data-keep="theirs">Keep the other text</button>
    </div>`;
  box.querySelector("p").textContent =
    reason ?? "This was changed in another tab or by a colleague while you were writing. Your own text is in the box above.";
  box.querySelector("blockquote").textContent = theirs;
  box.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-keep]")?.dataset.keep;
    if (!choice) return;
    if (choice === "theirs") textarea.value = theirs;
    if (choice === "both") textarea.value = `${theirs}\n\n${textarea.value}`;
    box.remove();
    textarea.focus();
    save();
  });
  (textarea.closest(".field") ?? textarea).after(box);
  box.querySelector("h3").focus();
}
