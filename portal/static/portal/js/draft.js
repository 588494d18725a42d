/* A draft of what is being typed, on this device only, until it is saved. The form works without.

   One entry of localStorage per person and case: cipher text, the moment, and the form's key, which
   makes a second sending the same sending. The key that opens it is given by the server to whoever
   is signed in, and is derived anew for each person: somebody else at the device cannot read it. */

const PREFIX = "tugivork.draft.";
const KEPT_FOR = 7 * 24 * 3600 * 1000;
const PATIENCE = 8000;

const bytes = (base64) => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
const base64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));

function entries() {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
  } catch {
    return [];
  }
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

function forget(name) {
  try { localStorage.removeItem(name); } catch { /* nothing was kept either */ }
}

/* What is old, and what has been saved, goes. */
function tidy(savedForm) {
  for (const name of entries()) {
    const entry = read(name);
    if (!entry || Date.now() - entry.at > KEPT_FOR || (savedForm && entry.form === savedForm)) forget(name);
  }
}

/* Who is signed in here now, and the key: {owner, key}, or "ended", or "offline". */
async function ask(address) {
  try {
    const answer = await fetch(address, {
      credentials: "same-origin", cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.ok) return await answer.json();
    return answer.type === "opaqueredirect" || answer.status === 403 ? "ended" : "offline";
  } catch {
    return "offline";
  }
}

const clock = (moment) => {
  const at = new Date(moment);
  return `${at.getHours()}.${String(at.getMinutes()).padStart(2, "0")}`;
};

class Draft {
  constructor(form) {
    this.form = form;
    this.place = form.dataset.draft;
    this.owner = form.dataset.draftOwner;
    this.name = `${PREFIX}${this.owner}.${this.place}`;
    this.state = form.querySelector("[data-draft-state]");
    this.undo = form.querySelector("[data-draft-undo]");
    this.freshKey = form.elements.key.value;
    // What lies here is brought back before anything is written over it.
    this.settled = form.hasAttribute("data-draft-typed");
    this.turn = this.settled ? this.write() : this.restore();
  }

  async unlock() {
    if (this.key) return "same";
    const answer = await ask(this.form.dataset.draftKey);
    if (typeof answer === "string") return answer;
    if (answer.owner !== this.owner) return "other";
    this.key = await crypto.subtle.importKey("raw", bytes(answer.key), "AES-GCM", false, ["encrypt", "decrypt"]);
    return "same";
  }

  lock() { return { name: "AES-GCM", additionalData: new TextEncoder().encode(this.name) }; }

  values() {
    return [...new FormData(this.form)].filter(([name, value]) => !["csrfmiddlewaretoken", "left_out"].includes(name) && typeof value === "string");
  }

  isEmpty() {
    return ["text", "place", "with_whom"].every((name) => !this.form.elements[name]?.value.trim());
  }

  /* One after the other, so that an older text never lands on a newer one. */
  save() {
    this.turn = this.turn.then(() => this.write(), () => this.write());
    return this.turn;
  }

  async write() {
    if (this.done) return;
    if (!this.settled) await this.restore();
    if (!this.settled) return;
    if (this.isEmpty()) { forget(this.name); this.say(""); return; }
    if (await this.unlock() !== "same") return;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = new TextEncoder().encode(JSON.stringify(this.values()));
    const sealed = await crypto.subtle.encrypt({ ...this.lock(), iv }, this.key, text);
    const at = Date.now();
    if (this.done) return;
    try {
      localStorage.setItem(this.name, JSON.stringify({ at, form: this.form.elements.key.value, iv: base64(iv), sealed: base64(sealed) }));
    } catch {
      return; // the device keeps nothing for us: say nothing that is not so
    }
    const phone = matchMedia("(pointer: coarse)").matches;
    this.say(this.form.dataset[phone ? "keptPhone" : "keptComputer"], at);
  }

  say(sentence, at) {
    this.state.textContent = (sentence || "").replace("{time}", clock(at));
    this.state.hidden = !sentence;
  }

  async restore() {
    const entry = read(this.name);
    if (!entry) { this.settled = true; return; }
    if (await this.unlock() !== "same") return;
    this.settled = true;
    let values;
    try {
      const text = await crypto.subtle.decrypt({ ...this.lock(), iv: bytes(entry.iv) }, this.key, bytes(entry.sealed));
      values = JSON.parse(new TextDecoder().decode(text));
    } catch {
      forget(this.name); // another key, or damaged: it opens for nobody any more
      return;
    }
    const quick = this.form.elements.text.value.trim(); // typed before the key had come
    for (const [name, value] of values) this.put(name, value);
    if (quick) this.put("text", `${this.form.elements.text.value}\n${quick}`);
    for (const more of this.form.querySelectorAll("details")) {
      if ([...more.querySelectorAll("input[type=text]")].some((field) => field.value)) more.open = true;
    }
    this.say(this.form.dataset.broughtBack, entry.at);
    this.undo.hidden = false;
  }

  put(name, value) {
    const field = this.form.elements[name];
    if (!field) return;
    if (field instanceof RadioNodeList) {
      for (const radio of field) radio.checked = radio.value === value;
    } else if (field.type !== "file") field.value = value;
  }

  drop() {
    forget(this.name);
    this.form.reset();
    this.form.elements.key.value = this.freshKey;
    this.undo.hidden = true;
    this.say("");
  }
}

function tell(form, what) {
  const box = form.querySelector("[data-draft-trouble]");
  for (const line of box.querySelectorAll("[data-trouble]")) line.hidden = line.dataset.trouble !== what;
  box.hidden = !what;
  if (what) box.scrollIntoView({ block: "nearest" });
}

function start(form) {
  const draft = new Draft(form);
  let waiting;
  let sure = false;
  let asked = Date.now();

  const typed = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => draft.save(), 400);
  };
  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  form.querySelector("[data-draft-drop]").addEventListener("click", () => draft.drop());

  // Ask before sending: without a connection or a session the text stays where it is.
  const check = async () => {
    asked = Date.now();
    const answer = await ask(form.dataset.draftKey);
    const what = typeof answer === "string" ? answer : answer.owner === draft.owner ? "" : "other";
    tell(form, what);
    if (!what) draft.done = false;
    return what;
  };
  form.addEventListener("submit", async (event) => {
    if (sure) return;
    event.preventDefault();
    if (draft.sending) return;
    draft.sending = true;
    clearTimeout(waiting);
    await draft.save();
    const trouble = await check();
    draft.sending = false;
    if (trouble) return;
    sure = draft.done = true;
    form.requestSubmit();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) draft.save();
    else if (Date.now() - asked > 60000) check();
  });
  // Signed out, here or in another tab: what was taken off the device is not written again.
  document.addEventListener("drafts-forgotten", () => { draft.done = true; });
  addEventListener("storage", (event) => {
    if (event.key === "tugivork.signed-out" && event.newValue === draft.owner) draft.done = true;
  });
  addEventListener("online", () => tell(form, ""));
  addEventListener("pageshow", (event) => { if (event.persisted) sure = draft.done = false; });
}

function watchFiles(input) {
  const trouble = document.querySelector("[data-file-trouble]");
  input.addEventListener("change", () => {
    const large = [...input.files].some((file) => file.size > Number(input.dataset.maxBytes));
    trouble.hidden = !large;
    // Nothing wrong stays behind a fold, and what is saved without the file says so.
    if (large) {
      input.value = "";
      const fold = input.closest("details");
      if (fold) fold.open = true;
    }
    const told = input.form?.elements.left_out;
    if (told) told.value = large ? "on" : "";
  });
}

tidy(document.querySelector("[data-draft-saved]")?.dataset.draftSaved);
// Only a page that came safely has the tools; elsewhere nothing is kept.
if (globalThis.crypto?.subtle) document.querySelectorAll("form[data-draft]").forEach(start);
document.querySelectorAll("input[data-max-bytes]").forEach(watchFiles);
