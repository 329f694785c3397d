// The script of every page: each part is loaded only where the page asks for it. What the parts share stands here as
// well, because every file is one more request of a first visit.

document.addEventListener("click", onLinkCopy);
document.querySelector(".fh-errors")?.focus();

const parts = [
  ["[data-topic]", "./live.js"],
  ["[data-composer]", "./composer.js"],
  ["#support", "./thread.js"],
  ["[data-clock]", "./clock.js"],
  ["[data-hall]", "./hall.js"],
  ["[data-deck]", "./slides.js"],
  ["[data-board]", "./board.js"],
  ["[data-polls]", "./polls.js"],
  ["input[type=password]", "./password.js"],
];
for (const [selector, file] of parts) {
  if (document.querySelector(selector)) import(file).then((part) => part.start?.());
}

// The one place where HTML from our own server becomes nodes. Everything else goes through textContent.
export function nodeOf(html) {
  const template = document.createElement("template");
  const parsed = new DOMParser().parseFromString(html, "text/html");
  template.content.append(...parsed.body.childNodes);
  return template.content.firstElementChild;
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
  let toast = document.querySelector(".fh-toast");
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
