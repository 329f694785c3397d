// Marking words: on the board a selection goes along to the page where it is quoted, as an address fragment that never
// reaches the server; there it fills the field. Everything works without this, by typing or pasting the words.

const FRAGMENT = /^#ord=(\d+)-(\d+)$/;

// The selection inside `source` as two offsets into its text; null when nothing of it is selected.
function selected(source) {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!source.contains(range.startContainer) || !source.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.selectNodeContents(source);
  before.setEnd(range.startContainer, range.startOffset);
  const start = before.toString().length;
  return [start, start + range.toString().length];
}

function onBoard(cards) {
  document.addEventListener("selectionchange", () => {
    for (const card of cards) {
      const words = selected(card.querySelector("[data-words]"));
      if (!words) continue;
      for (const other of cards) other.classList.toggle("fh-card--focus", other === card);
      for (const link of card.querySelectorAll("[data-quote]")) link.hash = `ord=${words.join("-")}`;
    }
  });
}

function onQuotePage(source, form) {
  const field = form.elements.quote;
  let filled = "";

  // What somebody typed or changed by hand is never replaced.
  function fill(start, end) {
    if (field.value !== filled) return;
    field.value = filled = source.textContent.slice(start, end).trim();
  }

  form.querySelector("[data-whole]").addEventListener("click", (event) => {
    event.preventDefault();
    field.value = filled = source.textContent.trim();
    field.focus();
  });

  const asked = FRAGMENT.exec(location.hash);
  if (asked) fill(Number(asked[1]), Number(asked[2]));
  document.addEventListener("selectionchange", () => {
    const words = selected(source);
    if (words) fill(...words);
  });

  if (!form.elements.input) return; // before the first input there is nothing to choose between
  const choose = (value) => { form.querySelector(`[name="target"][value="${value}"]`).checked = true; };
  form.elements.title.addEventListener("input", () => choose("nyt"));
  form.elements.input.addEventListener("change", () => choose("eksisterende"));
}

// What came after the page is offered in words, with a link that shows it: cards never move under somebody's hand.
document.addEventListener("fh:change", (event) => {
  const { change, section } = event.detail;
  if (change.action !== "refresh") return;
  event.preventDefault();
  setTimeout(() => section.reread());
});

const cards = [...document.querySelectorAll("[data-card]")];
const form = document.querySelector("form.fh-form");
if (form?.elements.quote && cards.length) onQuotePage(cards[0].querySelector("[data-words]"), form);
else onBoard(cards);
