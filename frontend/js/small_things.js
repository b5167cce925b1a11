// Copy, print, close a message, show a password, close a menu, tell that a form is on its way.

export function startSmallThings(root) {
  root.addEventListener("click", async (event) => {
    const target = event.target;
    if (target.closest("[data-print]")) window.print();
    const copier = target.closest("[data-copy]");
    if (copier) await copy(copier);
    target.closest("[data-dismiss]")?.closest(".message")?.remove();
    for (const menu of root.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(target)) menu.open = false;
    }
  });
  root.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.("details[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  root.addEventListener("submit", markBusy);
  window.addEventListener("pageshow", () => unmarkBusy(root));
  for (const input of root.querySelectorAll("input[type=password]")) addShowButton(input);
}

/* Copies the text or the field whose id stands in data-copy, and says so in the button for two seconds. */
async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const words = button.querySelector("span") ?? button;
  const before = words.textContent;
  try {
    await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
    words.textContent = "Copied";
  } catch {
    source.select?.();
    words.textContent = "Press Ctrl and C to copy";
  }
  setTimeout(() => (words.textContent = before), 2000);
}

/* A second press on the same button sends nothing while the first is on its way. */
function markBusy(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog") return;
  if (form.dataset.isSending) {
    event.preventDefault();
    return;
  }
  // Downloads and forms for another tab leave this page as it is: nothing would take the mark away again.
  if (form.target || form.dataset.download !== undefined) return;
  form.dataset.isSending = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
}

function unmarkBusy(root) {
  for (const form of root.querySelectorAll("form[data-is-sending]")) delete form.dataset.isSending;
  for (const button of root.querySelectorAll("[aria-busy=true]")) button.removeAttribute("aria-busy");
}

function addShowButton(input) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--quiet field__show-password";
  button.textContent = "Show password";
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => {
    const isShown = input.type === "text";
    input.type = isShown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!isShown));
    button.textContent = isShown ? "Show password" : "Hide password";
  });
  input.form?.addEventListener("submit", () => (input.type = "password"));
  input.after(button);
}
