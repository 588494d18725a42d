/* The next dates of a series follow the choices. Without this file a button shows them. */

const WAIT = 250;
const form = document.querySelector("form[data-dates]");
const place = document.getElementById("dates");
const names = form.dataset.rule.split(" ");
let timer;
let asking;

async function show() {
  asking?.abort();
  asking = new AbortController();
  // Only what the dates follow from stands in the address: no names, no places.
  const choices = [...new FormData(form)].filter(([name]) => names.includes(name));
  try {
    const answer = await fetch(`${form.dataset.dates}?${new URLSearchParams(choices)}`, { signal: asking.signal });
    // Led to the sign-in: what is typed stays, saving will tell.
    if (answer.ok && !answer.redirected) {
      const piece = new DOMParser().parseFromString(await answer.text(), "text/html");
      place.replaceChildren(...piece.body.childNodes);
    }
  } catch (error) {
    if (error.name !== "AbortError") form.querySelector("[name=show]").hidden = false;
  }
}

form.querySelector("[name=show]").hidden = true;
form.addEventListener("input", (event) => {
  if (!names.includes(event.target.name)) return;
  clearTimeout(timer);
  timer = setTimeout(show, WAIT);
});
