// Slides: follow a presentation or leaf for oneself, present one, upload one. All of it works without this script too:
// here it is only decided which of the changes that live.js brings this page takes.

import { leaf } from "./leaf.js";
import { nodeOf, passUndo, say as toast } from "./main.js";
import { sectionOf } from "./live.js";

const OFFLINE = document.documentElement.lang === "da" ? "Ingen forbindelse. Prøv igen" : "No connection. Try again";
const TAKEN_BACK = document.documentElement.lang === "da" ? "Det er fortrudt" : "It is taken back";

export function start() {
  for (const deck of document.querySelectorAll("[data-deck]")) {
    if ("upload" in deck.dataset) upload(deck);
    else if ("present" in deck.dataset) present(deck);
    else if ("waiting" in deck.dataset) wait(deck);
    else follow(deck);
  }
}

// The reader's pages: whoever follows goes along; whoever leafs alone is not pulled away, only told where the others are.
function follow(deck) {
  const following = () => deck.dataset.following === "true";
  const isPresented = () => deck.querySelector(".fh-follow")?.hidden === false;
  let [presented, closed] = [isPresented(), false];
  deck.addEventListener("fh:change", (event) => {
    closed = deck.querySelector(".fh-words")?.open === false;
    if (isStage(event.detail.change) && !following()) event.preventDefault();
  });
  deck.addEventListener("fh:applied", (event) => {
    const words = tellMode(deck, following() ? "following" : deck.dataset.own ? "behind" : "deck");
    if (isPresented() !== presented) announce(deck, (presented = isPresented()) ? words : "");
    if (following() && event.detail.changes.some(isStage)) arrive(deck, closed);
  });
  offerFullScreen(deck);
  showCurrent(deck, deck.dataset.own);
  if (deck.dataset.leaf) leaf(deck, { tellMode, offerFullScreen, showCurrent });
}

const isStage = (change) => /^(stage|show)-/.test(change.target);

// A pushed bar knows no viewer: it holds the words for all three modes. Those that fit this page are shown, and returned.
function tellMode(deck, mode) {
  const bar = deck.querySelector(".fh-follow");
  bar.classList.toggle("fh-follow--behind", mode !== "following");
  for (const own of bar.querySelectorAll("[data-own]")) own.textContent = deck.dataset.own ?? "";
  const parts = [...bar.querySelectorAll("[data-when]")];
  for (const part of parts) part.hidden = !part.dataset.when.split(" ").includes(mode);
  return parts.filter((part) => !part.hidden).map((part) => part.textContent.trim()).join(" ");
}

// The followed slide has changed: address, title and strip go with it, and the next picture is fetched early.
function arrive(deck, closed) {
  const stage = deck.querySelector(".fh-shown");
  if (!stage) return;
  deck.dataset.own = stage.dataset.no;
  history.replaceState(null, "", stage.dataset.path);
  document.title = stage.dataset.title;
  if (closed) stage.querySelector(".fh-words").open = false;
  if (stage.dataset.nextImage) new Image().src = stage.dataset.nextImage;
  offerFullScreen(deck);
  showCurrent(deck, stage.dataset.no);
  announce(deck, stage.dataset.say);
}

function announce(deck, words) {
  const place = deck.querySelector("[data-said]");
  if (place.textContent !== words) place.textContent = words; // saying it again would interrupt the reader
}

function showCurrent(deck, no) {
  const strip = deck.querySelector("[data-strip]");
  const here = strip?.querySelector(`[data-go="${no}"]`);
  if (!here) return;
  strip.querySelector("[aria-current]")?.removeAttribute("aria-current");
  here.setAttribute("aria-current", "true");
  // Not scrollIntoView: it would move the whole page as well.
  const offset = here.getBoundingClientRect().left - strip.getBoundingClientRect().left;
  strip.scrollLeft += offset - (strip.clientWidth - here.clientWidth) / 2;
}

// Not the stage goes full screen but the frame round it: the stage is replaced with each slide.
function offerFullScreen(deck) {
  const [button, frame] = [deck.querySelector("[data-full]"), deck.querySelector("[data-frame]")];
  if (!button || !document.fullscreenEnabled) return;
  button.hidden = false;
  button.addEventListener("click", () => toggleFull(frame));
  deck.querySelector(".fh-stage .fh-slide")?.addEventListener("click", () => toggleFull(frame));
}

// The presenter's page: each press is sent by itself, in its turn; of slides that wait only the newest counts.
function present(deck) {
  const form = document.querySelector("[data-drive]");
  const keys = deck.querySelector("[data-keys]");
  const last = () => deck.querySelectorAll("[data-go]").length;
  const next = () => deck.querySelector("[id^='next-']");
  const showing = () => Number(deck.querySelector("[data-panel]").dataset.showing);
  const presses = [];
  let [wanted, sending, focused] = [showing(), false, ""];

  async function send(address, body, no) {
    if (no && presses.at(-1)?.no) presses.pop();
    presses.push({ address, body, no });
    if (sending) return;
    for (sending = true; presses.length; ) {
      const press = presses.shift();
      try {
        const response = await fetch(press.address, { method: "POST", body: press.body, headers: { "X-Requested-With": "fetch" } });
        const answer = await response.json();
        if (response.ok) {
          sectionOf(deck)?.apply(answer.changes, answer.version);
          offerUndo(answer.undo, press.body.has("undo"));
          continue;
        }
        toast(answer.message || OFFLINE);
        sectionOf(deck)?.reread();
      } catch {
        toast(OFFLINE);
      }
      presses.length = 0;
    }
    sending = false;
    wanted = showing();
  }

  function offerUndo(html, taken) {
    const place = deck.querySelector("[data-undo-place]");
    if (html || taken) place?.replaceChildren(...(html ? [nodeOf(html)] : []));
    if (html) passUndo(place.firstElementChild);
    if (taken) toast(TAKEN_BACK);
  }

  function go(no) {
    if (no < 1 || no > last() || no === wanted) return;
    wanted = no;
    const body = new FormData(form);
    body.set("no", no);
    send(form.action, body, no);
  }

  form.addEventListener("submit", (event) => {
    const { value, dataset } = event.submitter;
    if ("plain" in dataset) return;
    event.preventDefault();
    const own = event.submitter.getAttribute("formaction");
    if (own) {
      wanted = Number(value) || wanted; // a start says where, and the next press counts from there
      send(own, new FormData(form, event.submitter));
    }
    // The button may be a press behind, so "next" is counted from the slide that is wanted.
    else go(dataset.step ? wanted + Number(dataset.step) : Number(value));
  });
  // After a click in the strip, the space bar means "next" and not "this one again".
  deck.addEventListener("click", (event) => event.detail && event.target.closest("[data-go]") && next()?.focus());
  deck.addEventListener("fh:change", () => (focused = document.activeElement?.id || focused));
  deck.addEventListener("fh:applied", () => {
    if (!sending) wanted = showing();
    if (focused && document.activeElement === document.body) (document.getElementById(focused) ?? next())?.focus({ preventScroll: true });
    focused = "";
    showCurrent(deck, showing());
  });
  for (const part of deck.querySelectorAll("[data-scripted]")) part.hidden = false;
  keys.checked = localStorage.getItem("fh-keys") !== "off";
  keys.addEventListener("change", () => localStorage.setItem("fh-keys", keys.checked ? "on" : "off"));
  onKeys({ deck, on: () => keys.checked, go, move: (step) => go(wanted + step), last });
  showCurrent(deck, wanted);
}

// Arrows and digits for people, PageUp and PageDown for clickers, single letters where a button names one; never while
// somebody types, and not at all when the box is unticked.
function onKeys({ deck, on, go, move, last }) {
  const moves = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };
  let digits = "";
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]");
    if (!on() || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const typed = digits;
    digits = /^[0-9]$/.test(event.key) ? (digits + event.key).slice(-3) : "";
    const named = /^([a-z]|Escape)$/i.test(event.key) && deck.querySelector(`[data-key="${event.key.toLowerCase()}"]`);
    if (event.key in moves) move(moves[event.key]);
    else if (event.key === " " && !event.target.closest("a, button, summary, input")) move(1);
    else if (event.key === "Home") go(1);
    else if (event.key === "End") go(last());
    else if (event.key === "Enter" && typed) go(Number(typed));
    else if (named) named.click();
    else if (event.key === "f" && deck.querySelector("[data-key]")) toggleFull(document.documentElement);
    else return;
    event.preventDefault();
  });
}

function toggleFull(part) {
  (document.fullscreenElement ? document.exitFullscreen() : part.requestFullscreen()).catch(() => {}); // it may be refused
}

// A deck that is still drawn: its row comes by itself; what is worth hearing is said once.
function wait(deck) {
  deck.addEventListener("fh:applied", () => {
    const ready = deck.querySelector("[data-state]")?.dataset.state === "ready";
    if (ready && deck.dataset.waiting === "page") location.reload();
    announce(deck, deck.querySelector("[data-say]")?.dataset.say ?? deck.querySelector(".alert-text")?.textContent ?? "");
  });
}

function upload(form) {
  const parts = ["[data-uploading]", "[data-too-large]", "[type=submit]"];
  const [progress, tooLarge, button] = parts.map((selector) => form.querySelector(selector));
  form.addEventListener("submit", (event) => {
    const files = [...form.querySelector("[type=file]").files];
    if (!files.length) return;
    event.preventDefault();
    // One that is too large needs no journey; among several the server takes the others, as long as it reads so much.
    const size = files.reduce((sum, file) => sum + file.size, 0);
    const most = Number(files.length > 1 ? form.dataset.maxAll : form.dataset.max);
    tooLarge.hidden = size <= most;
    for (const part of tooLarge.querySelectorAll("[data-for]")) part.hidden = (part.dataset.for === "many") !== files.length > 1;
    for (const part of tooLarge.querySelectorAll("[data-size]")) part.textContent = Math.ceil(size / 1048576);
    if (!tooLarge.hidden) return;
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.upload.addEventListener("progress", (at) => {
      const percent = Math.floor((100 * at.loaded) / at.total);
      form.querySelector("[data-percent]").textContent = percent;
      progress.querySelector("progress").value = percent;
    });
    request.addEventListener("loadend", () => {
      if (request.status >= 200 && request.status < 300) location.assign(request.responseURL);
      else if (request.status) form.submit(); // the page that the server answers with says what is wrong
      else toast(OFFLINE);
      button.disabled = request.status !== 0;
      progress.hidden = !button.disabled;
    });
    request.send(new FormData(form));
    progress.hidden = false;
    button.disabled = true;
  });
}
