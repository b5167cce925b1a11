// <button data-opens="id"> opens <dialog id>; Escape, a click beside it and [data-closes-dialog] close it.
// A dialog whose form came back with errors opens itself (data-open).

export function startDialogs(root) {
  root.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens)?.showModal();
    const dialog = event.target.closest("dialog");
    if (dialog && (event.target.closest("[data-closes-dialog]") || isBeside(dialog, event))) dialog.close();
  });
  for (const dialog of root.querySelectorAll("dialog[data-open]")) dialog.showModal();
}

function isBeside(dialog, event) {
  if (event.target !== dialog || event.detail === 0) return false;
  const box = dialog.getBoundingClientRect();
  const inside =
    event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  return !inside;
}
