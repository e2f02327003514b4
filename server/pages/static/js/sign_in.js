const link = location.hash.slice(1);
const told = document.getElementById("told");
const form = document.getElementById(link ? "with-link" : "with-password");

// the secret stays neither in the address nor in the history
history.replaceState(null, "", location.pathname + location.search);
form.hidden = false;
form.querySelector("input, button").focus();

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  told.textContent = "";
  const body = link ? { link } : Object.fromEntries(new FormData(form));
  let answer;
  try {
    answer = await fetch(link ? "/api/v1/sign-in/link" : "/api/v1/sign-in", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    told.textContent = told.dataset.unreachable;
    return;
  }
  if (answer.ok) {
    location.replace(form.dataset.to);
    return;
  }
  const said = await answer.json().catch(() => ({ detail: told.dataset.unreachable }));
  told.textContent = said.detail;
  form.querySelector("[name=password]")?.select();
});
