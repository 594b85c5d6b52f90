// Showing less or more around a thing: it with those beside it alone, what is beside it too, or folded into it.

// The name of a thing in the picture tells how many are folded into it.
function pictureName(index) {
  const count = foldedCount(index);
  return things[index].label + (count ? " +" + count : "");
}
function foldedCount(index) {
  let count = 0;
  if (state.folded.has(index)) for (const hub of state.foldedInto.values()) if (hub === index) count += 1;
  return count;
}

// A disc without a thing in it would only be in the way of what is shown around one.
function isDiscShown(disc) {
  if (disc[0] >= 0 && state.hiddenDocuments.has(disc[0])) return false;
  if (!state.around.length) return true;
  if (!state.discsAround) {
    state.discsAround = new Set(things.map((thing, index) => state.thingShown[index] ? discAt(index) : null));
  }
  return state.discsAround.has(disc);
}

// What the filters admit beside a thing but the picture does not show.
function missingBeside(index) {
  const found = new Set();
  for (const line of linesOf[index]) {
    const other = line.from === index ? line.to : line.from;
    if (state.lineAdmitted[line.id] && !state.thingShown[other]) found.add(other);
  }
  return found;
}

// Change what is shown around things, and say how many things came or went.
function rescope(change) {
  const before = [...state.thingShown];
  change();
  scopeChanged();
  tellAddress();
  const came = things.filter((thing, index) => state.thingShown[index] && !before[index]).length;
  const went = things.filter((thing, index) => !state.thingShown[index] && before[index]).length;
  const told = [came ? words("came", came) : "", went ? words("went", went) : ""].filter(Boolean).join(" · ");
  document.getElementById("announcement").textContent = told;
}
function scopeChanged() {
  const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.act : null;
  filtersChanged();
  // The button that was used is made anew: whoever uses the keyboard stays where they were.
  const again = focused && document.querySelector("#panel [data-act=" + focused + "]");
  if (again) (again.disabled ? document.getElementById("panel") : again).focus({ preventScroll: true });
}

function showOnly(index) {
  rescope(() => {
    state.around = [index];
    state.folded.delete(index);
  });
  visit(index);
}
function expand(index) {
  rescope(() => {
    state.folded.delete(index);
    if (state.around.length && !state.around.includes(index)) state.around = [...state.around, index];
  });
}
function collapse(index) {
  rescope(() => state.folded.add(index));
}
// Bring a thing back that the scope leaves out, not the filters.
function reveal(index) {
  rescope(() => {
    state.folded.delete(state.foldedInto.get(index));
    if (state.around.length && !state.around.includes(index)) state.around = [...state.around, index];
  });
  visit(index);
}
function showEverything() {
  rescope(() => {
    state.around = [];
    state.folded.clear();
  });
}

function toolButton(act, text, enabled, click, hint) {
  return element("button", { type: "button", "data-act": act, disabled: !enabled, title: hint, click: click }, text);
}
// What can be done with a thing, in one row.
function thingTools(index) {
  const missing = missingBeside(index).size;
  const leaves = state.folded.has(index) ? 0 : leavesOf(index).length;
  const alone = state.around.length === 1 && state.around[0] === index && !missing;
  const counted = (text, count) => text + (count ? " " + count : "");
  return element("div", { class: "actions", role: "group", "aria-label": words("actions") },
    toolButton("only", words("only"), !alone, () => showOnly(index), words("only_hint")),
    toolButton("expand", counted(words("expand"), missing), missing > 0, () => expand(index), words("expand_hint")),
    toolButton("collapse", counted(words("collapse"), leaves), leaves > 0, () => collapse(index), words("collapse_hint")),
    toolButton("path", words("path_from"), true, () => beginPath(index), words("path_hint")));
}

// The strip above the picture: what is left out, why, and how it comes back.
function showScope() {
  const strip = document.getElementById("scope"), rows = [];
  const row = (text, back, click) => rows.push(element("p", {}, element("span", {}, text), " ",
    element("button", { type: "button", click: click }, back)));
  if (state.pathFrom !== null) row(words("path_picking", things[state.pathFrom].label), words("cancel"), endPath);
  if (state.around.length || state.folded.size) {
    const shown = number(state.thingShown.filter(Boolean).length), all = number(things.length);
    const what = state.around.length === 1 ? words("scope_one", things[state.around[0]].label)
      : state.around.length ? words("scope_many", state.around.length) : words("scope_folded", state.foldedInto.size);
    row(what + " " + words("scope_count", shown, all), words("show_everything"), showEverything);
  }
  if (activeFilters()) row(words("filters_active", activeFilters()), words("clear"), resetFilters);
  strip.replaceChildren(...rows);
  strip.hidden = rows.length === 0;
  document.body.toggleAttribute("data-scoped", rows.length > 0);
}

// What the address tells of it: "around" and the things, "path" and its ends; identities without their common beginning.
function scopeDetail() {
  const named = (index) => data.base && things[index].iri.startsWith(data.base)
    ? things[index].iri.slice(data.base.length) : things[index].iri;
  const path = state.selection && state.selection.path;
  return [...(state.around.length ? ["around", ...state.around.map(named)] : []),
    ...(path ? ["path", named(path.from), named(path.to)] : [])].join(" ");
}
function followScope(detail) {
  if (detail === scopeDetail()) return;
  const said = { around: [], path: [] };
  let part = null;
  for (const token of detail.split(" ")) {
    const index = indexOf.has(token) ? indexOf.get(token) : indexOf.get(data.base + token);
    if (token === "around" || token === "path") part = said[token];
    else if (part && index !== undefined) part.push(index);
  }
  state.around = said.around;
  state.folded.clear();
  applyFilters();
  const [from, to] = said.path;
  if (to !== undefined) select({ path: findPath(from, to) }, { move: true });
  else if (state.selection && state.selection.path) select(null, {});
  filtersChanged();
}
