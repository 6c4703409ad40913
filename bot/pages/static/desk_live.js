// Pages that stay true by themselves: the page is fetched anew and its parts marked data-live are put in place of the
// old ones. All that is drawn is drawn by the server; here only what must outlive it is kept: focus, scroll, folds.

import { leaving, ready, say } from "/static/desk.js";

const END = 40;

/** The page that an address or a form's answer is; an Error with its sentence; `lost` where the session is over. */
export async function page(url, options = {}) {
  const headers = { accept: "application/json", "x-live": "1", ...options.headers };
  let response;
  try {
    response = await fetch(url, { signal: leaving, ...options, headers });
  } catch {
    if (leaving.aborted) throw new Error("您退出了工作台。");
    throw new Error("没有连上服务，写的字还在；网络好了再试。");
  }
  if (response.status === 401) {
    lost();
    throw new Error("登录过期了，这次没有办成；写的字还在。");
  }
  if (!response.ok) {
    const type = response.headers.get("content-type") || "";
    throw new Error(type.includes("json") ? (await response.json()).detail : "没有办成，请稍后再试。");
  }
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

/** Say that the session is over; what has been written stays. */
export function lost() {
  const box = document.getElementById("told");
  if (!box) return;
  const link = document.createElement("a");
  link.href = `/desk/sign-in?next=${encodeURIComponent(location.pathname)}`;
  link.textContent = "重新登录";
  box.replaceChildren("登录过期了，这一页不再更新，也发不出去；写的字还在。", link);
  box.hidden = false;
}

/** Put the live parts of a page in the place of ours. */
export function put(fresh) {
  for (const old of document.querySelectorAll("[data-live]")) {
    const found = fresh.getElementById(old.id);
    if (!found || old.parentElement.closest("[data-live]")) continue;
    const same = old.dataset.key === undefined ? bare(old) === bare(found) : old.dataset.key === found.dataset.key;
    if (!same) keep(old, document.importNode(found, true));
  }
}

// What a part shows, whatever has been unfolded and whatever only this script brings to light.
const bare = (part) => part.innerHTML.replace(/ (?:hidden|open)=""/g, "");

function keep(old, made) {
  const atEnd = old.scrollHeight - old.scrollTop - old.clientHeight < END;
  const top = old.scrollTop;
  for (const fold of old.querySelectorAll("details[open][id]")) {
    const same = made.querySelector(`#${fold.id}`);
    if (same) same.open = true;
  }
  for (const field of old.querySelectorAll("input[id], textarea[id]")) {
    const same = made.querySelector(`#${field.id}`);
    if (same && field.value !== field.defaultValue) same.value = field.value;
    if (same && field.type === "checkbox" && !same.disabled) same.checked = field.checked;
  }
  const held = old.contains(document.activeElement) ? document.activeElement : null;
  const row = held?.closest("[data-no]")?.dataset.no;
  old.replaceWith(made);
  ready(made);
  made.scrollTop = atEnd && made.matches(".talk") ? made.scrollHeight : top;
  const again = row ? made.querySelector(`[data-no="${row}"] a`) : held?.id ? document.getElementById(held.id) : null;
  if (again && made.contains(again)) again.focus({ preventScroll: true });
}

/** Tell of a failure where everybody sees it; nothing: it is over. */
export function tell(sentence = "") {
  const box = document.getElementById("told");
  box.textContent = sentence;
  box.hidden = !sentence;
  if (sentence) say(sentence);
}

/** Listen to the desk's news until one signs out; a stream that ends for good tells whether the session has. */
export function listen(url, hear) {
  if (leaving.aborted) return;
  const stream = new EventSource(url);
  leaving.addEventListener("abort", () => stream.close());
  for (const [name, heard] of Object.entries(hear)) stream.addEventListener(name, heard);
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) page("/desk/mine").catch(() => {});
  });
  return stream;
}

/** Run one at a time, and once more if it was wanted meanwhile. */
export function onceAtATime(work, pause = 0) {
  let running = false;
  let wanted = false;
  return async function run() {
    if (running) {
      wanted = true;
      return;
    }
    running = true;
    do {
      wanted = false;
      try {
        await work();
      } catch (error) {
        if (!error.message) throw error; // a page that can't be drawn anew stays as it is until the next news
      }
      if (pause) await new Promise((done) => setTimeout(done, pause));
    } while (wanted);
    running = false;
  };
}

export const writing = (at) => at.closest("input, textarea, select, [contenteditable]");

/** Alt+1…9: the officer's other tickets. */
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || !/^Digit[1-9]$/.test(event.code)) return;
  const link = document.querySelectorAll("[data-mine]")[event.code.slice(5) - 1];
  if (!link) return;
  event.preventDefault();
  link.click();
});
