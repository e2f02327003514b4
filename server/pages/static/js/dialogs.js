// Dialogs: data-open="id" opens one, a button with value "close" or Escape closes it; the focus goes back by itself.
export function open(id) {
  document.getElementById(id)?.showModal();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) open(opener.dataset.open);
  const closer = event.target.closest("dialog [value=close]");
  if (closer) closer.closest("dialog").close();
});
