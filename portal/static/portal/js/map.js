/* The map made live: Leaflet takes the place of the drawing, in step with the list beside it. Every
   fact stands in the list too, and the page works without this file. */

const ESTONIA = { south: 57, north: 60, west: 21, east: 29 };
const frame = document.querySelector("[data-map]");
const rows = [...document.querySelectorAll(".maprows > li[data-lat]")];
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

/* --- near me: asked for by a tap, and rounded before it leaves the device --- */

const nearMe = document.querySelector("[data-near-me]");
if (nearMe && navigator.geolocation) {
  const say = (name) => document.querySelector(`[data-near-${name}]`).removeAttribute("hidden");
  nearMe.hidden = false;
  say("note");
  nearMe.addEventListener("click", () => {
    nearMe.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude: lat, longitude: lon } }) => {
        nearMe.disabled = false;
        if (lat < ESTONIA.south || lat > ESTONIA.north || lon < ESTONIA.west || lon > ESTONIA.east) return say("abroad");
        const there = new URL(location.href);
        for (const name of ["municipality", "in", "box", "page"]) there.searchParams.delete(name);
        there.searchParams.set("lat", lat.toFixed(2));
        there.searchParams.set("lon", lon.toFixed(2));
        location.assign(there);
      },
      () => { nearMe.disabled = false; say("refused"); },
      { enableHighAccuracy: false, maximumAge: 600_000, timeout: 15_000 },
    );
  });
}

/* --- the map comes when it is about to be seen --- */

if (frame) {
  const watch = new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting) return;
    watch.disconnect();
    start().catch(() => { /* the drawing stays, and it is complete */ });
  }, { rootMargin: "300px" });
  watch.observe(frame);
}

function fetched(element, attribute, address) {
  return new Promise((resolve, reject) => {
    element[attribute] = address;
    element.onload = resolve;
    element.onerror = reject;
    document.head.append(element);
  });
}

const box = (text) => {
  const [west, south, east, north] = text.split(",").map(Number);
  return { west, south, east, north };
};
const corners = ({ west, south, east, north }) => [[south, west], [north, east]];
const around = (bounds) => ({ west: bounds.getWest(), south: bounds.getSouth(), east: bounds.getEast(), north: bounds.getNorth() });
const written = ({ west, south, east, north }) => [west, south, east, north].map((edge) => edge.toFixed(4)).join(",");

/* This page about a part of the map only. */
function pageAbout(area) {
  const there = new URL(location.href);
  there.searchParams.delete("page");
  there.searchParams.set("box", written(area));
  there.hash = "";
  return there.href;
}

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

const numberOf = (row) => Number(row.dataset.number);
const nameOf = (row) => row.querySelector("h3 a").textContent;

/* As the drawing writes them: 4, 1–3, "2, 7", "2 +4". */
function numbers(found) {
  const [first, last] = [found[0], found.at(-1)];
  if (found.length === 1) return `${first}`;
  if (last - first === found.length - 1) return `${first}–${last}`;
  return found.length === 2 ? `${first}, ${last}` : `${first} +${found.length - 1}`;
}

function choose(row) {
  for (const other of rows) other.classList.toggle("on", other === row);
  row.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
  row.querySelector("h3 a").focus({ preventScroll: true });
}

async function start() {
  const said = frame.dataset;
  const style = document.createElement("link");
  style.rel = "stylesheet";
  const [outlines] = await Promise.all([
    fetch(said.outlines).then((answer) => answer.json()),
    fetched(style, "href", said.leafletStyle),
    fetched(document.createElement("script"), "src", said.leaflet),
  ]);
  const L = window.L;
  const live = element("div", "", { class: "live", role: "region", "aria-label": said.name });
  frame.append(live);
  const map = L.map(live, {
    attributionControl: false, zoomControl: false, minZoom: 6, maxZoom: said.tiles ? 17 : 13,
    maxBounds: [[56.4, 18.5], [60.8, 31.5]], maxBoundsViscosity: 1, scrollWheelZoom: false,
    zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still, inertia: !still,
  });
  map.fitBounds(corners(box(said.frame)), { animate: false });
  frame.querySelector("svg[viewBox]").remove();
  if (said.tiles) L.tileLayer(said.tiles, { tms: false }).addTo(map);
  L.geoJSON(outlines, { interactive: false, style: { className: "county", fillOpacity: said.tiles ? 0 : 1, opacity: 1 } }).addTo(map);

  /* A mark on the map; what it says stands in attributes. `act`: what a tap or Enter does. */
  function mark(layer, at, classes, size, label, name, act, aside = 0) {
    const icon = L.divIcon({ className: classes, iconSize: size, iconAnchor: [size[0] / 2 - aside, size[1] / 2] });
    const marker = L.marker(at, { icon, keyboard: Boolean(act), interactive: Boolean(act), riseOnHover: true });
    marker.addTo(layer);
    const made = marker.getElement();
    if (label) made.dataset.label = label;
    if (!act) { made.setAttribute("aria-hidden", "true"); return marker; }
    made.setAttribute("aria-label", name);
    made.title = name;
    marker.on("click", () => act(marker));
    made.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      act(marker, true);
    });
    return marker;
  }

  function popUp(marker, parts, byKey) {
    const content = document.createElement("div");
    content.append(...parts);
    const popup = L.popup({ autoPanPadding: [16, 16], minWidth: 230, maxHeight: 260 }).setLatLng(marker.getLatLng()).setContent(content).openOn(map);
    popup.getElement().querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", said.close);
    content.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      map.closePopup();
      marker.getElement()?.focus();
    });
    if (byKey) content.querySelector("a")?.focus();
  }

  /* --- names of counties, and the place from which distances are counted --- */

  const names = L.layerGroup().addTo(map);
  for (const { properties: { name, label: [lon, lat] } } of outlines.features) mark(names, [lat, lon], "name", [0, 0], name);
  if (said.place) mark(names, said.place.split(",").map(Number), "seat", [13, 13], said.placeName);

  /* --- the rows of the list: those that would cover each other become one pin --- */

  const pins = L.layerGroup().addTo(map);
  const pinOf = new Map();
  let groups = [];
  function drawPins() {
    pins.clearLayers();
    pinOf.clear();
    groups = [];
    for (const row of rows) {
      const at = [Number(row.dataset.lat), Number(row.dataset.lon)];
      const { x, y } = map.latLngToLayerPoint(at);
      const group = groups.find((one) => Math.abs(one.x - x) < 34 && Math.abs(one.y - y) < 34);
      if (group) group.rows.push(row);
      else groups.push({ x, y, at, rows: [row] });
    }
    for (const group of groups) {
      const label = numbers(group.rows.map(numberOf));
      const hues = new Set(group.rows.map((row) => [...row.classList].find((name) => name.startsWith("d-"))));
      const hue = hues.size === 1 ? [...hues][0] : "d-many";
      group.width = Math.max(34, 16 + 9 * label.length);
      const name = group.rows.length === 1 ? `${label}: ${nameOf(group.rows[0])}` : said.rows.replace("{n}", label);
      const pin = mark(pins, group.at, `pin d ${hue}`, [group.width, 34], label, name, (marker, byKey) => {
        if (group.rows.length === 1) return choose(group.rows[0]);
        popUp(marker, group.rows.map((row) => {
          const line = element("p", "");
          const service = row.querySelector("h3 + p");
          const link = element("a", `${numberOf(row)}. ${(service ?? row.querySelector("h3 a")).textContent}`, { href: `#${row.id}` });
          link.addEventListener("click", (event) => { event.preventDefault(); map.closePopup(); choose(row); });
          line.append(link);
          if (service) line.append(document.createElement("br"), element("small", nameOf(row)));
          return line;
        }), byKey);
      });
      pin.setZIndexOffset(500);
      for (const row of group.rows) pinOf.set(row, pin);
    }
  }
  map.on("zoomend", drawPins);
  drawPins();
  for (const row of rows) {
    const show = (on) => {
      const pin = pinOf.get(row);
      pin?.getElement()?.classList.toggle("on", on);
      pin?.setZIndexOffset(on ? 1500 : 500);
    };
    for (const name of ["mouseenter", "focusin"]) row.addEventListener(name, () => show(true));
    for (const name of ["mouseleave", "focusout"]) row.addEventListener(name, () => show(false));
  }

  /* --- what fits too but stands on other pages of the list --- */

  const others = L.layerGroup().addTo(map);
  let asking;
  /* How far a mark moves to the right so that no pin covers it. */
  function aside(at, size) {
    const { x, y } = map.latLngToLayerPoint(at);
    const over = groups.find((one) => Math.abs(one.x - x) < (one.width + size) / 2 && Math.abs(one.y - y) < (34 + size) / 2);
    return over ? over.x + (over.width + size) / 2 + 1 - x : 0;
  }
  async function drawOthers() {
    if (!said.source) return;
    asking?.abort();
    asking = new AbortController();
    let seen = around(map.getBounds());
    if (said.area) {
      const part = box(said.area);
      seen = { west: Math.max(seen.west, part.west), south: Math.max(seen.south, part.south), east: Math.min(seen.east, part.east), north: Math.min(seen.north, part.north) };
      if (seen.west >= seen.east || seen.south >= seen.north) return others.clearLayers();
    }
    let features;
    try {
      const answer = await fetch(`${said.source}&box=${written(seen)}&zoom=${map.getZoom()}`, { signal: asking.signal });
      if (!answer.ok) return;
      ({ features } = await answer.json());
    } catch {
      return; // the next move asks again
    }
    others.clearLayers();
    for (const { geometry, properties, bbox } of features) {
      if (!geometry) continue;
      const at = [geometry.coordinates[1], geometry.coordinates[0]];
      if (properties.count) drawSpot(at, properties.count, bbox);
      else drawDot(at, properties);
    }
  }
  function drawSpot(at, count, [west, south, east, north]) {
    const area = { west, south, east, north };
    const name = said.more.replace("{n}", count);
    const size = 26 + Math.min(18, 6 * Math.log10(count) + 4);
    mark(others, at, "spot", [size, size], `${count}`, name, (marker, byKey) => {
      const apart = Math.max(east - west, north - south) > 0.002;
      if (apart && map.getZoom() < map.getMaxZoom()) return map.fitBounds(corners(area), { padding: [30, 30] });
      const wider = { west: west - 0.002, south: south - 0.001, east: east + 0.002, north: north + 0.001 };
      popUp(marker, [element("p", name), element("a", said.show, { href: pageAbout(wider) })], byKey);
    }, aside(at, size));
  }
  function drawDot(at, { name, component, municipality, url, domain }) {
    mark(others, at, `dot d d-${domain || "base"}`, [24, 24], "", [name, component].filter(Boolean).join(": "), (marker, byKey) => {
      const parts = [element("a", name, { href: said.home + url.slice(1) })];
      if (component) parts.push(element("p", component, { lang: "et" }));
      parts.push(element("p", municipality));
      popUp(marker, parts, byKey);
    }, aside(at, 24));
  }

  /* --- moving: the list stays until it is asked --- */

  const searchHere = document.querySelector("[data-search-here]");
  const keys = frame.querySelector("[data-map-keys]");
  function keysFit() {
    for (const key of keys.children) {
      const zoom = map.getZoom() + Number(key.dataset.zoom);
      key.disabled = zoom < map.getMinZoom() || zoom > map.getMaxZoom();
    }
  }
  keys.hidden = false;
  keys.addEventListener("click", (event) => {
    const key = event.target.closest("[data-zoom]");
    if (key) map.setZoom(map.getZoom() + Number(key.dataset.zoom));
  });
  keysFit();
  let moved = false;
  map.on("dragstart zoomstart keydown", () => { moved = true; });
  map.on("moveend", () => {
    keysFit();
    drawOthers();
    if (!moved) return; // only the window has changed
    searchHere.hidden = false;
    searchHere.querySelector("a").href = pageAbout(around(map.getBounds()));
  });
  await drawOthers();
  frame.dataset.live = "yes";
}
