// What the reader does: select, search, filter, switch the language; the address names what is selected.

function select(chosen, how) {
  state.selection = chosen;
  state.cell = how.cell || null;
  tellAddress();
  refresh();
  showPanel();
  if (views.get(state.view).select) views.get(state.view).select();
  if (how.move && chosen && chosen.thing !== undefined && state.thingShown[chosen.thing]) {
    visit(chosen.thing);
  }
  if (how.focus) document.getElementById("panel").focus({ preventScroll: true });
}

// Tell in the panel what a cell of a view stands for.
function selectCell(title, factIndexes, numberIndexes) {
  select(null, { cell: { title: title, facts: factIndexes, numbers: numberIndexes || [] }, focus: true });
}

// Search: names first, then other names; the better known first.
function plain(text) {
  return text.normalize("NFKC").toLowerCase().trim();
}
const searchable = things.map((thing) => ({ label: plain(thing.label), others: thing.alt.map(plain) }));
const HITS = 50;

function search(query) {
  const wanted = plain(query);
  if (!wanted) return [];
  const found = [];
  searchable.forEach((entry, index) => {
    const score = entry.label === wanted ? 0 : entry.label.startsWith(wanted) ? 1
      : entry.label.includes(wanted) ? 2 : entry.others.some((other) => other.includes(wanted)) ? 3 : 4;
    if (score < 4) found.push([score, things[index].rank, index]);
  });
  return found.sort((one, other) => one[0] - other[0] || one[1] - other[1]).map((entry) => entry[2]);
}

function showHits() {
  const query = document.getElementById("query").value;
  const found = search(query);
  const count = document.getElementById("hit-count");
  count.textContent = !plain(query) ? "" : found.length === 0 ? words("no_hits", query)
    : words("hits", found.length)
      + (found.length > HITS ? " · " + words("more_hits", found.length - HITS) : "");
  document.getElementById("hits").replaceChildren(...found.slice(0, HITS).map((index) => {
    return element("li", {}, thingButton(index, kindLabel(things[index].kind)));
  }));
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

// Filters.
function tick(label, count, shown, set, kind) {
  const box = element("input", { type: "checkbox" });
  box.checked = shown;
  box.addEventListener("change", () => {
    set(box.checked);
    filtersChanged();
  });
  return element("label", {}, box, kind ? swatch(kind) : null, element("span", {}, label),
    element("span", { class: "count" }, String(count)));
}

function ticks(title, hidden, entries) {
  const all = (hide) => () => {
    hidden.clear();
    if (hide) entries.forEach(([key]) => hidden.add(key));
    showFilters();
    filtersChanged();
  };
  return [element("legend", {}, element("span", {}, words(title)),
    element("button", { type: "button", click: all(false) }, words("all")),
    element("button", { type: "button", click: all(true) }, words("none"))),
  ...entries.map(([key, label, count]) => {
    const row = tick(label, count, !hidden.has(key), (shown) => shown ? hidden.delete(key) : hidden.add(key));
    row.setAttribute("data-key", key);
    return row;
  })];
}

function countBy(keys) {
  const counts = new Map();
  for (const key of keys) counts.set(key, (counts.get(key) || 0) + 1);
  return counts;
}

function showFilters() {
  const kinds = [...countBy(things.map((thing) => knownKind(thing.kind)))]
    .sort((one, other) => data.kinds[one[0]].order - data.kinds[other[0]].order);
  document.getElementById("kinds").replaceChildren(...kinds.map(([kind, count]) => {
    const row = tick(data.kinds[kind][state.language], count, !state.hiddenKinds.has(kind),
      (shown) => shown ? state.hiddenKinds.delete(kind) : state.hiddenKinds.add(kind), kind);
    row.setAttribute("data-kind", kind);
    row.title = words("legend_hint");
    return row;
  }), element("div", { class: "lines" }, element("span", { class: "stroke" }), element("span", {}, words("stated_line")),
    element("span", { class: "stroke dashed" }), element("span", {}, words("planned_line"))));
  const byDocument = countBy(things.flatMap((thing) => thing.documents));
  document.getElementById("document-filter").replaceChildren(...ticks("by_document", state.hiddenDocuments,
    data.documents.map((found, position) => [position, documentName(position), byDocument.get(position) || 0])));
  const predicates = [...countBy(facts.map((fact) => fact.predicate))].sort((one, other) => other[1] - one[1]);
  document.getElementById("predicate-filter").replaceChildren(...ticks("by_predicate", state.hiddenPredicates,
    predicates.map(([predicate, count]) => [predicate, phrase(predicate, false), count])));
  document.getElementById("show-planned").checked = state.showPlanned;
  document.getElementById("hide-lonely").checked = state.hideLonely;
}

function filtersChanged() {
  applyFilters();
  refresh();
  if (state.view !== "network") showView();
  showPanel();
  showSummary();
}

function resetFilters() {
  clearFilters();
  showFilters();
  filtersChanged();
}

// Words.
function showSummary() {
  const count = (flags) => flags.filter(Boolean).length;
  document.getElementById("summary").textContent = words("summary", number(count(state.thingShown)),
    number(count(state.factShown.map((shown, fact) => shown && facts[fact].evidence.length))), number(toldDocuments().length));
  picture.frame.setAttribute("role", "application");
  picture.frame.setAttribute("aria-label", words("canvas", count(state.thingShown), count(state.lineShown)));
}

function showWords() {
  document.documentElement.lang = state.language === "zh" ? "zh-CN" : state.language;
  for (const each of document.querySelectorAll("[data-text]")) each.textContent = words(each.dataset.text);
  for (const each of document.querySelectorAll("[data-label]")) {
    each.setAttribute("aria-label", words(each.dataset.label));
    if (each.tagName === "BUTTON") each.title = words(each.dataset.label);
  }
  for (const each of document.querySelectorAll("[data-hint]")) each.placeholder = words(each.dataset.hint);
  document.getElementById("heading").textContent = document.title = data.subject || words("title");
  const button = document.getElementById("language");
  button.textContent = words("language");
  button.lang = state.language === "zh" ? "en" : "zh-CN"; // said by a voice of that language
  button.title = words("language_label");
  document.getElementById("home").hidden = !data.home;
  showFilters();
  showSummary();
  showHits();
  showPanel();
  showView();
}

function start() {
  const on = (id, event, act) => document.getElementById(id).addEventListener(event, act);
  on("query", "input", showHits);
  on("query", "keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    const found = showHits();
    if (found.length) select({ thing: found[0] }, { move: true });
  });
  on("search", "keydown", moveInHits);
  on("zoom-in", "click", () => zoom(1.5));
  on("zoom-out", "click", () => zoom(1 / 1.5));
  on("fit", "click", () => fitAll(true));
  on("show-planned", "change", (event) => {
    state.showPlanned = event.target.checked;
    filtersChanged();
  });
  on("hide-lonely", "change", (event) => {
    state.hideLonely = event.target.checked;
    filtersChanged();
  });
  on("language", "click", () => {
    state.language = state.language === "zh" ? "en" : "zh";
    showWords();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const query = document.getElementById("query");
    if (query.value) {
      query.value = "";
      showHits();
    }
    select(null, {});
  });
  window.addEventListener("hashchange", followAddress);
  window.addEventListener("resize", () => {
    if (!state.selection) fitAll(false);
  });
  window.addEventListener("beforeprint", () => {
    for (const each of document.querySelectorAll("#panel details")) each.open = true;
  });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    readTheme();
    refresh();
  });
  if (window.innerWidth <= 820) document.getElementById("legend").open = false;
  document.getElementById("home").href = data.home;
  readTheme();
  applyFilters();
  showWords();
  refresh();
  picture.resize();
  fitAll(false);
  followAddress();
  document.documentElement.setAttribute("data-ready", "true");
}

start();
