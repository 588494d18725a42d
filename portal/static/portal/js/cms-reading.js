/* Beside each text in the page editor: sentence length, long words and LIX, counted while one
   writes. The rules are those of home/upkeep/reading.py; nothing is ever refused. */

const facts = JSON.parse(document.getElementById("reading-facts").textContent);
const WORD = /[\p{L}\p{N}]+(?:[-'’][\p{L}\p{N}]+)*/gu;
const STANDS_ON = new RegExp(`(?:^|[^\\p{L}\\p{N}_])(?:\\d+|${facts.abbreviations.join("|")})\\.$`, "iu");

const wordsOf = (text) => text.match(WORD) ?? [];

function sentencesOf(text) {
  const found = [];
  for (const line of text.split("\n")) {
    let before = "";
    for (const part of line.trim().split(/(?<=[.!?…])\s+/u)) {
      const whole = `${before} ${part}`.trim();
      before = "";
      if (STANDS_ON.test(whole)) before = whole;
      else if (wordsOf(whole).length) found.push(whole);
    }
    if (wordsOf(before).length) found.push(before);
  }
  return found;
}

export function measure(text, [mostWords, mostLetters]) {
  const sentences = sentencesOf(text.replaceAll("\u00a0", " "));
  const words = sentences.flatMap(wordsOf);
  const long = words.filter((word) => [...word].length > facts.lixLetters).length;
  return {
    words: words.length,
    sentences: sentences.length,
    longSentences: [...new Set(sentences.filter((one) => wordsOf(one).length > mostWords))],
    hardWords: [...new Set(words.filter((word) => [...word].length > mostLetters))],
    lix: words.length ? Math.round(words.length / sentences.length + (100 * long) / words.length) : 0,
  };
}

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
const brief = (text) => (text.length > 90 ? `${text.slice(0, 90)}…` : text);

function textOf(box) {
  const area = box.querySelector("textarea:not([hidden])");
  const blocks = box.querySelectorAll(".public-DraftEditor-content [data-block]");
  if (blocks.length) return [...blocks].map((block) => block.textContent).join("\n");
  return area?.offsetParent ? area.value : "";
}

function show(box) {
  const text = textOf(box);
  let note = box.querySelector(":scope > .reading");
  if (!text.trim()) return void note?.remove();
  if (!note) {
    note = document.createElement("div");
    note.className = "reading help";
    box.append(note);
  }
  const isPlain = Boolean(box.closest('[data-contentpath="plain"]'));
  const limits = isPlain ? facts.plain : facts.usual;
  const counted = measure(text, limits);
  const grade = facts.lixWords[facts.lixLimits.filter((limit) => counted.lix > limit).length];
  const lines = [fill(facts.sum, { ...counted, grade })];
  if (counted.longSentences.length) {
    const n = counted.longSentences.length;
    lines.push(fill(facts.long, { n, most: limits[0], first: brief(counted.longSentences[0]) }));
  }
  if (counted.hardWords.length) {
    lines.push(fill(facts.hard, { most: limits[1], words: counted.hardWords.slice(0, 8).join(", ") }));
  }
  const key = lines.join("\n");
  if (note.dataset.key === key) return;
  note.dataset.key = key;
  note.replaceChildren(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
}

const BOX = ".w-field--rich_text_field .w-field__input, .w-field--draftail_rich_text_area .w-field__input, .w-field__input:has(textarea, .Draftail-Editor)";
const waiting = new Map();
function later(box) {
  clearTimeout(waiting.get(box));
  waiting.set(box, setTimeout(() => show(box), 400));
}
for (const name of ["input", "keyup", "paste", "focusin"]) {
  document.addEventListener(name, (event) => {
    const box = event.target.closest?.(BOX);
    if (box) later(box);
  });
}
// The editors of rich text stand up a little after the page.
addEventListener("load", () => setTimeout(() => document.querySelectorAll(BOX).forEach(show), 800));
