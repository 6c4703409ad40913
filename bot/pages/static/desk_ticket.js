// One ticket: its forms are sent quietly, the page that comes back is put in place; the visitor's words come by
// themselves. What is written for the visitor and what is written for colleagues never meet: two forms, two addresses.

import { leaving, say } from "/static/desk.js";
import { listen, onceAtATime, page, put, tell, writing } from "/static/desk_live.js";

const no = document.getElementById("head").dataset.ticket;
const HERE_MS = 10_000;
const TYPED_MS = 3_000;
let stream = null;
let touched = Date.now();
let typed = 0;
let told = 0;
let toldTyping = 0;
let acts = 0;

const byId = (id) => document.getElementById(id);
const mine = () => byId("head").dataset.may === "mine";

// --- drawing

function drawn(fresh) {
  put(fresh);
  settle();
}

function settle() {
  for (const hidden of document.querySelectorAll(".put[hidden], .canned[hidden]")) hidden.hidden = false;
  for (const area of document.querySelectorAll("textarea[data-draft]")) {
    const kept = sessionStorage.getItem(area.dataset.draft);
    if (kept && !area.value) area.value = kept;
  }
}

// A page that was asked for before an act was done shows how it was; it is asked for again.
const refresh = onceAtATime(async () => {
  const asked = acts;
  const fresh = await page(location.pathname);
  if (asked === acts) drawn(fresh);
  else refresh();
}, 300);
const others = onceAtATime(async () => {
  const bar = (await page("/desk/mine")).getElementById("mine");
  for (const link of bar.querySelectorAll("[data-mine]")) {
    if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
  }
  byId("mine").replaceWith(document.importNode(bar, true));
});

// --- doing

async function act(form, by) {
  const area = form.querySelector("textarea");
  if (area && !by?.name && !area.value.trim()) return area.focus();
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  acts += 1;
  try {
    const fresh = await page(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, by)) });
    acts += 1;
    folded(form);
    drawn(fresh);
    tell();
    if (area && !by?.name) emptied(area);
    if (form.elements.key) form.elements.key.value = crypto.randomUUID?.() || String(Math.random()).slice(2);
    done(form.dataset.act);
  } catch (error) {
    if (byId("told").querySelector("a")) return; // that the session is over stands there, with the way in
    tell(error.message);
    refresh();
  } finally {
    delete form.dataset.busy;
  }
}

// A form that stands in a fold is done with: what comes back shows it closed, with what it begins with.
function folded(form) {
  const fold = form.closest("details");
  if (!fold) return;
  const now = (fold.id && byId(fold.id)) || fold; // it may have been drawn anew while the act was on its way
  now.querySelector("form")?.reset();
  now.open = false;
}

function emptied(area) {
  area.value = "";
  sessionStorage.removeItem(area.dataset.draft);
  typed = 0;
}

function done(verb) {
  const said = { say: "已发给对方", note: "备注已记下，只有同事看得到", claim: "已接手", close: "已办结", heard: "已记下", card: "名片已发给对方", mail: "信写好了，等着发出" };
  say(said[verb] || "已办");
  const elsewhere = document.activeElement?.matches("textarea, input") && document.activeElement.id !== "say";
  if (!elsewhere && (verb === "claim" || verb === "heard" || verb === "say")) byId("say")?.focus();
  if (verb === "say" || verb === "heard") byId("talk").scrollTop = byId("talk").scrollHeight;
  for (const fold of document.querySelectorAll(".acts details[open]")) fold.open = false;
  others();
}

// --- writing to the visitor: texts are added to what stands there, never in its place

function add(text) {
  const area = byId("say");
  if (!area) return;
  const before = area.value.slice(0, area.selectionStart);
  const after = area.value.slice(area.selectionEnd);
  const lead = before && !before.endsWith("\n") ? "\n" : "";
  area.value = before + lead + text + after;
  area.selectionStart = area.selectionEnd = (before + lead + text).length;
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

const slash = (area) => /(?:^|[^\w/.])\/([a-z]*)$/i.exec(area.value.slice(0, area.selectionStart));

function menu(area) {
  const list = byId("menu");
  const found = slash(area);
  const fitting = found
    ? Array.from(document.querySelectorAll("[data-canned-text]")).filter((one) => one.dataset.initials.startsWith(found[1].toLowerCase()))
    : [];
  list.hidden = !fitting.length;
  list.replaceChildren(...fitting.map((one, at) => option(one, at)));
}

function option(one, at) {
  const item = document.createElement("li");
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", String(at === 0));
  const keys = document.createElement("kbd");
  keys.textContent = one.dataset.initials;
  const words = document.createElement("span");
  words.textContent = one.dataset.cannedText;
  const name = document.createElement("b");
  name.textContent = one.textContent;
  item.append(keys, name, words);
  item.addEventListener("mousedown", (event) => {
    event.preventDefault();
    chosen(one.dataset.cannedText);
  });
  item.text = one.dataset.cannedText;
  return item;
}

function chosen(text) {
  const area = byId("say");
  const found = slash(area);
  const start = area.selectionStart - found[1].length - 1;
  area.setRangeText("", start, area.selectionStart, "end");
  byId("menu").hidden = true;
  add(text);
}

function inMenu(event) {
  const list = byId("menu");
  if (!list || list.hidden) return false;
  const all = Array.from(list.children);
  const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (event.key === "Enter" || event.key === "Tab") chosen(all[at].text);
  else if (event.key === "Escape") list.hidden = true;
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const next = (at + (event.key === "ArrowDown" ? 1 : all.length - 1)) % all.length;
    all.forEach((one, number) => one.setAttribute("aria-selected", String(number === next)));
    all[next].scrollIntoView({ block: "nearest" });
  } else return false;
  return true;
}

// --- keys

function inArea(event) {
  const area = event.target;
  if (area.id === "say" && inMenu(event)) return true;
  if (event.key === "Escape") area.blur();
  else if (area.id === "say" && event.key === "Enter" && !event.shiftKey) area.form.requestSubmit();
  else if (area.id === "note" && event.key === "Enter" && (event.ctrlKey || event.metaKey)) area.form.requestSubmit();
  else return false;
  return true;
}

function onPage(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("keys").open) return false;
  if (event.key === "c") document.querySelector("[data-act=claim] button")?.click();
  else if (event.key === "r") byId("say")?.focus();
  else if (event.key === "n") byId("note").focus();
  else if (event.key === "s") document.querySelector(".suggested .put")?.click();
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  touched = Date.now();
  if (event.isComposing || event.keyCode === 229) return; // the input method's own key
  const taken = event.target.matches("textarea") ? inArea(event) : !writing(event.target) && onPage(event);
  if (taken) event.preventDefault();
});

document.addEventListener("pointerdown", () => (touched = Date.now()));

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !event.target.matches("[data-act]")) return;
  event.preventDefault();
  act(event.target, event.submitter);
});

document.addEventListener("click", (event) => {
  const put = event.target.closest(".put");
  const canned = event.target.closest("[data-canned-text]");
  if (put) {
    event.preventDefault();
    add(put.dataset.put);
  }
  if (canned) add(canned.dataset.cannedText);
});

document.addEventListener("input", (event) => {
  const area = event.target;
  if (!area.matches("[data-draft]")) return;
  sessionStorage.setItem(area.dataset.draft, area.value);
  if (area.id !== "say" || !area.matches("[data-canned]")) return;
  menu(area);
  typed = area.value ? Date.now() : 0;
  if (typed && typed - toldTyping > TYPED_MS) alive();
});

// --- who is there

function alive() {
  told = Date.now();
  const typing = mine() && told - typed < TYPED_MS + 1000;
  if (typing) toldTyping = told;
  fetchQuietly({ typing, active: told - touched < 60_000 });
}

function fetchQuietly(sign) {
  const headers = { "content-type": "application/json", "x-csrf-token": document.querySelector("meta[name=csrf]").content };
  const options = { method: "POST", headers, body: JSON.stringify(sign), signal: leaving };
  fetch(`/api/desk/tickets/${no}/here`, options).catch(() => {});
}

function news() {
  byId("typing").hidden = true; // what was being typed is there
  refresh();
}

function around(event) {
  const { others: names, typing } = JSON.parse(event.data);
  byId("typing").hidden = !typing;
  byId("around").textContent = names.length ? `${names.join("、")}也开着这张工单` : "";
  byId("around").hidden = !names.length;
}

function begin() {
  if (document.visibilityState === "hidden") {
    stream?.close();
    stream = null;
  } else if (!stream) {
    stream = listen(`/api/desk/events?ticket=${no}`, { message: news, desk: others, around });
    alive();
  }
}

document.addEventListener("visibilitychange", begin);
setInterval(() => document.visibilityState === "visible" && alive(), HERE_MS);
settle();
byId("talk").scrollTop = byId("talk").scrollHeight;
begin();
if (mine()) byId("say")?.focus();
