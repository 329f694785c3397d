// "Copy link": the link works without script; with it the address is put on the clipboard and the page says so.

export async function onLinkCopy(event) {
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
