// Live sections: listens to the topics on the page, applies what is next, re-reads what was missed.
// A section carries data-topic, data-version and data-reread. Changes come by socket; the address in data-reread
// answers "?efter=N" with what changed after version N, and is asked on a gap, on each (re)connect and on a slow timer
// while the socket is away. The server's order is the only order: older versions are ignored.

import { nodeOf, write } from "./main.js";

const GAP_WAIT = 300;
const SLOW_VISIBLE = 8000;
const SLOW_HIDDEN = 30000;
const lang = document.documentElement.lang;
const sections = new Map();
let socket;

class Section {
  constructor(element) {
    this.element = element;
    this.topic = element.dataset.topic;
    this.version = Number(element.dataset.version);
    this.early = [];
  }

  // A message covers the versions first..last without a gap.
  receive(message) {
    if (message.last <= this.version) return;
    if (message.first > this.version + 1) {
      this.early.push(message);
      this.gap ??= setTimeout(() => this.reread(), GAP_WAIT);
      return;
    }
    this.apply(message.changes, message.last);
    this.early.sort((a, b) => a.first - b.first);
    const next = this.early.findIndex((early) => early.first <= this.version + 1);
    if (next >= 0) this.receive(this.early.splice(next, 1)[0]);
    if (!this.early.length) this.closeGap();
  }

  apply(changes, version) {
    for (const change of changes) {
      const event = new CustomEvent("fh:change", { bubbles: true, cancelable: true, detail: { change, section: this } });
      if (this.element.dispatchEvent(event)) applyChange(change, this.element);
    }
    this.version = Math.max(this.version, version);
    this.element.dataset.version = this.version;
    this.element.dispatchEvent(new CustomEvent("fh:applied", { bubbles: true, detail: { changes } }));
  }

  closeGap() {
    clearTimeout(this.gap);
    this.gap = undefined;
  }

  async reread() {
    this.closeGap();
    const address = this.element.dataset.reread;
    if (!address || this.reading) return;
    this.reading = true;
    try {
      const separator = address.includes("?") ? "&" : "?";
      const response = await fetch(`${address}${separator}efter=${this.version}`, { headers: { "X-Requested-With": "fetch" } });
      net(true);
      if (response.status === 404 && this.element.dataset.proof) location.reload(); // the page's key was replaced
      if (!response.ok) return;
      const answer = await response.json();
      if (answer.proof) this.element.dataset.proof = answer.proof;
      if (answer.reload) {
        location.reload();
        return;
      }
      this.apply(answer.changes, answer.version);
      this.early = this.early.filter((message) => message.last > this.version);
    } catch {
      net(false); // the timer or the next connect asks again
    } finally {
      this.reading = false;
    }
  }
}

export function applyChange(change, root) {
  const target = document.getElementById(change.target);
  if (change.action === "append" || change.action === "put") {
    if (target) {
      const body = change.body && document.getElementById(change.target.replace(/^i-/, "post-"));
      if (body) body.replaceWith(nodeOf(change.body));
      return;
    }
    const parent = document.getElementById(change.parent);
    if (parent && root.dispatchEvent(new CustomEvent("fh:append", { cancelable: true, detail: { change, parent } }))) {
      parent.append(nodeOf(change.html));
    }
  } else if (change.action === "replace" && target) {
    const fresh = nodeOf(change.html);
    for (const fold of target.querySelectorAll("details[id]")) {
      const same = fresh.querySelector(`#${fold.id}`);
      if (same) same.open = fold.open; // what somebody has unfolded stays so
    }
    target.replaceWith(fresh);
  } else if (change.action === "remove") {
    target?.remove();
  } else if (change.action === "text" && target) {
    target.textContent = change.html;
  } else if (change.action === "refresh") {
    refresh(root);
  }
}

// Something on the page is out of date that is not thrown in while somebody reads: offer it, or reload a work list.
function refresh(root) {
  if ("refreshPage" in root.dataset) {
    // A whole hall does not reload in the same second.
    const wait = root.dataset.refreshPage === "slowly" ? Math.random() * 2000 : 0;
    setTimeout(() => document.querySelector("textarea:focus, input:focus") || location.reload(), wait);
    return;
  }
  const offer = root.parentElement.querySelector("[data-refresh]");
  if (offer) offer.hidden = false;
}

function listen(section) {
  const proof = section.element.dataset.proof;
  socket.emit("listen", { topic: section.topic, lang, proof }, (answer) => {
    if (answer?.ok ? answer.version > section.version : proof) section.reread();
  });
}

// Whether the server can be reached. Told by what happened to requests: a browser that is "on line" may have no net.
function net(on) {
  const root = document.documentElement;
  if ((root.dataset.net !== "off") === on) return;
  root.dataset.net = on ? "on" : "off";
  for (const bar of document.querySelectorAll("[data-netbar]")) bar.hidden = on;
  document.dispatchEvent(new CustomEvent("fh:net", { detail: on }));
}

function slowly() {
  const wait = (document.hidden ? SLOW_HIDDEN : SLOW_VISIBLE) * (0.75 + Math.random() * 0.25);
  setTimeout(() => {
    if (!socket?.connected) sections.forEach((section) => section.reread());
    slowly();
  }, wait);
}

function loadClient() {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("../vendor/socket.io.min.js", import.meta.url);
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

export async function start() {
  for (const element of document.querySelectorAll("[data-topic]")) {
    const section = new Section(element);
    sections.set(section.topic, section);
  }
  for (const page of document.querySelectorAll("[data-opens-in]")) {
    const wait = (Number(page.dataset.opensIn) + Math.random() * 3) * 1000; // a whole hall does not come in the same second
    if (wait < 2 ** 31) setTimeout(() => location.reload(), wait);
  }
  slowly();
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && !socket?.connected) sections.forEach((section) => section.reread());
  });
  await loadClient();
  socket = window.io({ transports: ["websocket"], reconnectionDelay: 500, reconnectionDelayMax: 8000 });
  socket.on("connect", () => {
    net(true);
    sections.forEach(listen);
  });
  socket.on("present", (message) => {
    for (const place of document.querySelectorAll(`[data-present="${message.topic}"]`)) {
      place.textContent = message.count;
      place.closest("[data-present-line]")?.toggleAttribute("hidden", !message.count);
    }
  });
  addEventListener("offline", () => net(false));
  socket.on("changes", (message) => sections.get(message.topic)?.receive(message));
  socket.on("reset", (message) => {
    const section = sections.get(message.topic);
    if (section) listen(section);
  });
  socket.on("disconnect", (reason) => {
    [...sections.values()][0]?.reread(); // finds out whether it is the net
    // The server ends the sockets of a session that was logged out: this tab is then somebody who is not logged in.
    // It waits, because the tab that logs out is on its way to another page, which a reload would call off.
    if (reason === "io server disconnect") setTimeout(readAnew, 1500);
  });
}

// The page that comes says what happened, and whether there are texts of the one who was here (main.js).
function readAnew() {
  const viewer = document.querySelector("[data-viewer]")?.dataset.viewer;
  if (document.querySelector(".fh-account")) write("fh-ended", JSON.stringify({ viewer }), "sessionStorage");
  location.reload();
}

export function sectionOf(element) {
  return sections.get(element.dataset.topic);
}
