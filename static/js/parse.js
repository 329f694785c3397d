// The one place where HTML from our own server becomes nodes. Everything else goes through textContent.

export function nodeOf(html) {
  const template = document.createElement("template");
  const parsed = new DOMParser().parseFromString(html, "text/html");
  template.content.append(...parsed.body.childNodes);
  return template.content.firstElementChild;
}
