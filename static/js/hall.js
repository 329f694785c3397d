// The wall: takes the next picture only when it is there, so that nothing flickers and the last slide stays when the net
// drops; says "reconnecting" after five seconds, not before; keeps the screen awake.

import { nodeOf } from "./main.js";

const QUIET = 5000;
const PATIENCE = 3000;
const body = document.body;
const bar = document.querySelector("[data-hall-net]");
let [newest, quiet] = [0, undefined];

export function start() {
  document.addEventListener("fh:change", (event) => {
    if (!event.detail.change.target.startsWith("hall-")) return;
    event.preventDefault();
    take(nodeOf(event.detail.change.html), (newest += 1));
  });
  document.addEventListener("fh:net", (event) => {
    clearTimeout(quiet);
    if (event.detail) bar.hidden = true;
    else quiet = setTimeout(() => (bar.hidden = false), QUIET);
  });
  keepAwake();
  document.addEventListener("visibilitychange", keepAwake);
  early(document.querySelector("[data-next-image]")?.dataset.nextImage);
}

async function take(fresh, turn) {
  const picture = fresh.querySelector("img");
  if (picture) {
    const ready = new Image();
    ready.src = picture.src;
    await Promise.race([ready.decode().catch(() => {}), new Promise((done) => setTimeout(done, PATIENCE))]);
  }
  if (turn !== newest) return; // a newer one came while this picture was fetched
  document.getElementById(fresh.id).replaceWith(fresh);
  body.dataset.mode = fresh.dataset.mode;
  document.querySelector("[data-hall-position]").textContent = fresh.dataset.position;
  early(fresh.dataset.nextImage);
}

function early(address) {
  if (address) new Image().src = address;
}

function keepAwake() {
  if (!document.hidden) navigator.wakeLock?.request("screen").catch(() => {});
}
