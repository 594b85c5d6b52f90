// What the pictures besides the network share: whose place a body is of, choices, lists that grow, walks by keys.

const FIRST_ROWS = 50; // of anything that may be thousands; the rest comes by a button

// A body's place is the one that it serves, or that the body serves which it is a part of.
const servedBy = new Map(), wholeOf = new Map(), placeAbove = new Map();
for (const fact of facts) {
  if (fact.predicate === "serves" && !servedBy.has(fact.source)) servedBy.set(fact.source, fact.target);
  if (fact.predicate === "partOf" && !wholeOf.has(fact.source)) wholeOf.set(fact.source, fact.target);
  if (fact.predicate === "within" && !placeAbove.has(fact.source)) placeAbove.set(fact.source, fact.target);
}

function placeOf(index) {
  if (things[index].kind === "Jurisdiction") return index;
  const seen = new Set();
  for (let body = index; body !== undefined && !seen.has(body); body = wholeOf.get(body)) {
    if (servedBy.has(body)) return servedBy.get(body);
    seen.add(body);
  }
  return undefined;
}

function attributeOf(index, name) {
  const found = things[index].attributes.find(([known]) => known === name);
  return found ? found[1] : "";
}

// The province that a place lies in, told by its code; without one the highest place above it.
function provinceOf(place) {
  const seen = new Set();
  let at = place;
  while (!seen.has(at)) {
    seen.add(at);
    if (/0000$/.test(attributeOf(at, "code")) || !placeAbove.has(at)) return at;
    at = placeAbove.get(at);
  }
  return place;
}

// A concept's name in the reader's language: the graph tells it in Chinese, the ontology in English.
function conceptLabel(value) {
  return state.language !== "zh" && Object.hasOwn(data.concepts, value) ? data.concepts[value] : value;
}

function roleOf(predicate) {
  return Object.hasOwn(data.roles, predicate) ? data.roles[predicate] : { deed: "", resting: "" };
}

function documentsSaying(evidence) {
  return [...new Set(evidence.map(([passage]) => data.passages[passage][2]))]
    .filter((position) => data.documents[position] && !state.hiddenDocuments.has(position));
}

function yearsSaying(evidence) {
  return [...new Set(documentsSaying(evidence).map((position) => data.documents[position].year))].filter(Boolean).sort();
}

// Sentences of facts, each once, without those of documents that are filtered out.
function sentencesOf(indexes) {
  return new Set(indexes.flatMap((index) => facts[index].evidence.map(([passage]) => passage))
    .filter((passage) => !state.hiddenDocuments.has(data.passages[passage][2]))).size;
}

function yearSpan(years) {
  return years.length > 1 ? years[0] + "–" + years[years.length - 1] : years[0] || "";
}

function viewHead(title, lead, ...controls) {
  return element("div", { class: "view-head" }, element("h2", {}, title),
    lead ? element("p", { class: "lead" }, lead) : null,
    controls.length ? element("div", { class: "controls" }, ...controls) : null);
}

// What a colour stands for, beside its name.
function sample(name, text) {
  return element("span", {}, element("span", { class: "sample " + name, "aria-hidden": "true" }), text);
}

function emptyNote(reason) {
  const filtered = state.factShown.includes(false) || state.thingShown.includes(false);
  return element("p", { class: "empty" }, reason, filtered ? " " + words("maybe_filtered") + " " : "",
    filtered ? element("button", { type: "button", click: resetFilters }, words("show_all")) : null);
}

function chooser(label, options, chosen, change) {
  const list = element("select", {}, ...options.map(([value, text]) =>
    element("option", { value: value, selected: value === chosen }, text)));
  list.addEventListener("change", () => {
    const at = [...document.querySelectorAll("#view select")].indexOf(list);
    change(list.value);
    // The view may have been drawn anew: one goes on where one was.
    const same = list.isConnected ? list : document.querySelectorAll("#view select")[at];
    if (same) same.focus();
  });
  return element("label", { class: "choice" }, element("span", {}, label), list);
}

function filterBox(label, change) {
  const box = element("input", { type: "search", class: "row-filter", autocomplete: "off", "aria-label": label,
    placeholder: label });
  box.addEventListener("input", () => change(plain(box.value)));
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !box.value) return;
    event.stopPropagation(); // the first Escape empties the box, the next one clears the selection
    box.value = "";
    change("");
  });
  return box;
}

// By any of its names, as written or in pinyin, as the search box finds it.
let looked = { wanted: "", found: new Set() };
function fits(index, wanted) {
  if (!wanted) return true;
  if (looked.wanted !== wanted) looked = { wanted: wanted, found: new Set(search(wanted).map((hit) => hit.index)) };
  return looked.found.has(index);
}

// A button that shows the rows left out so far, some at a time.
function moreButton(left, more) {
  return element("button", { type: "button", class: "more", click: more }, words("more_rows", number(left)));
}

// A cell, bar or branch: its words in the panel; Escape leads back to where one was.
let lastOpened = null;
function openCell(button, title, factIndexes, numberIndexes) {
  lastOpened = button;
  for (const each of document.querySelectorAll("#view .chosen")) each.classList.remove("chosen");
  button.classList.add("chosen");
  selectCell(title, factIndexes, numberIndexes);
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && state.cell && lastOpened && lastOpened.isConnected) lastOpened.focus();
});

// The cells of a table are one stop of the tabulator; arrow keys lead from cell to cell.
function walkable(table) {
  const [first] = table.querySelectorAll("button.cell");
  if (first) first.tabIndex = 0;
  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("button.cell");
    const next = cell && beside(cell, event.key);
    if (!next) return;
    event.preventDefault();
    cell.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
  table.addEventListener("focusin", (event) => {
    const cell = event.target.closest("button.cell");
    if (!cell) return;
    for (const each of table.querySelectorAll('button.cell[tabindex="0"]')) each.tabIndex = -1;
    cell.tabIndex = 0;
  });
}

function beside(cell, key) {
  const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[key];
  if (!step) return null;
  const row = cell.closest("tr"), table = cell.closest("table");
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const cells = [...row.querySelectorAll("button.cell")];
    return cells[cells.indexOf(cell) + step];
  }
  const rows = [...table.rows], column = cell.closest("td").cellIndex;
  for (let at = rows.indexOf(row) + step; rows[at]; at += step) {
    const other = table.classList.contains("free") ? rows[at].querySelector("button.cell")
      : rows[at].cells[column] && rows[at].cells[column].querySelector("button.cell");
    if (other) return other;
  }
  return null;
}

// A list to choose from, beside what is chosen; on a phone it folds.
function picker(label, entries, chosen, choose) {
  const list = element("ul", { class: "plain" }), wide = window.innerWidth > 820;
  const current = entries.find((entry) => entry.key === chosen);
  let wanted = "", shown = FIRST_ROWS;
  const fill = () => {
    const found = entries.filter((entry) => !wanted || plain(entry.label).includes(wanted) || (entry.fits && entry.fits(wanted)));
    list.replaceChildren(...found.slice(0, shown).map((entry) => element("li", {}, element("button", {
      type: "button", class: "link row", "aria-current": entry.key === chosen ? "true" : null, "data-choice": entry.key,
      click: () => choose(entry.key) }, element("span", {}, entry.label), element("span", { class: "soft" }, entry.note)))),
    ...(found.length > shown ? [element("li", {}, moreButton(found.length - shown, () => {
      shown += 4 * FIRST_ROWS;
      fill();
    }))] : []), ...(found.length ? [] : [element("li", { class: "soft" }, words("nothing_fits"))]));
  };
  fill();
  return element("details", { class: "picker", open: wide },
    element("summary", {}, label + (current && !wide ? ": " + current.label : "")),
    filterBox(words("filter_list"), (text) => {
      wanted = text;
      shown = FIRST_ROWS;
      fill();
    }), list);
}

// A tree of nodes {content: [elements], children: () => [nodes] or null, open}; branches are made when opened.
function treeList(nodes, label) {
  const list = element("ul", { class: "tree", "aria-label": label || null });
  let shown = 0;
  const add = () => {
    const next = nodes.slice(shown, shown + FIRST_ROWS);
    shown += next.length;
    list.append(...next.map(treeItem));
    if (shown < nodes.length) {
      const more = element("li", {}, moreButton(nodes.length - shown, () => {
        more.remove();
        const [first] = nodes.slice(shown);
        add();
        if (first) list.children[shown - Math.min(FIRST_ROWS, shown)].querySelector("button").focus();
      }));
      list.append(more);
    }
  };
  add();
  return list;
}

function treeItem(node) {
  const item = element("li", { class: node.class || null });
  const row = element("div", { class: "branch" });
  item.append(row);
  if (!node.children) {
    row.append(element("span", { class: "toggle" }), ...node.content);
    return item;
  }
  const toggle = element("button", { type: "button", class: "toggle", "aria-expanded": "false", "aria-label": node.label });
  const set = (open) => {
    toggle.setAttribute("aria-expanded", String(open));
    const [inner] = item.querySelectorAll(":scope > ul");
    if (open && !inner) item.append(treeList(node.children()));
    else if (inner) inner.hidden = !open;
  };
  toggle.addEventListener("click", () => set(toggle.getAttribute("aria-expanded") !== "true"));
  item.setOpen = set;
  row.append(toggle, ...node.content);
  if (node.open) set(true);
  return item;
}

// Up and down lead from row to row of a tree, right and left open and close.
function walkTree(tree) {
  tree.addEventListener("keydown", (event) => {
    const item = event.target.closest("li");
    if (!item || !["ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft"].includes(event.key)) return;
    event.preventDefault();
    const toggle = item.querySelector(":scope > .branch > button.toggle");
    const open = toggle && toggle.getAttribute("aria-expanded") === "true";
    if (event.key === "ArrowRight" && toggle && !open) return item.setOpen(true);
    if (event.key === "ArrowLeft" && open) return item.setOpen(false);
    const above = item.parentElement.closest("li");
    const rows = [...tree.querySelectorAll("li")].filter((each) => !each.closest("[hidden]"));
    const target = event.key === "ArrowLeft" ? above : rows[rows.indexOf(item) + (event.key === "ArrowUp" ? -1 : 1)];
    const stop = target && target.querySelector("button");
    if (stop) stop.focus();
    return undefined;
  });
}
