// Search by names and other names: as they are written, in pinyin or its initials, or by some of their characters.

function plain(text) {
  return text.normalize("NFKC").toLowerCase().trim();
}
const readings = new Map();
for (const [reading, characters] of Object.entries(data.readings)) {
  for (const character of characters) {
    if (!readings.has(character)) readings.set(character, []);
    readings.get(character).push(reading);
  }
}
// A name as it is compared: its characters in one form each, what may be typed for each, and where each begins.
function prepared(name) {
  const characters = [...name].map((each) => each.normalize("NFKC").toLowerCase());
  const keys = characters.map((each) => [each, ...(readings.get(each) || [])]);
  const begins = [];
  let length = 0;
  for (const each of characters) length += begins.push(length) && each.length;
  // What the typed text for each character may begin with.
  const heads = keys.map((each) => each.map((key) => [...key][0] || "").join(""));
  return { text: characters.join(""), characters: characters, keys: keys, begins: begins, heads: heads,
    firsts: new Set(heads.join("")) };
}
// Made when the reader turns to the search, not when the page opens.
let searchable = null;
function allSearchable() {
  searchable = searchable || things.map((thing) => ({ label: prepared(thing.label), others: thing.alt.map(prepared) }));
  return searchable;
}
const HITS = 50;
const SCATTERED = 6; // the score of a name that has the characters in their order, but apart
const LETTERS = /[a-z]/;
const SEPARATORS = /[\s'’·・,，、;；/-]+/g;

// Where `typed` reads as pinyin of successive characters, each whole or begun ("fengqiao", "fq", "fengq"), from
// character `from` on: how many characters it takes, 0 if it does not.
function spelt(name, from, typed) {
  const read = (at, rest) => {
    if (!rest) return at - from;
    if (at >= name.keys.length) return 0;
    if (SKIPPED.test(name.characters[at])) return at > from ? read(at + 1, rest) : 0;
    for (const key of name.keys[at]) {
      let same = 0;
      while (same < key.length && key[same] === rest[same]) same += 1;
      for (; same > 0; same -= 1) {
        const taken = read(at + 1, rest.slice(same));
        if (taken) return taken;
      }
    }
    return 0;
  };
  return read(from, typed);
}
const SKIPPED = /[\s“”‘’"'《》〈〉「」（）()·・,，、-]/;

// How well a name answers, 0 the best, and which of its characters do; null if it does not.
function answer(name, wanted, keys, typed) {
  const from = name.text.indexOf(wanted);
  if (from >= 0) {
    const at = name.begins.flatMap((begin, place) => begin >= from && begin < from + wanted.length ? [place] : []);
    return { score: name.text.trim() === wanted ? 0 : from === 0 ? 1 : 2, at: at };
  }
  if (!name.firsts.has(keys[0])) return null;
  if (LETTERS.test(typed)) {
    for (let begin = 0; begin < name.heads.length; begin += 1) {
      if (!name.heads[begin].includes(keys[0])) continue;
      const count = spelt(name, begin, typed);
      if (count) return { score: begin === 0 ? 4 : 5, at: run(begin, count) };
    }
    return null;
  }
  if (keys.length < 2) return null;
  const found = [];
  for (let at = 0; at < name.characters.length && found.length < keys.length; at += 1) {
    if (name.characters[at] === keys[found.length]) found.push(at);
  }
  return found.length === keys.length ? { score: SCATTERED, at: found } : null;
}
const run = (begin, count) => Array.from({ length: count }, (_, at) => begin + at);

// Things by how well they answer; what answers by another name stands behind what answers so by its own.
function search(query) {
  const wanted = plain(query), typed = wanted.replace(SEPARATORS, ""), keys = [...typed];
  if (!wanted) return [];
  const found = [];
  allSearchable().forEach((entry, index) => {
    let best = answer(entry.label, wanted, keys, typed), alias = null;
    if (best) best.score *= 2;
    entry.others.forEach((other, at) => {
      const reply = answer(other, wanted, keys, typed);
      // What begins as typed goes first among names only; of equal answers the name's own is the better one.
      const score = reply ? Math.max(reply.score, 2) * 2 + 1 : 0;
      if (reply && (!best || score < best.score)) {
        best = { score: score, at: reply.at };
        alias = things[index].alt[at];
      }
    });
    if (best) found.push({ index: index, score: best.score, at: best.at, alias: alias });
  });
  // Scattered characters are a last resort: beside better answers they would only be noise.
  const better = found.filter((hit) => hit.score < 2 * SCATTERED);
  return (better.length ? better : found).sort((one, other) => one.score - other.score || things[one.index].rank - things[other.index].rank);
}

// A hit: the name, or the other name that answers, with what answers marked in it.
function hitButton(hit) {
  const thing = things[hit.index], chosen = new Set(hit.at);
  const pieces = (name) => [...name].map((each, at) => chosen.has(at) ? element("mark", {}, each) : each);
  const label = hit.alias === null ? element("span", {}, ...pieces(thing.label))
    : element("span", {}, thing.label, element("span", { class: "alias" }, words("also_called") + " ", ...pieces(hit.alias)));
  return element("button", { type: "button", class: "link row", "data-iri": thing.iri,
    click: () => pick({ thing: hit.index }, { move: true, focus: true }) },
  swatch(thing.kind), label, element("span", { class: "soft" }, kindLabel(thing.kind)));
}

function showHits() {
  const query = document.getElementById("query").value;
  const found = search(query);
  const count = document.getElementById("hit-count");
  count.textContent = !plain(query) ? "" : found.length === 0 ? words("no_hits", query)
    : words("hits", found.length)
      + (found.length > HITS ? " · " + words("more_hits", found.length - HITS) : "");
  document.getElementById("hits").replaceChildren(...found.slice(0, HITS).map((hit) => element("li", {}, hitButton(hit))));
  return found;
}

function moveInHits(event) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const stops = [document.getElementById("query"), ...document.querySelectorAll("#hits button")];
  const at = stops.indexOf(document.activeElement);
  const next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
  if (at < 0 || !next) return;
  event.preventDefault();
  next.focus();
}
