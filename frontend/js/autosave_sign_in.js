// The dialog for a sign-in that ran out while somebody was writing. It never touches the words.

export function askToSignIn(address, tryAgain) {
  const dialog = document.getElementById("sign-in-again") ?? makeDialog();
  dialog.querySelector("a").href = address || "/account/login/";
  dialog.querySelector("[data-try-again]").onclick = () => {
    dialog.close();
    tryAgain();
  };
  if (!dialog.open) dialog.showModal();
}

export function closeSignIn() {
  document.getElementById("sign-in-again")?.close();
}

function makeDialog() {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.id = "sign-in-again";
  dialog.setAttribute("aria-labelledby", "sign-in-again-title");
  dialog.innerHTML = `
    <div class="dialog__head"><h2 class="dialog__title" id="sign-in-again-title">You have been signed out</h2></div>
    <div class="dialog__body">
      <p>Your words are still here on the page. Sign in again in a new tab, then come back to this one: they are
      saved by themselves.</p>
    </div>
    <div class="dialog__actions">
      <a class="button button--primary" target="_blank" rel="noopener">Sign in in a new tab</a>
      <button class="button button--secondary" type="button" data-try-again>Try again</button>
    </div>`;
  document.body.append(dialog);
  return dialog;
}
