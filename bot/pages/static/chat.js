// The chat page's own behaviour. Without it the same forms post to "/" and the page comes back.
"use strict";

const log = document.getElementById("log");
const form = document.getElementById("ask");
const box = document.getElementById("text");
const desk = document.getElementById("at-desk");
const hint = document.getElementById("hint");
const longest = Number(hint.dataset.longest);
const hovers = matchMedia("(hover: hover)").matches;
let waiting = 0;
let missed = false;
let news = null;
let typed = 0;

const made = (tag, className, text = "") => {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
};

const name = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

const show = (element) => element.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });

function grow() {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
  const over = box.value.length - longest;
  hint.textContent = over > 0 ? `一次最多看${longest}个字，多了${over}个` : "";
}

function pending(said) {
  const article = made("article", "exchange");
  const bubble = made("div", "said");
  bubble.append(made("p", "", said));
  const dots = made("div", "reply thinking");
  dots.append(made("span", ""), made("span", ""), made("span", ""), made("span", "hidden", "正在查指南"));
  article.append(bubble, dots);
  document.getElementById("latest")?.removeAttribute("id");
  log.append(article);
  show(article);
  return article;
}

function failed(article, sentence, again) {
  const box = made("div", "reply failed");
  box.setAttribute("role", "alert");
  const retry = made("button", "", "重试");
  retry.type = "button";
  retry.addEventListener("click", () => {
    article.remove();
    again();
  });
  box.append(made("p", "", sentence), retry);
  article.querySelector(".reply").replaceWith(box);
}

async function sentence(response) {
  const type = response.headers.get("content-type") || "";
  if (type.includes("problem+json")) return (await response.json()).detail;
  return "服务这会儿没有答上来，您的话还在，请点“重试”。";
}

async function say(fields, said) {
  const article = pending(said);
  waiting += 1;
  try {
    const response = await fetch("/messages", { method: "POST", body: new URLSearchParams(fields) });
    if (!response.ok) return failed(article, await sentence(response), () => say(fields, said));
    const holder = made("div", "");
    holder.innerHTML = await response.text();
    const answer = holder.firstElementChild;
    article.replaceWith(answer);
    ready(answer);
    show(answer);
  } catch {
    failed(article, "没有连上服务，您的话还在；网络恢复后点“重试”。", () => say(fields, said));
  } finally {
    waiting -= 1;
    listen();
    if (missed) refresh();
  }
}

function sent(event) {
  const from = event.target;
  const by = event.submitter;
  if (from.matches("[data-say]")) {
    event.preventDefault();
    const tapped = by && by.name ? { [by.name]: by.value } : null;
    if (tapped && waiting) return; // a second tap while the first is on its way is the same tap
    const field = from.querySelector("textarea, input[name=text]");
    const typed = field ? field.value.trim() : "";
    if (!tapped && !typed) {
      hint.textContent = "请先写下要问的事";
      (field || box).focus();
      return;
    }
    const unit = field && field.dataset.unit && /^[\d.,，]+$/.test(typed) ? field.dataset.unit : "";
    const fields = { ...(tapped || { text: typed + unit }), update: name() };
    if (!tapped) field.value = "";
    grow();
    say(fields, tapped ? by.textContent.trim() : fields.text);
    // On a phone a tapped option must not bring up the keyboard over its own answer.
    if (!tapped || hovers) box.focus({ preventScroll: true });
  } else if (from.matches("[data-new]")) {
    if (log.childElementCount && !confirm("开始新会话？现在的对话将不再显示。")) event.preventDefault();
  } else if (from.matches("[data-judge]")) {
    event.preventDefault();
    judge(from, by);
  }
}

async function judge(from, by) {
  const status = from.querySelector("[role=status]");
  try {
    const fields = new URLSearchParams({ update: from.elements.update.value, useful: by.value });
    const response = await fetch("/feedback", { method: "POST", body: fields, headers: { accept: "application/json" } });
    status.textContent = response.ok ? "已记下，谢谢" : await sentence(response);
    if (!response.ok) return;
    for (const button of from.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button === by));
  } catch {
    status.textContent = "没有连上服务，请稍后再点";
  }
}

async function copy(button) {
  const text = button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = made("textarea", "hidden", text);
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  button.textContent = "已复制";
  setTimeout(() => (button.textContent = "复制"), 2000);
}

function ready(part) {
  for (const button of part.querySelectorAll("[data-copy]")) button.hidden = false;
}

// Shows what stands in the log meanwhile: from another tab of the same conversation, or from a person.
async function refresh() {
  missed = document.visibilityState !== "visible" || waiting || log.querySelector(".failed");
  if (missed) return;
  try {
    const response = await fetch("/messages");
    if (!response.ok) return;
    const holder = made("div", "");
    holder.innerHTML = await response.text();
    const known = new Set(Array.from(log.children, (one) => one.dataset.update));
    const fresh = Array.from(holder.children).filter((one) => !known.has(one.dataset.update));
    if (waiting) missed = true;
    if (!fresh.length || waiting) return;
    const last = log.lastElementChild;
    const follows = !last || last.getBoundingClientRect().top < innerHeight; // else somebody reads further up
    document.getElementById("latest")?.removeAttribute("id");
    log.append(...fresh);
    fresh.forEach(ready);
    if (follows) show(fresh[0]);
  } catch {
    // shown on the next message
  }
}

// The server tells when there is something new; a visitor is known to it from the first message on.
function listen() {
  if (news || !log.childElementCount) return;
  news = new EventSource("/events");
  news.addEventListener("message", refresh);
  news.addEventListener("desk", (event) => standing(JSON.parse(event.data)));
}

// What stands beside the log while a ticket is open: that it waits, that an officer has it, that they type.
function standing(ticket) {
  desk.hidden = !ticket;
  desk.dataset.state = ticket ? ticket.state : "";
  desk.querySelector("span").textContent = ticket ? ticket.says : "";
  desk.querySelector("em").hidden = !ticket?.typing;
}

// The officer sees that something is being typed, never what.
function types() {
  if (desk.dataset.state !== "taken" || !box.value || Date.now() - typed < 3000) return;
  typed = Date.now();
  fetch("/typing", { method: "POST" }).catch(() => {});
}

document.addEventListener("submit", sent);
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
document.addEventListener("visibilitychange", refresh);
box.addEventListener("input", grow);
box.addEventListener("input", types);
box.addEventListener("keydown", (event) => {
  // Enter that ends a Chinese input method's composition is not the end of the message.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
    event.preventDefault();
    form.requestSubmit();
  }
});
ready(document);
listen();
document.getElementById("latest")?.scrollIntoView({ block: "start" });
if (hovers) box.focus({ preventScroll: true });
