// The boxes that say what is shown: kinds in the legend; documents, years, levels and relations among the filters.

const LONG_LIST = 30; // from here on a list has a box of its own to find entries by
const OBVIOUS = ["year-filter", "level-filter"]; // not shown where there is nothing to choose from
const ROWS = 200; // rows of a list that are made at a time

function tick(label, count, shown, set, kind) {
  const box = element("input", { type: "checkbox" });
  box.checked = shown;
  box.addEventListener("change", () => {
    set(box.checked);
    filtersChanged();
  });
  return element("label", {}, box, kind ? swatch(kind) : null, element("span", {}, label),
    element("span", { class: "count" }, number(count)));
}

// The entries of one filter, [key, label, count]; "all" and "none" mean those that the list shows.
const narrowed = new Map(); // what is typed above a long list, by the list's title
function ticks(title, id, hidden, entries) {
  const field = document.getElementById(id);
  const holder = element("div", { class: "rows" });
  const matching = () => {
    const typed = plain(narrowed.get(id) || "");
    return entries.filter(([, label]) => !typed || plain(label).includes(typed));
  };
  const showRows = () => {
    const found = matching();
    holder.replaceChildren(...found.slice(0, ROWS).map(([key, label, count]) => {
      const row = tick(label, count, !hidden.has(key), (shown) => shown ? hidden.delete(key) : hidden.add(key));
      row.setAttribute("data-key", key);
      return row;
    }), found.length > ROWS ? element("p", { class: "soft" }, words("more_hits", found.length - ROWS)) : "");
  };
  const all = (hide) => () => {
    for (const [key] of matching()) if (hide) hidden.add(key); else hidden.delete(key);
    showRows();
    filtersChanged();
  };
  const parts = [element("legend", {}, element("span", {}, words(title)),
    element("button", { type: "button", "data-all": "", click: all(false) }, words("all")),
    element("button", { type: "button", "data-none": "", click: all(true) }, words("none")))];
  if (entries.length > LONG_LIST) {
    const box = element("input", { type: "search", autocomplete: "off", placeholder: words("filter_list"), "aria-label": words("filter_list") });
    box.value = narrowed.get(id) || "";
    box.addEventListener("input", () => {
      narrowed.set(id, box.value);
      showRows();
    });
    parts.push(box);
  }
  showRows();
  field.replaceChildren(...parts, holder);
  field.hidden = entries.length === 0 || (entries.length === 1 && hidden.size === 0 && OBVIOUS.includes(id));
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
    element("span", { class: "stroke dashed" }), element("span", {}, words("planned_line"))),
  element("div", { class: "lines" }, element("span", { class: "stroke thin" }), element("span", { class: "stroke thick" }),
    element("span", {}, words("wide_line"))));
  const byDocument = countBy(things.flatMap((thing) => thing.documents));
  const documents = data.documents.map((found, position) => [position, documentName(position), byDocument.get(position) || 0]);
  if (documents.length > LONG_LIST) documents.sort((one, other) => one[1].localeCompare(other[1], "zh-CN", { numeric: true }) || one[0] - other[0]);
  ticks("by_document", "document-filter", state.clearedDocuments, documents);
  const years = [...countBy(data.documents.map((found) => found.year))].sort((one, other) => one[0] < other[0] ? -1 : 1);
  ticks("by_year", "year-filter", state.hiddenYears, years.map(([year, count]) => [year, year || words("no_year"), count]));
  const byLevel = countBy(levelOf);
  ticks("by_level", "level-filter", state.hiddenLevels, levelsFromTop().map((level) =>
    [level, level === NO_LEVEL ? words("no_level") : conceptLabel(level), byLevel.get(level)]));
  const predicates = [...countBy(facts.map((fact) => fact.predicate))].sort((one, other) => other[1] - one[1]);
  ticks("by_predicate", "predicate-filter", state.hiddenPredicates,
    predicates.map(([predicate, count]) => [predicate, phrase(predicate, false), count]));
  document.getElementById("show-planned").checked = state.showPlanned;
  document.getElementById("hide-lonely").checked = state.hideLonely;
}

function filtersChanged() {
  applyFilters();
  const path = state.selection && state.selection.path;
  // A path leads over what is shown: it may be another one now.
  if (path) state.selection = { path: findPath(path.from, path.to) };
  refresh();
  if (state.view !== "network") showView();
  showPanel();
  showSummary();
  showScope();
}

function resetFilters() {
  clearFilters();
  showFilters();
  filtersChanged();
}
