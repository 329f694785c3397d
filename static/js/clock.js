// Clocks: the hour on the wall, the minutes since the start, the time until a pause ends. The server says what time it is,
// since a demo has a clock of its own; from then on this device counts.

const offset = Date.parse(document.querySelector("[data-now]").dataset.now) - Date.now();
const pad = (number) => String(number).padStart(2, "0");
const zone = { timeZone: "Europe/Copenhagen", hour: "2-digit", minute: "2-digit", hour12: false };
const hour = new Intl.DateTimeFormat(document.documentElement.lang === "da" ? "da-DK" : "en-GB", zone);

function tick() {
  const now = Date.now() + offset;
  const put = (place, text) => place.textContent === text || (place.textContent = text);
  for (const place of document.querySelectorAll("[data-clock]")) put(place, hour.format(now));
  for (const place of document.querySelectorAll("[data-since]")) {
    put(place, String(Math.max(0, Math.floor((now - Date.parse(place.dataset.since)) / 60000))));
  }
  for (const place of document.querySelectorAll("[data-until]")) {
    const left = Math.max(0, Math.ceil((Date.parse(place.dataset.until) - now) / 1000));
    put(place, `${Math.floor(left / 60)}:${pad(left % 60)}`);
  }
}

tick();
setInterval(tick, 1000);
