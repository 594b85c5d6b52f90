// The first page of an output folder: its numbers, then a section for each thing that is told.

// Contradictions are no table: what cannot both hold is read side by side.
function against(block) {
  const cards = block.rows.map(([document_, what, ...sides]) => {
    const quotes = sides.map((side) => {
      const at = side.said[0];
      return make("div", "", marked(data.passages[at][0], side.words), where(at));
    });
    return make("div", "against", make("h3", "", told(document_)), make("p", "what", told(what)), make("div", "sides", ...quotes));
  });
  return make("section", "", ...head(block), ...cards);
}

// The documents: a title leads to its thing in the picture, a file to the text. The field above leaves the rows with
// all the words typed into it; while it is empty the table folds as others do.
const FILE = 7;
function documents(block) {
  const section = forms.table(block);
  const rows = [...section.querySelectorAll("tbody tr")];
  if (data.picture) {
    rows.forEach((row, at) => {
      const link = make("a", "", row.cells[FILE].textContent);
      link.href = `${data.picture}#!text/${encodeURIComponent(block.rows[at][0].link.split("/").pop())}`;
      row.cells[FILE].replaceChildren(link);
    });
  }
  if (rows.length <= ROWS) return section;
  const unfold = section.querySelector(".more");
  const field = make("input", "filter");
  field.type = "search";
  field.placeholder = say(data.words["ovr-filter"]);
  field.setAttribute("aria-label", field.placeholder);
  const found = make("span", "note");
  found.setAttribute("role", "status");
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, number) => {
      const text = [...row.cells].map((cell) => cell.textContent).join(" ").toLowerCase();
      row.hidden = words.length ? !words.every((one) => text.includes(one)) : number >= ROWS;
      shown += row.hidden ? 0 : 1;
    });
    unfold.hidden = words.length > 0;
    unfold.textContent = word("rows", rows.length);
    found.textContent = words.length ? ` ${shown} / ${rows.length}` : "";
  });
  section.insertBefore(make("div", "", field, found), section.querySelector(".scroll"));
  return section;
}

function files(block) {
  const section = forms.table(block);
  // Served over a network they stand elsewhere; from a folder they are beside this page.
  if (location.protocol !== "file:") return section;
  for (const cell of section.querySelectorAll("tbody th")) {
    const name = cell.textContent;
    if (!data.files.includes(name)) continue;
    const link = make("a", "", name);
    link.href = name;
    cell.replaceChildren(link);
  }
  return section;
}

function counts(sections) {
  const tiles = data.counts.map(([key, count, text, to]) => {
    const inside = [make("b", "", count.toLocaleString("en-US")), make("span", "", say(text))];
    const target = count > 0 && sections.has(to);
    const tile = make(target ? "a" : "span", "", ...inside);
    if (target) tile.href = `#${to}`;
    return make("li", count > 0 && ["unsure", "conflicts", "skipped"].includes(key) ? "open" : "", tile);
  });
  return make("ul", "counts", ...tiles);
}

function ways() {
  const parts = [make("p", "", say(data.hint))];
  if (data.picture) {
    const link = make("a", "primary", say(data.words["ovr-open"]));
    link.href = data.picture;
    parts.unshift(link);
  }
  return make("div", "ways", ...parts);
}

const special = { conflicts: against, documents, files };
function drawn(block) {
  const section = (special[block.key] || forms[block.form])(block);
  section.id = block.key;
  return section;
}

// Short tables stand beside each other where there is room.
const PAIRS = [["connected", "measures"], ["kinds", "relations"]];
function paired(groups) {
  const sections = new Map(groups.map(([key, , section]) => [key, section]));
  for (const [one, other] of PAIRS) {
    if (!sections.has(one) || !sections.has(other)) continue;
    sections.set(one, make("div", "pair", sections.get(one), sections.get(other)));
    sections.delete(other);
  }
  return [...sections.values()];
}

function draw() {
  begin();
  const groups = [];
  const several = make("div", "several");
  for (const block of data.blocks) {
    if (!block.key.startsWith("shared-")) {
      groups.push([block.key, say(block.title), drawn(block)]);
      continue;
    }
    const section = drawn(block);
    section.querySelector("h2").replaceWith(make("h3", "", say(block.title)));
    if (!several.children.length) {
      const name = say(data.words["ovr-shared"]);
      const whole = make("section", "", make("h2", "", name), make("p", "note", say(data.words["ovr-shared-note"])), several);
      whole.id = "shared";
      groups.push(["shared", name, whole]);
    }
    several.append(section);
  }
  const links = groups.map(([key, name]) => {
    const link = make("a", "", name);
    link.href = `#${key}`;
    return link;
  });
  const contents = make("nav", "", make("b", "", say(data.words["ovr-jump"])), ...links);
  contents.setAttribute("aria-label", say(data.words["ovr-jump"]));
  const notes = make("ul", "note", ...data.notes.map((note) => make("li", "", say(note))));
  document.getElementById("story").replaceChildren(
    make("p", "lead", say(data.sentences[0].text)), counts(new Set(groups.map(([key]) => key))), ways(), contents,
    ...paired(groups),
    make("section", "", make("h2", "", word("notes")), notes),
  );
  // At first the panel shows the sentences behind one number, so that one sees what it is for.
  const first = document.querySelector("#shared button.told");
  if (!opened && first) {
    first.click();
    panel.blur();
    panel.classList.remove("open");
  }
  fillPanel();
}
document.getElementById("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  draw();
});
draw();
// What the address points at has only been made now.
if (location.hash.length > 1) {
  const place = document.getElementById(location.hash.slice(1));
  if (place) place.scrollIntoView();
}
document.documentElement.dataset.ready = "true";
