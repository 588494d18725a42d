/* Proposes results while one types: a combobox with a list, by arrow keys, pointer or touch. Without
   this file, or without a connection, the form sends the question as it is. */

const WAIT = 150; // milliseconds after the last letter
const LEAST = 2;

for (const form of document.querySelectorAll("form[data-suggest]")) {
  const box = form.querySelector("input[type=search]");
  const list = document.createElement("ul");
  const said = document.createElement("p");
  let timer;
  let asking;
  let shown = [];
  let at = -1;

  list.id = `${box.id}-suggestions`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.dataset.suggestLabel);
  list.hidden = true;
  said.className = "vh";
  said.setAttribute("role", "status");
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-expanded", "false");
  box.setAttribute("aria-controls", list.id);
  form.append(list, said);

  const close = () => {
    list.hidden = true;
    at = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };

  const mark = (next) => {
    at = next;
    for (const [place, option] of [...list.children].entries()) {
      option.setAttribute("aria-selected", String(place === at));
    }
    if (at < 0) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", list.children[at].id);
    return list.children[at].scrollIntoView({ block: "nearest" });
  };

  const go = (place) => { window.location.assign(shown[place].address); };

  const show = (suggestions) => {
    shown = suggestions;
    list.replaceChildren(...shown.map(({ label, detail }, place) => {
      const option = document.createElement("li");
      const name = document.createElement("span");
      const small = document.createElement("span");
      option.id = `${list.id}-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      name.textContent = label;
      small.textContent = detail;
      small.className = "small quiet";
      option.append(name, " ", small);
      // Before the box loses the focus.
      option.addEventListener("pointerdown", (event) => event.preventDefault());
      option.addEventListener("click", () => go(place));
      return option;
    }));
    at = -1;
    box.removeAttribute("aria-activedescendant");
    list.hidden = !shown.length;
    box.setAttribute("aria-expanded", String(Boolean(shown.length)));
    said.textContent = shown.length
      ? form.dataset.suggestSaid.replace("{n}", shown.length)
      : form.dataset.suggestNone;
  };

  const ask = async () => {
    const words = box.value.trim();
    asking?.abort();
    if (words.length < LEAST) return close();
    asking = new AbortController();
    try {
      const address = `${form.dataset.suggest}?${new URLSearchParams({ q: words })}`;
      const answer = await fetch(address, { signal: asking.signal });
      if (answer.ok && document.activeElement === box) show((await answer.json()).suggestions);
    } catch { /* the next letter asks again, and the button always works */ }
    return undefined;
  };

  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    const last = shown.length - 1;
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" && shown.length) {
      event.preventDefault();
      if (list.hidden) { list.hidden = false; box.setAttribute("aria-expanded", "true"); }
      mark(at >= last ? -1 : at + 1);
    } else if (event.key === "ArrowUp" && !list.hidden) {
      event.preventDefault();
      mark(at < 0 ? last : at - 1);
    } else if (event.key === "Enter" && at >= 0 && !list.hidden) {
      event.preventDefault();
      go(at);
    }
  });
}
