/* Small comforts. Every page works without this file. */

// A choice in the filters is sent at once; the button stays for those who send by hand.
for (const form of document.querySelectorAll("form[data-send-on-change]")) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, input[type=checkbox], input[type=radio]")) form.requestSubmit();
  });
}

// An empty field says nothing: leave it out of the address. But a choice taken back is said, or
// the municipality that the device remembers could never be forgotten. And where an emptied field
// is answered (data-whole), it is sent.
for (const form of document.querySelectorAll("form[method=get]:not([data-whole])")) {
  form.addEventListener("formdata", (event) => {
    for (const [name, value] of [...event.formData]) {
      const takenBack = form.elements[name]?.querySelector?.("option[selected]")?.value;
      if (value === "" && !takenBack) event.formData.delete(name);
    }
  });
}

// Beside a list on a wide screen the filters stand open, also in browsers that cannot do it in CSS.
const filters = document.querySelector(".cat > .filters > details");
if (filters) {
  const wide = matchMedia("(min-width: 62.01rem)");
  const open = () => { if (wide.matches) filters.open = true; };
  wide.addEventListener("change", open);
  open();
}

// Buttons that only a script can serve are hidden until there is one.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const button of document.querySelectorAll("[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  if (!navigator.clipboard || !source) continue;
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.textContent.trim());
    button.textContent = button.dataset.copied;
  });
}

// Errors come first: the summary takes the focus, its links lead to the fields.
document.querySelector("[data-errors]")?.focus();
