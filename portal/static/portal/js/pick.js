/* A long list of choices gets a box that narrows it down. Without this file it is a plain list. */

const ENOUGH = 10;
// Endings differ and letters carry marks: compare what the ear hears first.
const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

for (const select of document.querySelectorAll("select[data-searchable]")) {
  const all = [...select.options].map((option) => ({
    option,
    place: option.parentElement,
    said: plain(`${option.text} ${option.parentElement.label ?? ""}`),
  }));
  if (all.length <= ENOUGH) continue;
  const label = document.createElement("label");
  const box = document.createElement("input");
  const count = document.createElement("span");
  label.className = "narrow-box";
  label.append(select.dataset.searchable, box);
  box.type = "search";
  box.autocomplete = "off";
  count.setAttribute("role", "status");
  select.before(label, count);

  box.addEventListener("input", () => {
    const words = plain(box.value).split(/\s+/).filter(Boolean);
    const chosen = select.selectedOptions[0];
    const kept = all.filter(({ option, said }) => !option.value || words.every((word) => said.includes(word)));
    for (const { option } of all) option.remove();
    for (const { option, place } of kept) place.append(option);
    for (const group of select.querySelectorAll("optgroup")) group.hidden = !group.children.length;
    const found = kept.filter(({ option }) => option.value);
    // Where one is left it is meant; else what was chosen before stays if it is still there.
    if (words.length && found.length === 1) found[0].option.selected = true;
    else if (kept.some(({ option }) => option === chosen)) chosen.selected = true;
    else select.value = "";
    select.size = words.length && found.length > 1 ? Math.min(kept.length + 1, 8) : 0;
    count.className = found.length ? "vh" : "hint";
    count.textContent = found.length ? String(found.length) : select.dataset.none;
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  select.addEventListener("change", () => { select.size = 0; });
}
