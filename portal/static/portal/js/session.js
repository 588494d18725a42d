/* Says quietly that the session will end, and lets it go on. Without this file it ends all the same,
   and what was typed comes back. The page asks before it says anything: another tab may have gone on. */

const SOON = 180; // seconds before the end of an idle session
const LAST = 600; // seconds before the end of the day's session, which cannot be put off
const EVERY = 5000;
const ASK_AGAIN = 30000;

const box = document.querySelector("[data-session]");
const words = box.querySelector("[data-session-words]");
const form = box.querySelector("form");
const signIn = box.querySelector("[data-session-sign-in]");

let idleEnd;
let wholeEnd;
let touched = false;
let asking = false;
let asked = 0;
let over = false;

function learn({ idle, whole }) {
  idleEnd = Date.now() + idle * 1000;
  wholeEnd = Date.now() + whole * 1000;
}

const left = (end) => (end - Date.now()) / 1000;

/* What the server says; "over" where it leads to the sign-in, nothing without a connection. */
async function ask(goOn) {
  const body = goOn ? new FormData(form) : undefined;
  try {
    const answer = await fetch(form.action, {
      method: goOn ? "POST" : "GET", body, cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(8000),
    });
    if (answer.ok) learn(await answer.json());
    else over = answer.type === "opaqueredirect" || answer.status === 403;
  } catch { /* the next turn asks again */ }
}

function say() {
  const idle = left(idleEnd);
  const whole = left(wholeEnd);
  const last = whole <= Math.max(idle, SOON) && whole <= LAST;
  const soon = idle <= SOON && !last;
  const minutes = Math.max(1, Math.ceil((last ? whole : idle) / 60));
  const sentence = over ? box.dataset.over : last ? box.dataset.last : soon ? box.dataset.soon : "";
  const text = sentence.replace("{n}", minutes);
  // A screen reader says each new text once: no second is counted aloud.
  if (words.textContent !== text) words.textContent = text;
  words.hidden = !text;
  form.hidden = over || !soon;
  signIn.hidden = !over;
}

async function look() {
  if (asking || over) return undefined;
  if (left(idleEnd) > SOON && left(wholeEnd) > LAST) {
    return words.hidden ? undefined : say();
  }
  const ended = left(idleEnd) <= 0 || left(wholeEnd) <= 0;
  if (!ended && !touched && Date.now() - asked < ASK_AGAIN) return say();
  asking = true;
  asked = Date.now();
  // Whoever types is not idle, although no page was asked for.
  await ask(touched && left(idleEnd) > 0);
  touched = false;
  asking = false;
  return say();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  // The button goes away; the keyboard stays where the reader was reading.
  const hadFocus = form.contains(document.activeElement);
  await ask(true);
  say();
  if (hadFocus && form.hidden) document.getElementById("sisu")?.focus({ preventScroll: true });
});
for (const kind of ["keydown", "input", "pointerdown"]) {
  addEventListener(kind, (event) => { if (!box.contains(event.target)) touched = true; }, { passive: true });
}
document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });

learn({ idle: Number(box.dataset.idle), whole: Number(box.dataset.whole) });
setInterval(look, EVERY);
