/* The visitor's own list of services. It lives in this device; the address of its page carries it. */

const KEY = "tugivork.nimekiri";
const MOST = 20;
const page = document.querySelector("[data-list-page]");

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((slug) => /^[-\w]{1,80}$/.test(slug)).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

// A browser that keeps nothing gets no button: it would promise what it cannot do.
function write(list) {
  try {
    localStorage.setItem(KEY, JSON.stringify(list.slice(0, MOST)));
    return true;
  } catch {
    return false;
  }
}

const add = (list, slugs) => [...new Set([...list, ...slugs])];
const without = (list, slug) => list.filter((one) => one !== slug);
const same = (one, other) => [...one].sort().join() === [...other].sort().join();

function turn(button, isOn) {
  button.querySelector("[data-list-on]").hidden = !isOn;
  button.querySelector("[data-list-off]").hidden = isOn;
}

function address(list) {
  const here = new URL(document.querySelector("[data-list-link] a").href);
  const near = new URLSearchParams(location.search).get("municipality");
  if (list.length) here.searchParams.set("k", list.join(","));
  if (near) here.searchParams.set("municipality", near);
  return here.href.replaceAll("%2C", ",");
}

function show() {
  const list = read();
  for (const link of document.querySelectorAll("[data-list-link]")) {
    link.hidden = false;
    link.querySelector("[data-list-count]").textContent = list.length ? ` (${list.length})` : "";
  }
  for (const button of document.querySelectorAll("[data-list-slug]")) {
    const isOn = list.includes(button.dataset.listSlug);
    turn(button, isOn);
    // On one's own list a link leaves a service out. A full list takes nothing more.
    const isOwn = page?.contains(button) && same(list, shown());
    button.hidden = isOwn || (!isOn && list.length >= MOST);
  }
  const other = document.querySelector("[data-list-other]");
  if (other) other.hidden = same(list, shown());
}

const shown = () => (page?.dataset.listPage ?? "").split(",").filter(Boolean);

function say(isOn) {
  const said = document.querySelector("[data-list-said]");
  if (said) said.textContent = isOn ? said.dataset.listAdded : said.dataset.listTaken;
}

function start() {
  if (page?.hasAttribute("data-list-empty") && read().length) {
    location.replace(address(read()));
    return;
  }
  show();
  addEventListener("storage", show);
  addEventListener("pageshow", show);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-list-slug]");
    if (button) {
      const slug = button.dataset.listSlug;
      const isOn = !read().includes(slug);
      write(isOn ? add(read(), [slug]) : without(read(), slug));
      show();
      say(isOn);
    }
    const drop = event.target.closest("[data-list-drop]");
    // Out of one's own list also on the device; out of somebody else's only on this page.
    if (drop && same(read(), shown())) write(without(read(), drop.dataset.listDrop));
    if (event.target.closest("[data-list-take]")) {
      write(add(read(), shown()));
      location.assign(address(read()));
    }
    if (event.target.closest("[data-list-print]")) print();
    const copy = event.target.closest("[data-list-copy]");
    if (copy) copied(copy);
  });
  for (const button of document.querySelectorAll("[data-list-print], [data-list-copy]")) {
    button.hidden = false;
  }
}

async function copied(button) {
  const field = document.getElementById(button.dataset.listCopy);
  try {
    await navigator.clipboard.writeText(field.value);
    turn(button, true);
  } catch {
    // Chosen at least, so that the keys for copying do it.
    field.select();
  }
}

if (write(read())) start();
