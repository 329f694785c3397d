// Fields for a password get a button that shows what was typed. Without this script there is no button.

const words =
  document.documentElement.lang === "da"
    ? { show: "Vis", hide: "Skjul", what: "adgangskoden" }
    : { show: "Show", hide: "Hide", what: "the password" };

export function start() {
  for (const input of document.querySelectorAll("input[type=password]")) setUp(input);
}

function setUp(input) {
  const row = document.createElement("div");
  row.className = "fh-password";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "fh-mini";
  button.setAttribute("aria-controls", input.id);
  input.replaceWith(row);
  row.append(input, button);
  const show = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? words.hide : words.show;
    const rest = document.createElement("span");
    rest.className = "sr-only";
    rest.textContent = ` ${words.what}: ${document.querySelector(`label[for="${input.id}"]`)?.textContent ?? ""}`;
    button.append(rest);
  };
  button.addEventListener("click", () => show(input.type === "password"));
  // Sent as a password, so that no browser keeps it among the lines that it offers to fill in.
  input.form?.addEventListener("submit", () => show(false));
  show(false);
}
