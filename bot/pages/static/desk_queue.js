// The queue: drawn anew with every news, walked through by keys.

import { listen, onceAtATime, page, put, tell, writing } from "/static/desk_live.js";

const links = () => Array.from(document.querySelectorAll("#waiting [data-open]"));

function counted() {
  const { waiting, raised, title } = document.getElementById("waiting").dataset;
  document.title = (Number(waiting) ? `(${waiting}) ` : "") + (Number(raised) ? `上报${raised} · ` : "") + title;
}

const refresh = onceAtATime(async () => {
  put(await page(location.pathname));
  counted();
}, 800);

async function claim(form) {
  const told = document.getElementById("told");
  try {
    await page(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    location.assign(form.action.replace(/\/claim$/, ""));
  } catch (error) {
    if (told) tell(error.message);
    refresh();
  }
}

function move(step) {
  const all = links();
  if (!all.length) return;
  const at = all.indexOf(document.activeElement);
  all[at < 0 ? 0 : Math.max(0, Math.min(at + step, all.length - 1))].focus();
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-claim]") || !document.getElementById("told")) return;
  event.preventDefault();
  claim(event.target);
});

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return;
  if (document.getElementById("keys").open) return;
  if (event.key === "j" || event.key === "ArrowDown") move(1);
  else if (event.key === "k" || event.key === "ArrowUp") move(-1);
  else if (event.key === "c") document.activeElement.closest("[data-no]")?.querySelector("[data-claim] button")?.click();
  else if (event.key === "t") document.querySelector("[data-call]")?.click();
  else return;
  event.preventDefault();
});

counted();
listen("/api/desk/events", { message: refresh });
setInterval(refresh, 30_000); // how long somebody has waited
