// Search as you type. Everything from the server is put in as text, never as markup.
const root = document.querySelector("[data-find]");
const box = root.querySelector("#find");
const list = root.querySelector(".hits");
const told = root.querySelector(".told");
const status = root.querySelector("[role=status]");
const panes = root.querySelector(".search-panes");
const help = root.querySelector(".search-help");
const PAUSE_MS = 40;

let newest = 0;
let asking = null;
let pause = 0;
let hits = [];
let chosen = -1;

const made = (tag, className = "", text = "") => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
};

// --- asking

function typed() {
  clearTimeout(pause);
  newest += 1; // whatever is on its way was asked for an older text
  asking?.abort();
  if (!box.value.trim()) return shown([], "");
  pause = setTimeout(ask, PAUSE_MS, newest);
}

async function ask(turn) {
  asking = new AbortController();
  const q = box.value;
  try {
    const response = await fetch(`${root.dataset.find}?${new URLSearchParams({ q })}`, { signal: asking.signal });
    const answer = response.ok ? await response.json() : null;
    if (turn !== newest) return;
    if (answer) shown(answer.hits, sentence(answer));
    else status.textContent = response.status === 401 ? "登录过期了，请重新登录。" : "服务这会儿没有答上来，接着打会再查。";
  } catch (error) {
    if (turn === newest && error.name !== "AbortError") status.textContent = "没有连上服务，接着打会再查。";
  }
}

function sentence(answer) {
  const unanswered = answer.unanswered.map((token) => `“${token}”`).join("、");
  if (!answer.hits.length) return "没有查到。可以打方向号、名称的拼音首字母、电话的几位，或换个词。";
  return unanswered ? `${unanswered}没有一起对上，先列其余对得上的，共${answer.hits.length}条` : `${answer.hits.length}条`;
}

// --- the list

function shown(found, words) {
  const before = hits[chosen]?.id;
  hits = found;
  status.textContent = words;
  panes.hidden = !found.length;
  help.hidden = Boolean(box.value.trim());
  box.setAttribute("aria-expanded", String(found.length > 0));
  list.replaceChildren(...found.map(row));
  chosen = -1;
  list.scrollTop = 0;
  if (found.length) choose(0, before);
  else box.removeAttribute("aria-activedescendant");
}

function row(hit, number) {
  const item = made("li", "hit");
  item.id = `hit-${number}`;
  item.setAttribute("role", "option");
  item.title = hit.why;
  const head = made("p", "hit-title");
  head.append(made("span", `hit-kind hit-${hit.kind}`, hit.label), made("strong", "", hit.title));
  item.append(head);
  if (hit.under && hit.under !== hit.title) item.append(made("p", "hit-under", hit.under));
  item.addEventListener("click", () => {
    choose(number);
    if (narrow()) look();
  });
  return item;
}

function choose(number, same = "") {
  if (!hits.length) return;
  list.children[chosen]?.setAttribute("aria-selected", "false");
  chosen = Math.max(0, Math.min(number, hits.length - 1));
  const item = list.children[chosen];
  item.setAttribute("aria-selected", "true");
  item.scrollIntoView({ block: "nearest" });
  box.setAttribute("aria-activedescendant", item.id);
  if (hits[chosen].id !== same || !told.childElementCount) told.scrollTop = 0;
  told.replaceChildren(...detail(hits[chosen]));
}

const narrow = () => matchMedia("(max-width: 59.99rem)").matches;

function look() {
  told.focus({ preventScroll: true });
  if (narrow()) told.scrollIntoView({ block: "start" });
}

// --- what is to be said

function detail(hit) {
  const parts = [];
  const title = made("h2", "", hit.title);
  parts.push(title);
  if (hit.state) parts.push(made("p", "told-state", hit.state));
  if (hit.heard) {
    const block = made("section", "heard");
    block.append(made("h3", "", "念给他听"), made("p", "", hit.heard));
    parts.push(block);
  }
  if (hit.contacts.length) parts.push(people(hit.contacts));
  if (hit.written) {
    const block = made("section", "written");
    const head = made("div", "told-head");
    head.append(made("h3", "", "写给他"), copier(hit.written, "复制"));
    block.append(head, ...hit.written.split("\n").map((line) => made("p", "", line)));
    parts.push(block);
  }
  if (hit.clause) parts.push(original(hit));
  else if (hit.link) parts.push(linked(hit.link, "打开"));
  return parts;
}

function people(contacts) {
  const block = made("section", "people");
  block.append(made("h3", "", "联系人"));
  const rows = made("ul");
  for (const one of contacts) {
    const item = made("li");
    const who = made("p", "who");
    who.append(made("strong", "", one.name || one.office), made("span", "", one.name ? one.office : ""));
    item.append(made("p", "for", one.for), who);
    const reach = made("p", "reach");
    if (one.phone) reach.append(made("b", "", one.phone), copier(one.phone, "复制电话"));
    if (one.email) reach.append(made("span", "mail", one.email), copier(one.email, "复制邮箱"));
    reach.append(copier(one.copy, "全部复制"));
    item.append(reach);
    rows.append(item);
  }
  block.append(rows);
  return block;
}

function original(hit) {
  const block = made("section", "original");
  const head = made("div", "told-head");
  head.append(made("h3", "", `原文　${hit.clause.label}`), linked(hit.link, "在全文里看"));
  const text = made("blockquote");
  text.tabIndex = 0; // a long clause is scrolled with the keys
  text.append(hit.clause.before, made("mark", "", hit.clause.marked), hit.clause.after);
  block.append(head, text);
  return block;
}

function linked(href, words) {
  const link = made("a", "", words);
  // only our own pages: an entry can't lead elsewhere, nor run anything
  const address = new URL(href, location.origin);
  link.href = address.origin === location.origin ? address.href : "#";
  link.target = "_blank";
  link.rel = "noopener";
  return link;
}

// --- copying

function copier(text, words) {
  const button = made("button", "copy", words);
  button.type = "button";
  button.addEventListener("click", () => copy(text, button));
  return button;
}

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = made("textarea", "hidden", text);
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  status.textContent = `已复制：${text.length > 24 ? `${text.slice(0, 24)}…` : text}`;
  if (!button) return;
  const words = button.dataset.words || button.textContent;
  button.dataset.words = words;
  button.textContent = "已复制";
  setTimeout(() => (button.textContent = words), 1500);
}

// --- the keyboard

function pressed(event) {
  if (event.isComposing || event.keyCode === 229) return; // the input method's own key
  const hit = hits[chosen];
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
  } else if (event.key === "Enter" && hit) {
    event.preventDefault();
    look();
  } else if (event.key === "Escape") {
    event.preventDefault();
    if (document.activeElement !== box) return box.focus();
    box.value = "";
    typed();
  } else if (event.altKey && event.code === "KeyC" && hit?.written) {
    event.preventDefault();
    copy(hit.written);
  } else if (event.altKey && event.code === "KeyD" && hit?.contacts.length) {
    event.preventDefault();
    copy(hit.contacts[0].phone || hit.contacts[0].email);
  }
}

box.addEventListener("input", typed);
root.addEventListener("keydown", pressed);
document.addEventListener("keydown", (event) => {
  const writing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !writing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});
if (box.value) typed(); // the browser has kept it over a reload
