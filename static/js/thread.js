// A thread's page: own marks on posts that arrive, support without reload, replies in place, unread posts and the pill.

import { sectionOf, applyChange } from "./live.js";
import { setUp } from "./composer.js";
import { nodeOf } from "./main.js";

const da = document.documentElement.lang === "da";
const feed = document.querySelector(".fh-live");
const pill = feed?.querySelector("[data-pill]");
const announce = feed?.querySelector("[data-announce]");
const own = ids("own");
const supported = ids("supported");
let unseen = 0;
let spoken = 0;

function ids(name) {
  return new Set((feed?.dataset[name] ?? "").split(",").filter(Boolean));
}

export function start() {
  if (!feed) return;
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSupport);
  document.addEventListener("fh:sent", onSent);
  feed.addEventListener("fh:append", onAppend);
  feed.addEventListener("fh:applied", (event) => event.detail.changes.forEach(personal));
  if (feed.dataset.own !== undefined && document.querySelector("[data-composer] [name=csrf_token]")) markRead();
  if (!location.hash && document.getElementById("ulaest")) document.getElementById("ulaest").scrollIntoView();
}

// A new top-level post belongs at the end: on another page of the thread it is only counted.
function onAppend(event) {
  const { change, parent } = event.detail;
  const atHome = parent.id !== "feed" || "atEnd" in feed.dataset;
  if (!own.has(change.target.slice(2))) count(atHome ? change.target : "");
  if (!atHome) event.preventDefault();
}

function count(target) {
  unseen += 1;
  const link = pill.querySelector("a");
  link.textContent = da ? `${unseen} ${unseen === 1 ? "nyt indlæg" : "nye indlæg"}` : `${unseen} new ${unseen === 1 ? "post" : "posts"}`;
  link.href = target && unseen === 1 ? `#${target}` : target ? link.href : feed.dataset.newest;
  pill.hidden = false;
  spoken ||= setTimeout(() => {
    spoken = 0;
    announce.textContent = link.textContent;
  }, 10000);
}

// Fragments are the same for everybody; what is mine is put on them here.
function personal(change) {
  const id = change.target.replace(/^(i|post|support)-/, "");
  const body = document.getElementById(`post-${id}`);
  if (!body) return;
  if (change.support !== undefined) {
    const number = document.getElementById(`support-${id}`);
    if (number) number.textContent = change.support;
  }
  if (change.action !== "text") body.classList.add("fh-post--arrived");
  const button = body.querySelector(".fh-support");
  if (!button) return;
  if (own.has(id)) button.disabled = true;
  addTools(body, id);
  press(button, supported.has(id));
}

// What the author and moderators may do, from the page's templates; the server's page has it in place already.
function addTools(body, id) {
  const panel = body.querySelector(".fh-more-panel");
  const tools = document.getElementById(own.has(id) ? "tools-own" : "tools-others");
  if (!panel || !tools || panel.querySelector("[href$='/ret'], [href$='/skjul']")) return;
  const links = tools.content.cloneNode(true);
  for (const link of links.querySelectorAll("a")) link.href = link.getAttribute("href").replace("/0/", `/${id}/`);
  panel.append(links);
  if (own.has(id)) body.querySelector(".fh-who-name")?.append(da ? " (dig)" : " (you)");
}

function press(button, on) {
  button.setAttribute("aria-pressed", String(on));
  button.value = on ? "0" : "1";
}

async function onSupport(event) {
  const button = event.submitter;
  if (event.target.id !== "support" || !button) return;
  if (!event.target.elements.csrf_token?.value) return;
  event.preventDefault();
  const data = new FormData(event.target);
  data.set("wanted", button.value);
  try {
    const response = await fetch(button.formAction, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
    if (!response.ok) throw new Error(response.status);
    const answer = await response.json();
    const id = button.closest("[data-post]").dataset.post;
    if (answer.pressed) supported.add(id);
    else supported.delete(id);
    press(button, answer.pressed);
    document.getElementById(`support-${id}`).textContent = answer.count;
  } catch {
    event.target.action = button.formAction;
    button.blur();
  }
}

// "Reply" opens the form under the post; the link leads to the same form on a page of its own.
async function onClick(event) {
  const link = event.target.closest?.("[data-reply]");
  if (!link || event.ctrlKey || event.metaKey || event.button) return;
  if (!document.querySelector("#skriv [name=csrf_token]")) return;
  event.preventDefault();
  const body = link.closest("[data-post]");
  const open = document.getElementById(`svar-${link.dataset.reply}`);
  if (open) {
    open.elements.body.focus();
    return;
  }
  const address = new URL(link.href);
  const chosen = String(getSelection()).trim();
  const response = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
  if (!response.ok) {
    location.href = link.href;
    return;
  }
  const form = nodeOf(await response.text());
  form.classList.add("fh-composer--reply");
  body.append(form);
  if (chosen && body.querySelector(".fh-text")?.textContent.includes(chosen)) {
    form.elements.quote.value = chosen;
    form.elements.quote.closest("details").open = true;
  }
  setUp(form);
  form.elements.body.focus();
}

function onSent(event) {
  const answer = event.detail;
  const form = event.target;
  const section = sectionOf(feed);
  if (answer.waiting) form.before(nodeOf(answer.waiting));
  if (answer.changes) {
    own.add(String(answer.id));
    for (const change of answer.changes) {
      if (document.getElementById(change.parent) && (change.parent !== "feed" || "atEnd" in feed.dataset)) {
        applyChange(change, feed);
        personal(change);
      } else {
        location.href = `/i/${answer.id}`;
      }
    }
    if (section && section.version < answer.version) section.reread();
  }
  if (form.id !== "skriv") form.remove();
  document.getElementById(`i-${answer.id}`)?.scrollIntoView({ block: "nearest" });
}

// Read means: it was in view for a moment on a page in front.
function markRead() {
  let best = Number(feed.dataset.read);
  let sent = best;
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) best = Math.max(best, Number(entry.target.dataset.position) || 0);
    }
  });
  const watch = () => feed.querySelectorAll("[data-position]").forEach((post) => seen.observe(post));
  watch();
  feed.addEventListener("fh:applied", watch);
  const send = () => {
    if (best <= sent || document.hidden) return;
    sent = best;
    const data = new FormData(document.getElementById("support"));
    data.set("position", best);
    const address = `/traad/${feed.dataset.topic.split(":")[1]}/laest`;
    fetch(address, { method: "POST", body: data, keepalive: true, headers: { "X-Requested-With": "fetch" } }).catch(() => {});
  };
  setInterval(send, 4000);
  addEventListener("pagehide", send);
}
