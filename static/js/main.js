// The script of every page: each part is loaded only where the page asks for it.

import { onLinkCopy } from "./links.js";

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
];
for (const [selector, file] of parts) {
  if (document.querySelector(selector)) import(file).then((part) => part.start?.());
}
