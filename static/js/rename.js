// A guest's other name, on the live page itself: the question that is half written stays where it is.

import { say } from "./main.js";

const FAILED = document.documentElement.lang === "da" ? "Navnet er ikke gemt. Prøv igen" : "The name is not saved. Try again";

export function start() {
  const form = document.querySelector("[data-renaming]");
  const [field, fault] = [form.elements.name, form.querySelector("[data-fault]")];

  function close() {
    form.hidden = true;
    document.querySelector("[data-rename]")?.focus();
  }

  // Not on the button itself: a refused question brings a new one.
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-rename]")) return;
    event.preventDefault();
    form.hidden = false;
    field.select();
  });
  form.querySelector("[data-cancel]").addEventListener("click", close);
  form.addEventListener("keydown", (event) => event.key === "Escape" && close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const request = { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" } };
    const response = await fetch(form.action, request).catch(() => null);
    const answer = await response?.json().catch(() => null);
    if (!answer) return say(FAILED);
    fault.hidden = response.ok;
    fault.textContent = response.ok ? "" : answer.fault || answer.message || FAILED;
    field.setAttribute("aria-invalid", String(!response.ok));
    if (!response.ok) return field.focus();
    for (const place of document.querySelectorAll("[data-own-name]")) place.textContent = answer.name;
    const head = document.querySelector(".fh-account > span");
    if (head) head.textContent = head.textContent.replace(field.defaultValue, answer.name);
    field.value = field.defaultValue = answer.name;
    close();
    return say(answer.message);
  });
}
