// A thread's page: own marks on posts that arrive, support without reload, replies in place, unread posts and the pill.

import { sectionOf, applyChange } from "./live.js";
import { setUp } from "./composer.js";
import { nodeOf } from "./main.js";

const da = document.documentElement.lang === "da";
const feed = document.querySelector(".fh-live[data-own], [data-feed]");
const asks = feed?.dataset.feed === "questions";
const pill = feed?.querySelector("[data-pill]");
const announce = feed?.querySelector("[data-announce]");
const own = ids("own");
const supported = ids("supported");
const sentHere = new Set();
const unseen = new Set();
const seen = new IntersectionObserver(onSeen, { threshold: 0.5 });
let chosen = {};
let spoken = 0;

function ids(name) {
  return new Set((feed?.dataset[name] ?? "").split(",").filter(Boolean));
}

export function start() {
  if (!feed) return;
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSupport);
  document.addEventListener("fh:sent", onSent);
  document.addEventListener("fh:settled", countUnseen);
  document.addEventListener("selectionchange", rememberChoice);
  feed.addEventListener("fh:append", onAppend);
  feed.addEventListener("fh:applied", (event) => event.detail.changes.forEach(personal));
  if (asks) pill.addEventListener("click", showNew);
  else if (feed.dataset.own !== undefined && document.querySelector("[data-composer] [name=csrf_token]")) markRead();
  if (!location.hash && document.getElementById("ulaest")) document.getElementById("ulaest").scrollIntoView();
}

// A new top-level post belongs at the end: on another page of the thread it is only counted.
function onAppend(event) {
  const { change, parent } = event.detail;
  const id = idOf(change);
  // Nothing moves while somebody reads a list of questions: new ones come when they are asked for.
  const atHome = !asks && (parent.id !== "feed" || "atEnd" in feed.dataset);
  if (!own.has(id)) unseen.add(change.target);
  else if (asks) showMine(change);
  countUnseen();
  if (!atHome) event.preventDefault();
}

// A post of one's own arrives by the socket before the answer to its form names it. So nothing is counted while a form
// is being sent, and the answer takes its post out again.
function countUnseen() {
  if (document.querySelector("[data-sending]")) return;
  const n = unseen.size;
  pill.hidden = !n;
  if (!n) return;
  const [link, [first]] = [pill.querySelector("a"), unseen];
  const [one, many] = asks ? (da ? ["nyt spørgsmål", "nye spørgsmål"] : ["new question", "new questions"]) : da ? ["nyt indlæg", "nye indlæg"] : ["new post", "new posts"];
  link.textContent = `${n} ${n === 1 ? one : many}`;
  link.href = !asks && document.getElementById(first) ? `#${first}` : feed.dataset.newest;
  spoken ||= setTimeout(() => {
    spoken = 0;
    if (unseen.size) announce.textContent = link.textContent;
  }, 10000);
}

// What came into view is not new any more.
function onSeen(entries) {
  const before = unseen.size;
  for (const entry of entries) if (entry.isIntersecting) unseen.delete(`i-${entry.target.dataset.post}`);
  if (unseen.size !== before) countUnseen();
}

function idOf(change) {
  return change.target.replace(/^(i|post|support)-/, "");
}

// An own question stands in the list, at once or when it was let in.
function showMine(change) {
  document.getElementById(`w-${idOf(change)}`)?.remove();
  if (!document.getElementById(change.target)) document.getElementById("feed").prepend(nodeOf(change.html));
}

// The list in its order of now, with what came meanwhile.
async function showNew(event) {
  event.preventDefault();
  const response = await fetch(feed.dataset.list, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
  if (!response?.ok) return;
  const answer = await response.json();
  document.getElementById("feed").replaceWith(nodeOf(answer.html));
  sectionOf(feed)?.apply([], answer.version);
  unseen.clear();
  countUnseen();
  document.getElementById("feed").scrollIntoView({ block: "nearest" });
}

// Fragments are the same for everybody; what is mine is put on them here.
function personal(change) {
  const id = idOf(change);
  const body = document.getElementById(`post-${id}`);
  if (!body) return;
  if (unseen.has(`i-${id}`)) seen.observe(body);
  const number = document.getElementById(`support-${id}`);
  if (number && change.support !== undefined) number.textContent = change.support;
  if (change.action !== "text") body.classList.add("fh-post--arrived");
  const button = body.querySelector(".fh-support");
  if (!button) return;
  if (own.has(id)) button.disabled = true;
  addTools(body, id);
  press(button, supported.has(id));
}

// What the author and moderators may do, from the page's templates; the server's page has it in place already.
function addTools(body, id) {
  const panel = body.querySelector(".fh-more-panel, .fh-question-meta");
  const tools = document.getElementById(own.has(id) ? "tools-own" : "tools-others");
  if (!panel || !tools || panel.querySelector("[href$='/ret'], [href$='/skjul'], [href$='/traek-tilbage']")) return;
  const links = tools.content.cloneNode(true);
  // A question is edited just after it was sent, and stays as it is once something became of it.
  const past = panel.querySelector(".badge") ? "a" : sentHere.has(id) ? "[hidden]" : "[href$='/ret']";
  if (asks) links.querySelectorAll(past).forEach((link) => link.remove());
  for (const link of links.querySelectorAll("a")) link.href = link.getAttribute("href").replace("/0/", `/${id}/`);
  panel.append(links);
  if (own.has(id)) body.querySelector(".fh-who-name, [data-by]")?.append(da ? " (dig)" : " (you)");
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

// A tap on a phone takes the selection away before the click comes, so it is remembered for a moment.
function rememberChoice() {
  const text = String(getSelection()).replace(/\s/g, " ").trim();
  const post = getSelection().anchorNode?.parentElement?.closest(".fh-text")?.closest("[data-post]");
  if (text && post) chosen = { text, post };
  else chosen.left ??= Date.now();
}

function choiceIn(post) {
  const isFresh = chosen.post === post && (!chosen.left || Date.now() - chosen.left < 1000);
  return isFresh && post.querySelector(".fh-text").textContent.replace(/\s/g, " ").includes(chosen.text) ? chosen.text : "";
}

// "Reply" and "Quote" open the form under the post; the links lead to the same form on a page of its own.
async function onClick(event) {
  if (event.target.closest?.(".fh-composer--reply [data-cancel]")) return cancel(event);
  const link = event.target.closest?.("[data-reply], [data-quote]");
  if (!link || event.ctrlKey || event.metaKey || event.button) return;
  if (!document.querySelector("#skriv [name=csrf_token]")) return;
  event.preventDefault();
  const post = link.closest("[data-post]");
  const choice = choiceIn(post);
  link.closest("details")?.removeAttribute("open");
  const open = document.getElementById(`svar-${post.dataset.post}`);
  if (open && !choice && !("quote" in link.dataset)) {
    open.elements.body.focus();
    return;
  }
  const response = await fetch(link.href, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
  if (!response?.ok) return location.assign(link.href);
  const fresh = nodeOf(await response.text());
  const form = open ?? fresh;
  if (!open) {
    form.classList.add("fh-composer--reply");
    post.after(form); // not in it: a post that changes is replaced, and the text must stay
    setUp(form);
  }
  const quote = choice || fresh.elements.quote.value;
  if (quote) {
    form.elements.quote.value = quote;
    form.elements.quote.closest("details").open = true;
  }
  form.elements.body.focus();
}

// The form goes; what was typed in it is kept as a draft and comes back with the next "Reply".
function cancel(event) {
  event.preventDefault();
  const form = event.target.closest("form");
  form.remove();
  document.querySelector(`#post-${form.id.slice("svar-".length)} [data-reply]`)?.focus();
}

// Whoever cannot see the page, or has no mouse, goes on from what was just sent.
function onSent(event) {
  const { detail: answer, target: form } = event;
  const section = sectionOf(feed);
  own.add(String(answer.id));
  sentHere.add(String(answer.id));
  unseen.delete(`i-${answer.id}`);
  if (answer.waiting && asks) document.querySelector("[data-waiting-list]").prepend(nodeOf(answer.waiting));
  else if (answer.waiting) form.before(nodeOf(answer.waiting));
  if (asks && answer.changes) {
    answer.changes.forEach(showMine);
    answer.changes.forEach(personal);
    return;
  }
  if (answer.changes) {
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
  const post = document.getElementById(`i-${answer.id}`);
  post?.focus({ preventScroll: true });
  post?.scrollIntoView({ block: "nearest" });
}

// Read means: it was in view for a moment on a page in front.
function markRead() {
  let best = Number(feed.dataset.read);
  let sent = best;
  const read = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) best = Math.max(best, Number(entry.target.dataset.position) || 0);
    }
  });
  const watch = () => feed.querySelectorAll("[data-position]").forEach((post) => read.observe(post));
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
