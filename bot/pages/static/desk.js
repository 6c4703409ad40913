// What every page of the desk shares: keys, copying, filtering, calls. Without it all pages work by their forms.
// Other pages' scripts: import { post, say } from "/static/desk.js".

const status = document.querySelector("[data-status]");
const token = document.querySelector("meta[name=csrf]")?.content;
const keys = document.getElementById("keys");
let going = 0;

// Whoever signs out has this page behind them: what it still asks for would be refused, as of somebody unknown.
const out = new AbortController();
export const leaving = out.signal;

/** Tell what happened, to a screen reader. */
export function say(text) {
  if (status) status.textContent = text;
}

/** An unsafe call of the API: the JSON of its answer; an Error with its sentence. An ended session leads to sign in. */
export async function post(url, body = {}, method = "POST") {
  const headers = { "content-type": "application/json", accept: "application/json", "x-csrf-token": token };
  const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
  if (response.status === 401) {
    location.assign(`/desk/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
  const type = response.headers.get("content-type") || "";
  const answer = type.includes("json") ? await response.json() : null;
  if (!response.ok) throw new Error(answer?.detail || "没有办成，请稍后再试。");
  return answer;
}

/** Put a text on the clipboard, also where the page came without TLS. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const held = document.activeElement;
    const area = document.createElement("textarea");
    area.className = "hidden";
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    held?.focus();
  }
  say(`已复制 ${text}`);
}

/** Make what needs this script to be seen, in a part of the page that is new. */
export function ready(part) {
  for (const button of part.querySelectorAll("[data-copy], [data-keys]")) button.hidden = false;
  const area = part.querySelector(".way");
  if (area) area.focus();
}

async function copied(button) {
  await copy(button.dataset.copy);
  button.classList.add("done");
  setTimeout(() => button.classList.remove("done"), 1500);
}

const folded = (text) => text.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);

function filter(box) {
  const list = document.querySelector(box.dataset.filter);
  const words = folded(box.value);
  let count = 0;
  for (const row of list.querySelectorAll("[data-find]")) {
    row.hidden = !words.every((word) => row.dataset.find.includes(word));
    count += !row.hidden;
    const more = row.nextElementSibling;
    if (more?.matches("[data-of-above]")) more.hidden = row.hidden;
  }
  for (const group of list.querySelectorAll("[data-group]")) {
    group.hidden = !group.querySelector("[data-find]:not([hidden])");
  }
  list.querySelector("[data-none]").hidden = count > 0;
  document.querySelector("[data-count]").textContent = count;
}

const writing = (at) => at.closest("input, textarea, select, [contenteditable]");

function pressed(event) {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || keys?.open) return;
  const box = document.querySelector("[data-search]");
  if (event.key === "Escape" && event.target === box && box.value) {
    box.value = "";
    box.dispatchEvent(new Event("input", { bubbles: true }));
    event.preventDefault();
  }
  if (writing(event.target)) return;
  const gone = Date.now() - going < 1500;
  going = event.key === "g" ? Date.now() : 0;
  if (event.key === "/") {
    event.preventDefault();
    if (box) box.select();
    else location.assign("/desk");
  } else if (event.key === "?" && keys) {
    event.preventDefault();
    keys.showModal();
  } else if (gone && /^[1-9]$/.test(event.key)) {
    document.querySelectorAll("[data-place]")[event.key - 1]?.click();
  }
}

// A one-time sign-in: what stands behind # is known to the browser alone, and not for longer than needed.
function first(form) {
  const given = new URLSearchParams(location.hash.slice(1));
  for (const name of ["name", "code"]) if (given.get(name)) form.elements[name].value = given.get(name);
  if (given.get("code")) history.replaceState(null, "", location.pathname);
  const empty = Array.from(form.elements).find((one) => one.matches("input") && !one.value);
  if (empty) empty.focus();
}

document.addEventListener("keydown", pressed);
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copied(button);
  if (event.target.closest("[data-keys]")) keys.showModal();
});
document.addEventListener("submit", (event) => {
  const asks = event.target.dataset.sure;
  if (asks && !confirm(asks)) event.preventDefault();
  if (event.target.matches("[data-out]")) out.abort();
});
document.addEventListener("input", (event) => {
  if (event.target.matches("[data-filter]")) filter(event.target);
});
for (const form of document.querySelectorAll("[data-first]")) first(form);
ready(document);
