// The script of every page: each part is loaded only where the page asks for it. What the parts share stands here as
// well, because every file is one more request of a first visit.

document.addEventListener("click", onLinkCopy);
document.addEventListener("click", closeFlash);
document.addEventListener("keydown", closeMenu);
document.querySelector(".fh-errors")?.focus();
sayEnded();
document.querySelectorAll("[data-undo]").forEach(passUndo);

const parts = [
  ["[data-topic]", "./live.js"],
  ["[data-composer]", "./composer.js"],
  ["#support", "./thread.js"],
  ["[data-clock]", "./clock.js"],
  ["[data-hall]", "./hall.js"],
  ["[data-deck]", "./slides.js"],
  ["[data-board]", "./board.js"],
  ["[data-polls]", "./polls.js"],
  ["[data-renaming]", "./rename.js"],
  ["input[type=password]", "./password.js"],
];
for (const [selector, file] of parts) {
  if (document.querySelector(selector)) import(file).then((part) => part.start?.());
}

// This tab was read anew because its log-in session ended. Its texts are kept for that account, and for nobody else.
function sayEnded() {
  const ended = copyAt("fh-ended", "sessionStorage");
  write("fh-ended", "", "sessionStorage");
  if (!ended || document.querySelector(".fh-account")) return;
  const da = document.documentElement.lang === "da";
  const kept = ended.viewer && Object.keys(localStorage).some((key) => key.startsWith("fh-draft:") && key.endsWith(`:${ended.viewer}`));
  const note = document.createElement("div");
  note.className = "alert alert-info fh-ended";
  note.setAttribute("role", "status");
  const text = document.createElement("p");
  text.className = "alert-text";
  text.textContent = da ? "Du er logget ud, for eksempel fra en anden fane. " : "You are signed out, for example from another tab. ";
  if (kept) text.textContent += da ? "Din tekst er gemt her i browseren og kommer igen, når du logger ind. " : "Your text is kept in this browser and comes back when you sign in. ";
  const link = document.createElement("a");
  link.href = `/log-ind?next=${encodeURIComponent(location.pathname)}`;
  link.textContent = da ? "Log ind" : "Sign in";
  text.append(link);
  note.append(text);
  const box = document.querySelector("[data-composer]");
  if (box) box.before(note);
  else document.querySelector(".fh-page h1, main h1")?.after(note);
}

// The one place where HTML from our own server becomes nodes. Everything else goes through textContent.
export function nodeOf(html) {
  const template = document.createElement("template");
  const parsed = new DOMParser().parseFromString(html, "text/html");
  template.content.append(...parsed.body.childNodes);
  return template.content.firstElementChild;
}

// Escape closes a menu, and the focus is on its button again.
function closeMenu(event) {
  const menu = event.key === "Escape" && event.target.closest?.(":is(.fh-more, .fh-view, .fh-menu)[open]");
  if (!menu) return;
  event.stopImmediatePropagation(); // on the control page the same key steers the big screen
  menu.open = false;
  menu.querySelector("summary").focus();
}

// The link reads the page again, which tells the sentence no more; here it goes, and nothing that was typed goes with it.
function closeFlash(event) {
  const link = event.target.closest?.("[data-flash-close]");
  if (!link) return;
  event.preventDefault();
  link.closest(".alert").remove();
  document.getElementById("main-content").focus({ preventScroll: true });
}

// "Copy link": the link works without script; with it the address is put on the clipboard and the page says so.
async function onLinkCopy(event) {
  const link = event.target.closest?.("[data-copy-link]");
  if (!link || !navigator.clipboard) return;
  event.preventDefault();
  await navigator.clipboard.writeText(link.href);
  link.closest("details")?.removeAttribute("open");
  say(document.documentElement.lang === "da" ? "Linket er kopieret" : "Link copied");
}

// One polite sentence in the corner, gone after a while.
export function say(sentence) {
  let toast = document.querySelector(".fh-toast:not([data-undo])");
  if (!toast) {
    toast = document.createElement("div");
    toast.className = "fh-toast";
    toast.setAttribute("role", "status");
    document.body.append(toast);
  }
  toast.textContent = sentence;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => toast.remove(), 6000);
}

// What was just done can be taken back for ten seconds; then the button goes, and the server refuses it as well.
export function passUndo(offer) {
  setTimeout(() => {
    if (offer.contains(document.activeElement)) document.getElementById("main-content").focus();
    offer.remove();
  }, 10000);
}

// What this browser keeps for itself.
export function copyAt(key, store = "localStorage") {
  try {
    return JSON.parse(window[store].getItem(key));
  } catch {
    return null;
  }
}

export function write(key, text, store = "localStorage") {
  try {
    if (text) window[store].setItem(key, text);
    else window[store].removeItem(key);
  } catch {
    // A full or forbidden store: the server's draft remains.
  }
}
