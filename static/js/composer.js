// Composers: counts letters, hints at private details, keeps drafts here and on the server, and sends by fetch so that
// nothing typed is lost. Without this script the same forms are sent plainly.

import { copyAt, nodeOf, say, write } from "./main.js";

const da = document.documentElement.lang === "da";
const words = da
  ? {
      left: (n) => `${n.toLocaleString("da")} tegn tilbage`,
      over: (n) => `Dit indlæg er ${n.toLocaleString("da")} tegn for langt`,
      overField: (n) => `${n.toLocaleString("da")} tegn for meget`,
      sending: "Sender …",
      failed: "Indlægget er ikke sendt. Teksten er gemt her. Prøv igen",
      offline: "Du har ingen forbindelse. Vi sender, når du er på igen",
      saved: (time) => `Kladde gemt kl. ${time}`,
      block: "Det ligner et cpr-nummer. Fjern det, før du sender",
      hold: "Det ligner et telefonnummer eller en mailadresse. Alle kan læse det",
    }
  : {
      left: (n) => `${n.toLocaleString("en")} characters left`,
      over: (n) => `Your post is ${n.toLocaleString("en")} characters too long`,
      overField: (n) => `${n.toLocaleString("en")} characters too many`,
      sending: "Sending …",
      failed: "Not sent. Your text is kept here. Try again",
      offline: "You are offline. We will send when you are back",
      saved: (time) => `Draft saved at ${time}`,
      block: "That looks like a CPR number. Remove it before you send",
      hold: "That looks like a phone number or an e-mail address. Everyone can read it",
    };

// Hints only: the server alone decides.
const CPR = /(?:^|\D)(?:[0-2]\d|3[01]|[67]\d|8\d|9[01])(?:0\d|1[0-2])\d\d[\s\-./_:·]{0,3}\d{4}(?!\d)/u;
const DOUBTFUL = /(?:\+45\s?)?(?:^|[^\d.,])[2-9]\d(?:[ .-]?\d\d){3}(?![.,]?\d)|[^\s@]+@[^\s@]+\.[a-zæøå]{2,}/iu;

// What is kept of a box. A chosen question or quote is no draft by itself.
const KEPT = ["title", "prompt_no", "body", "quote"];

export function start(root = document) {
  forgetSent();
  addEventListener("pagehide", keepAll);
  document.addEventListener("visibilitychange", () => document.hidden && keepAll());
  for (const form of root.querySelectorAll("[data-composer]")) setUp(form);
}

export function setUp(form) {
  if (form.dataset.ready) return;
  form.dataset.ready = "1";
  const body = form.elements.body;
  const key = keyOf(form, form.dataset.viewer);
  // What was typed before the log-in came along to this account: the copy that anybody here could read goes.
  if (form.dataset.viewer && body.value && copyAt(keyOf(form, ""))?.body === body.value) write(keyOf(form, ""), "");
  form.onServer = [plain(body.value)];
  const copy = copyAt(key);
  if (copy && (!body.value || [copy.body, ...copy.onServer].map(plain).includes(plain(body.value)))) fill(form, copy);
  form.addEventListener("input", () => {
    count(form);
    hint(form, body);
    keep(form, body);
  });
  count(form);
  form.addEventListener("submit", (event) => send(event, form, body, key));
}

// Each account has its own copy: the next person at this machine must not read it.
function keyOf(form, viewer) {
  return `fh-draft:${form.dataset.box}:${viewer}`;
}

// The copy is newer than the page when the page shows nothing, or only what the server had when the copy was made.
function fill(form, copy) {
  for (const field of KEPT.map((name) => form.elements[name])) {
    const value = field && copy[field.name];
    if (value && (!field.options || [...field.options].some((option) => option.value === value))) field.value = value;
  }
  if (form.elements.quote?.value) form.elements.quote.closest("details").open = true;
}

function plain(text) {
  return text.trim().replace(/\s+/gu, " ");
}

// Each field has a counter of its own: the one that its description names.
function count(form) {
  for (const field of form.querySelectorAll("[data-max]")) {
    const ids = field.getAttribute("aria-describedby")?.split(" ") ?? [];
    const note = ids.map((id) => document.getElementById(id)).find((one) => one && "count" in one.dataset);
    if (!note) continue;
    const left = Number(field.dataset.max) - field.value.length;
    const over = field === form.elements.body ? words.over : words.overField;
    note.textContent = left < 0 ? over(-left) : words.left(left);
    note.classList.toggle("fh-composer-note--over", left < 0);
  }
}

function hint(form, body) {
  const place = form.querySelector("[data-guard-hint]");
  if (!place) return;
  const level = CPR.test(body.value) ? "block" : DOUBTFUL.test(body.value) ? "hold" : "";
  place.hidden = !level;
  if (place.dataset.level !== level) place.textContent = words[level] ?? "";
  place.dataset.level = level;
}

// Every 2 s here, however fast one types, and on leaving; every 10 s on the server for accounts.
function keep(form, body) {
  form.localTimer ??= setTimeout(() => keepHere(form), 2000);
  if (form.elements.csrf_token && !form.serverTimer) form.serverTimer = setTimeout(() => save(form, body), 10000);
}

function keepHere(form) {
  stopKeeping(form);
  const copy = { onServer: form.onServer };
  for (const name of KEPT) copy[name] = form.elements[name]?.value;
  write(keyOf(form, form.dataset.viewer), copy.body || copy.title ? JSON.stringify(copy) : "");
}

function keepAll() {
  for (const form of document.querySelectorAll("[data-composer]")) if (form.localTimer) keepHere(form);
}

function stopKeeping(form) {
  clearTimeout(form.localTimer);
  form.localTimer = undefined;
}

async function save(form, body) {
  form.serverTimer = undefined;
  const data = new FormData();
  data.set("csrf_token", form.elements.csrf_token.value);
  data.set("box", form.dataset.box);
  data.set("path", form.dataset.place);
  data.set("title", form.elements.title?.value ?? "");
  data.set("prompt_no", form.elements.prompt_no?.value ?? "");
  data.set("body", body.value);
  // Until the answer is here, either text may be the one that the server has.
  form.onServer = [form.onServer[0], plain(body.value)];
  keepHere(form);
  data.set("quote", body.value ? (form.elements.quote?.value ?? "") : ""); // words to quote are no draft by themselves
  try {
    const response = await fetch("/min-side/kladder/gem", { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
    const answer = await response.json();
    const said = response.ok ? answer.saved && words.saved(answer.saved) : answer.error;
    if (said) state(form, said);
    if (!response.ok) return;
    form.onServer.shift();
    if (form.isConnected && !form.dataset.sending) keepHere(form);
  } catch {
    // The copy in this browser is still there.
  }
}

async function send(event, form, body, key) {
  keepHere(form); // at once: later it would write the text anew when the answer has put a fresh form in place of this one
  if (!form.elements.csrf_token) return;
  if (!document.getElementById("feed")) {
    write("fh-sent", JSON.stringify({ key, from: location.pathname }));
    return;
  }
  event.preventDefault();
  if (form.dataset.sending) return;
  await attempt(form, body, key);
}

// A box on a page of its own is sent plainly. Its copy here has done its work once the answer leads to another page.
function forgetSent() {
  const sent = copyAt("fh-sent");
  write("fh-sent", "");
  const cameFrom = document.referrer && new URL(document.referrer).pathname;
  if (sent && cameFrom === sent.from && location.pathname !== sent.from) write(sent.key, "");
}

async function attempt(form, body, key) {
  form.dataset.sending = "1";
  clearTimeout(form.serverTimer);
  form.serverTimer = undefined;
  body.readOnly = true;
  mood(form, "sending", words.sending);
  try {
    const response = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" } });
    await answered(response, form, body, key);
  } catch {
    // Sent again by itself once there is a net: the same client id makes it the same write, whatever arrived before.
    const off = !navigator.onLine || document.documentElement.dataset.net === "off";
    mood(form, off ? "offline" : "failed", off ? words.offline : words.failed);
    if (off) again(form, () => form.dataset.sending || !body.value || attempt(form, body, key));
  } finally {
    body.readOnly = false;
    delete form.dataset.sending;
    document.dispatchEvent(new CustomEvent("fh:settled"));
  }
}

function again(form, send) {
  const back = (event) => {
    if (event.type === "fh:net" && !event.detail) return;
    removeEventListener("online", back);
    document.removeEventListener("fh:net", back);
    if (form.isConnected) send();
  };
  addEventListener("online", back);
  document.addEventListener("fh:net", back);
}

async function answered(response, form, body, key) {
  if (response.status === 400 || response.status === 403) {
    form.submit(); // signed out, or an old token: the server's own page keeps the text and says what to do
    return;
  }
  const answer = await response.json();
  if (response.status === 422) {
    const fresh = nodeOf(answer.form);
    fresh.classList.toggle("fh-composer--reply", form.classList.contains("fh-composer--reply"));
    form.replaceWith(fresh);
    setUp(fresh);
    fresh.querySelector("[aria-invalid]")?.focus();
    return;
  }
  if (!response.ok) {
    mood(form, "failed", answer.message || words.failed);
    return;
  }
  stopKeeping(form);
  write(key, "");
  empty(form, body);
  if (form.elements.client_id) form.elements.client_id.value = answer.client_id;
  say(answer.message);
  form.dispatchEvent(new CustomEvent("fh:sent", { bubbles: true, detail: answer }));
}

// Back to a composer that nobody has written in: what was said about the old text goes with it.
function empty(form, body) {
  body.value = "";
  if (form.elements.quote) form.elements.quote.value = "";
  form.querySelectorAll(".fh-guard, .form-error-message").forEach((part) => part.remove());
  document.querySelector(".fh-errors")?.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  mood(form, "", "");
  count(form);
  hint(form, body);
}

function mood(form, name, sentence) {
  for (const known of ["sending", "failed", "offline"]) form.classList.toggle(`fh-composer--${known}`, known === name);
  state(form, sentence);
}

function state(form, sentence) {
  const place = form.querySelector("[data-state]");
  if (place) place.textContent = sentence;
}
