// The panel: everything is built from elements and text nodes, so no text can become markup.

const SVG = "http://www.w3.org/2000/svg";
const OPEN_GROUP = 12; // A longer group of facts starts closed, so that the panel's first page tells all groups.

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "click") made.addEventListener("click", value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

const OUTLINES = {
  dot: null,
  square: [[2, 2], [14, 2], [14, 14], [2, 14]],
  diamond: [[8, 0.5], [15.5, 8], [8, 15.5], [0.5, 8]],
  triangle: [[8, 1], [15.5, 14.5], [0.5, 14.5]],
  triangleDown: [[8, 15], [15.5, 1.5], [0.5, 1.5]],
  hexagon: [[4, 1], [12, 1], [16, 8], [12, 15], [4, 15], [0, 8]],
  star: [[8, 0], [10, 5.6], [16, 5.8], [11.3, 9.5], [12.9, 15.2], [8, 12], [3.1, 15.2], [4.7, 9.5], [0, 5.8],
    [6, 5.6]],
};

function swatch(kind) {
  const look = data.kinds[knownKind(kind)];
  const image = document.createElementNS(SVG, "svg");
  image.setAttribute("viewBox", "0 0 16 16");
  image.setAttribute("class", "swatch");
  image.setAttribute("aria-hidden", "true");
  const outline = OUTLINES[look.shape];
  const shape = document.createElementNS(SVG, outline ? "polygon" : "circle");
  if (outline) shape.setAttribute("points", outline.map((point) => point.join(",")).join(" "));
  else for (const [name, value] of [["cx", 8], ["cy", 8], ["r", 7]]) shape.setAttribute(name, value);
  shape.setAttribute("fill", look.colour);
  image.append(shape);
  return image;
}

function thingButton(index, note) {
  const thing = things[index];
  return element("button", { type: "button", class: note ? "link row" : "link", "data-iri": thing.iri,
    click: () => pick({ thing: index }, { move: true, focus: true }) },
  swatch(thing.kind), element("span", {}, thing.label), note ? element("span", { class: "soft" }, note) : null);
}

function backButton() {
  return element("p", {}, element("button", { type: "button", class: "back", click: () => select(null, {}) },
    "‹ " + words("back")));
}

// A group that can be closed: what is in it is made when it is first opened, a page at a time.
const fillGroup = new WeakMap();
function group(title, count, make, open, note) {
  const made = element("details", {}, element("summary", {}, title + " (" + number(count) + ")",
    note ? element("span", { class: "soft" }, " · " + note) : null));
  fillGroup.set(made, () => {
    fillGroup.delete(made);
    made.append(...paged(make()));
  });
  made.addEventListener("toggle", () => made.open && openGroup(made));
  if (open) {
    openGroup(made);
    made.open = true;
  }
  return made;
}
function openGroup(made) {
  if (fillGroup.has(made)) fillGroup.get(made)();
}

// Of many items the first, and a button for more; items come as functions, so that only those shown are made.
const PAGE = 100;
function paged(makers) {
  const made = makers.slice(0, PAGE).map((make) => make());
  const rest = makers.slice(PAGE);
  if (rest.length) {
    const more = element("button", { type: "button", class: "more", click: () => {
      const next = paged(rest);
      more.replaceWith(...next);
      const target = next[0].querySelector("button");
      if (target) target.focus({ preventScroll: true });
    } }, words("more", Math.min(PAGE, rest.length), rest.length));
    made.push(more);
  }
  return made;
}

// How many documents say one of the facts: the weight of what they say.
function documentsTelling(members) {
  const told = new Set(members.flatMap((fact) => evidenceShown(fact).map(([passage]) => data.passages[passage][2])));
  return told.size ? words("in_documents", told.size) : "";
}

function factGroups(index) {
  const groups = new Map();
  for (const fact of factsOf[index]) {
    if (!state.factShown[fact.index]) continue;
    const key = phrase(fact.predicate, fact.source !== index);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(fact);
  }
  return [...groups].sort((one, other) => other[1].length - one[1].length)
    .map(([title, members]) => group(title, members.length, () => members.map((fact) => () => factItem(fact, index)),
      members.length <= OPEN_GROUP, documentsTelling(members)));
}

function thingPanel(index) {
  const thing = things[index];
  const parts = [backButton(), element("h2", {}, thing.label),
    element("p", { class: "kind soft" }, swatch(thing.kind), kindLabel(thing.kind))];
  parts.push(state.thingShown[index] ? thingTools(index) : whyHidden(index));
  if (thing.alt.length) {
    parts.push(element("h3", {}, words("also_called")), element("p", {}, thing.alt.join(" · ")));
  }
  if (thing.attributes.length) {
    const pairs = thing.attributes.flatMap(([name, value]) => [
      element("dt", {}, attributeLabel(name)), element("dd", {}, value)]);
    parts.push(element("h3", {}, words("attributes")), element("dl", {}, ...pairs));
  }
  const groups = factGroups(index);
  parts.push(element("h3", {}, words("facts")));
  parts.push(...(groups.length ? groups : [element("p", { class: "soft" }, words("no_facts"))]));
  const numbers = numbersOf[index].filter((seen) => state.numberShown[seen.index]);
  if (numbers.length) {
    parts.push(group(words("observations"), numbers.length, () => numbers.map((seen) => () => numberItem(seen)),
      numbers.length <= OPEN_GROUP));
  }
  if (thing.documents.length) {
    parts.push(element("h3", {}, words("mentioned_in")), element("ul", { class: "plain" },
      ...paged(thing.documents.map((position) => () => element("li", {}, hasText(position)
        ? element("button", { type: "button", class: "link", click: () => openText(position) }, documentTitle(position))
        : documentTitle(position))))));
  }
  parts.push(element("h3", {}, words("identifier")), element("p", { class: "identifier" }, thing.iri));
  return parts;
}

// A thing that is not in the picture says why, and how it comes back.
function whyHidden(index) {
  const scoped = (state.around.length > 0 || state.foldedInto.has(index)) && admittedThings()[index];
  if (scoped) {
    return element("p", {}, words("scoped_out") + " ",
      element("button", { type: "button", click: () => reveal(index) }, words("reveal")));
  }
  return element("p", {}, words("filtered_out") + " ",
    element("button", { type: "button", click: resetFilters }, words("show_all")));
}

// The title and the file of a document; a document without a title goes by its file.
function namesOf(position) {
  const found = data.documents[position];
  return [...new Set([found.title || documentName(position), found.source])].filter(Boolean);
}

function documentTitle(position) {
  const [title, source] = namesOf(position);
  return element("span", {}, title, " ", source ? element("span", { class: "soft" }, source) : null);
}

function linePanel(id) {
  const line = lines[id];
  const shown = line.facts.map((position) => facts[position]).filter((fact) => state.factShown[fact.index]);
  return [backButton(), element("h2", {}, things[line.from].label + " — " + things[line.to].label),
    element("h3", {}, words("facts_between")),
    ...paged(shown.map((fact) => () => factItem(fact, null)))];
}

// What a cell, bar or line of another view stands for.
function cellPanel(cell) {
  const said = cell.facts.map((position) => facts[position]).filter((fact) => state.factShown[fact.index]);
  return [backButton(), element("h2", {}, cell.title), ...paged([...said.map((fact) => () => factItem(fact, null)),
    ...cell.numbers.map((position) => () => numberItem(data.observations[position]))])];
}

// The documents that say something of what is drawn: around one thing, not all that name its neighbours do.
function toldDocuments() {
  const all = data.documents.map((found, position) => position);
  if (!data.centre) return all;
  const told = new Set(facts.flatMap((fact) => fact.evidence.map(([passage]) => data.passages[passage][2])));
  for (const seen of data.observations) for (const [passage] of seen.evidence) told.add(data.passages[passage][2]);
  return all.filter((position) => told.has(position));
}

function overviewPanel() {
  const counts = data.documents.map(() => ({ things: 0, facts: new Set() }));
  for (const thing of things) for (const position of thing.documents) counts[position].things += 1;
  for (const fact of facts) {
    for (const [passage] of fact.evidence) {
      const position = data.passages[passage][2];
      if (counts[position]) counts[position].facts.add(fact.index);
    }
  }
  const name = (one, other) => documentName(one).localeCompare(documentName(other), "zh-CN", { numeric: true }) || one - other;
  const size = (one, other) => counts[other].facts.size - counts[one].facts.size;
  const rows = toldDocuments().sort((one, other) => (data.centre && size(one, other)) || name(one, other))
    .map((position) => () => element("li", {}, element("button", {
      type: "button", class: "link row", title: namesOf(position).join("\n"),
      click: () => visitDocument(position) }, element("span", {}, documentName(position)),
    element("span", { class: "soft" },
      words("document_counts", counts[position].things, counts[position].facts.size)))));
  const discs = data.documents.length > 1 && data.discs.length > 1;
  const parts = [element("h2", {}, words("overview")),
    element("p", { class: "soft" }, (discs ? words("how_discs") + " " : "") + words("how"))];
  if (rows.length) parts.push(element("h3", {}, words("documents")), element("ul", { class: "plain" }, ...paged(rows)));
  const list = (title, indexes, note) => {
    if (!indexes.length) return;
    parts.push(element("h3", {}, words(title)), element("ul", { class: "plain" },
      ...indexes.map((index) => element("li", {}, thingButton(index, note(index))))));
  };
  const shown = things.map((thing, index) => index).filter((index) => state.thingShown[index])
    .sort((one, other) => things[one].rank - things[other].rank);
  const shared = shown.filter((index) => things[index].documents.length > 1)
    .sort((one, other) => things[other].documents.length - things[one].documents.length
      || things[one].rank - things[other].rank);
  list("shared", shared.slice(0, 12), (index) => words("in_documents", things[index].documents.length));
  const busy = [...shown].sort((one, other) => linesOf[other].length - linesOf[one].length
    || things[one].rank - things[other].rank);
  list("connected", busy.slice(0, 12), (index) => words("lines", linesOf[index].length));
  return parts;
}

function showPanel() {
  const panel = document.getElementById("panel");
  const chosen = state.selection;
  panel.replaceChildren(...(state.cell ? cellPanel(state.cell) : !chosen ? overviewPanel()
    : chosen.path ? pathPanel(chosen.path) : chosen.thing !== undefined ? thingPanel(chosen.thing) : linePanel(chosen.line)));
  panel.scrollTop = 0;
  // Said aloud by a screen reader: what is selected, not the whole panel.
  document.getElementById("announcement").textContent = !chosen && !state.cell ? "" : panel.querySelector("h2").textContent;
}
