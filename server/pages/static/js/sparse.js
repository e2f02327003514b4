// A form with data-sparse leads to an address that names what was asked for, and nothing else.
document.querySelector("[data-sparse]")?.addEventListener("submit", ({ target }) => {
  for (const field of target.elements) if (field.name && field.value === "") field.disabled = true;
});
window.addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("[data-sparse] :disabled")) field.disabled = false;
});
