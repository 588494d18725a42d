/* The page of a meeting, made quicker. Everything works without this file. */

// Alt+O goes to the new decision, Alt+T to the new action.
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey) return;
  const field = { KeyO: "o", KeyT: "t" }[event.code];
  const target = field && document.querySelector(`[data-alt="${field}"]`);
  if (!target) return;
  event.preventDefault();
  target.focus();
});

// One tap is enough: each choice of the attendance is kept at once, the page stays as it is.
for (const form of document.querySelectorAll("form[data-came]")) {
  const words = document.querySelector("[data-came-words]");
  const heard = form.querySelector("[data-came-said]");
  const wrong = form.querySelector("[data-came-wrong]");
  form.querySelector("[data-came-save]").hidden = true;
  form.addEventListener("change", async (event) => {
    const radio = event.target;
    const was = form.elements[radio.name.replace("status-", "was-")];
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set(radio.name, radio.value);
    body.set(was.name, was.value);
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      const said = await answer.json();
      if (!answer.ok) throw new Error(said.problem ?? "");
      was.value = radio.value;
      words.textContent = said.words;
      heard.textContent = said.words;
      wrong.hidden = true;
    } catch (error) {
      // Back to what is stored, and a sentence about it.
      const before = [...form.elements[radio.name]].find((other) => other.value === was.value);
      if (before) before.checked = true;
      else radio.checked = false;
      wrong.textContent = error instanceof SyntaxError || !error.message || error instanceof TypeError ? wrong.dataset.words : error.message;
      wrong.hidden = false;
    }
  });
}

// What is typed in one form is not lost when another one is sent.
const changed = new Set();
let sent = null;
for (const form of document.querySelectorAll(".meeting form[method=post]:not([data-came])")) {
  form.addEventListener("input", () => changed.add(form));
  form.addEventListener("submit", () => { sent = form; });
}
addEventListener("beforeunload", (event) => {
  const others = [...changed].filter((form) => form !== sent);
  sent = null;
  if (others.length) event.preventDefault();
});

// Whoever only follows the meeting sees it move on. A screen that nobody touches soon stops asking,
// or its session would never end.
const live = document.querySelector("[data-live]");
if (live) {
  const QUIET = 5 * 60 * 1000;
  let touched = Date.now();
  for (const kind of ["pointermove", "keydown", "scroll", "focus"]) addEventListener(kind, () => { touched = Date.now(); }, { passive: true });
  const refresh = async () => {
    if (document.hidden || Date.now() - touched > QUIET) return;
    const answer = await fetch(location.href).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const now = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".meeting");
    const here = document.querySelector(".meeting");
    const typing = document.activeElement?.closest?.(".meeting form");
    if (now && !typing && !changed.size && now.textContent !== here.textContent) here.replaceChildren(...now.childNodes);
  };
  setInterval(refresh, Number(live.dataset.live) * 1000);
}

// On a phone the list of attendance is folded until it is asked for.
const list = document.querySelector(".came-list");
if (list && matchMedia("(max-width: 66rem)").matches && location.hash !== "#kohalolek") list.open = false;
