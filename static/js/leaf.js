// Leafing on the live page without leaving it: what was typed stays, and slides that were seen are there without a net.
// Whoever leafs stops following at once; the bar leads back.

import { nodeOf, say } from "./main.js";

const GONE = document.documentElement.lang === "da" ? "Du har ingen forbindelse" : "You are offline";
const SWIPE = 60;

export function leaf(deck, { tellMode, offerFullScreen, showCurrent }) {
  const seen = new Map();
  const stage = () => deck.querySelector(".fh-shown");
  const keep = () => stage() && seen.set(stage().dataset.no, stage().cloneNode(true));

  async function fetched(no) {
    const response = await fetch(`${deck.dataset.leaf}${no}`, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
    const html = response?.ok && (await response.json()).html;
    return html ? nodeOf(html) : undefined;
  }

  async function show(no, following, rel) {
    keep();
    const kept = seen.get(String(no))?.cloneNode(true);
    const slide = (!following && kept) || (await fetched(no)) || kept;
    if (!slide || !stage()) return slide ? location.reload() : say(GONE);
    stage().replaceWith(slide);
    deck.dataset.following = following;
    deck.dataset.own = stage().dataset.no;
    history.replaceState(null, "", following ? stage().dataset.path : `${deck.dataset.leaf}${no}`);
    tellMode(deck, following ? "following" : "behind");
    offerFullScreen(deck);
    showCurrent(deck, no);
    if (rel) stage().querySelector(`[rel="${rel}"]`)?.focus();
    keep();
    return undefined;
  }

  deck.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const address = link.getAttribute("href");
    const back = link.closest(".fh-follow");
    if (!back && !address.startsWith(deck.dataset.leaf)) return;
    event.preventDefault();
    if (back) show(Number(back.dataset.showing), true);
    else show(Number(address.slice(deck.dataset.leaf.length)), false, link.rel);
  });
  deck.addEventListener("fh:applied", keep);

  let from;
  deck.addEventListener("touchstart", (event) => (from = event.touches.length === 1 ? event.touches[0] : undefined), { passive: true });
  deck.addEventListener("touchend", (event) => {
    const to = event.changedTouches[0];
    if (!from || !event.target.closest(".fh-stage") || Math.abs(to.clientX - from.clientX) < SWIPE) return;
    if (Math.abs(to.clientY - from.clientY) > SWIPE) return;
    stage().querySelector(to.clientX > from.clientX ? '[rel="prev"]' : '[rel="next"]')?.click();
  });
}
