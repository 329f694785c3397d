// Polls on the page for phones: sends an answer without leaving the page, and counts the points that are left.
// Without this script the same form is sent plainly.

import { nodeOf, say } from "./main.js";
import { sectionOf } from "./live.js";

const da = document.documentElement.lang === "da";
const OFFLINE = da ? "Svaret er ikke sendt. Prøv igen" : "Your answer was not sent. Try again";
const left = (n) => (da ? `${n} tilbage.` : `${n} left.`);
const over = (n) => (da ? `${n} for meget.` : `${n} too many.`);

export function start() {
  const section = document.querySelector("[data-polls]");
  const form = document.getElementById("answering");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(section, form, event.submitter);
  });
  section.addEventListener("input", () => count(section));
  section.addEventListener("click", (event) => {
    if (event.target.closest("[data-poll-call]")) section.querySelector(".fh-poll details").open = true;
  });
  section.addEventListener("fh:applied", () => {
    count(section);
    section.querySelector("[data-polls-said]").textContent = section.querySelector("[data-poll-call]")?.textContent ?? "";
  });
  count(section);
}

async function send(section, form, button) {
  const address = button.getAttribute("formaction");
  button.disabled = true;
  try {
    const response = await fetch(address, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" } });
    if (response.status === 403) {
      form.action = address; // whoever is not logged in goes there, and comes back
      form.submit();
      return;
    }
    const answer = await response.json();
    if (answer.html) document.querySelector(".fh-polls").replaceWith(nodeOf(answer.html));
    else sectionOf(section)?.reread(); // it was closed meanwhile
    count(section);
    document.getElementById(button.id)?.focus();
    if (response.ok) section.querySelector("[data-polls-said]").textContent = answer.message;
    else say(answer.message);
  } catch {
    say(OFFLINE);
  } finally {
    button.disabled = false;
  }
}

function count(section) {
  const place = section.querySelector("[data-left]");
  if (!place) return;
  const given = [...section.querySelectorAll("input[name^=points_]")].reduce((sum, one) => sum + Number(one.value), 0);
  const rest = Number(place.dataset.points) - given;
  place.textContent = rest < 0 ? over(-rest) : left(rest);
}
