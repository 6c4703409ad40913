// The preview's progress, drawn anew while it runs. Without it there is a link to look again.

import { say } from "/static/desk.js";

const AGAIN_MS = 1500;

async function look() {
  const answer = await fetch(location.pathname, { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("preview");
  document.getElementById("preview").replaceWith(fresh);
  if (fresh.querySelector("[data-running]")) setTimeout(look, AGAIN_MS);
  else say("预览好了");
}

if (document.querySelector("[data-running]")) setTimeout(look, AGAIN_MS);
