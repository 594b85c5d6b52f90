// The reader: a document's whole text with what it names and the sentences that facts rest on, linked both ways.

const PARAGRAPH = 70; // characters shown before and behind a quoted sentence of its paragraph

// Offsets count code points; JavaScript counts halves of the rare characters beyond the basic plane.
const texts = data.texts.map(([text, marks]) => {
  const points = /[\ud800-\udfff]/.test(text) ? [...text] : null;
  const lines = [];
  let begin = 0;
  const add = (end, next) => {
    lines.push([begin, end]);
    begin = next;
  };
  const whole = points || text;
  for (let at = 0; at < whole.length; at += 1) {
    if (whole[at] === "\n") add(at, at + 1);
    else if (whole[at] === "\r") {
      const two = whole[at + 1] === "\n";
      add(at, at + (two ? 2 : 1));
      if (two) at += 1;
    }
  }
  add(whole.length, whole.length);
  return { lines: lines, marks: marks, length: whole.length,
    slice: (from, to) => points ? points.slice(from, to).join("") : text.slice(from, to) };
});

function hasText(position) {
  return position >= 0 && position < texts.length;
}

function hashOf(position) {
  return data.documents[position].iri.split("/").pop();
}

function openText(position, start, end) {
  openView("text", hashOf(position) + (end === undefined ? "" : "/" + start + "-" + end));
  document.getElementById("view").focus({ preventScroll: true });
}

// The line that holds an offset.
function lineAt(text, offset) {
  let low = 0, high = text.lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (text.lines[middle][0] <= offset) low = middle;
    else high = middle - 1;
  }
  return text.lines[low];
}

// A sentence's paragraph before and behind it, shortened.
function around(position, start, end) {
  if (!hasText(position)) return ["", ""];
  const text = texts[position], from = lineAt(text, start)[0], to = Math.max(end, lineAt(text, end)[1]);
  const before = text.slice(Math.max(from, start - PARAGRAPH), start).trimStart();
  const behind = text.slice(end, Math.min(to, end + PARAGRAPH)).trimEnd();
  return [(start - PARAGRAPH > from ? "…" : "") + before, behind + (end + PARAGRAPH < to ? "…" : "")];
}

// What a document's passages say: for each, the facts and numbers that rest on it.
const saidBy = new Map();
function passagesOf(position) {
  if (!saidBy.size) {
    const note = (list, kind, index) => {
      for (const [passage] of list) {
        if (!saidBy.has(passage)) saidBy.set(passage, { facts: new Set(), numbers: new Set() });
        saidBy.get(passage)[kind].add(index);
      }
    };
    facts.forEach((fact) => note(fact.evidence, "facts", fact.index));
    data.observations.forEach((seen, index) => note(seen.evidence, "numbers", index));
  }
  return [...saidBy].filter(([passage]) => data.passages[passage][2] === position)
    .map(([passage, said]) => ({ start: data.passages[passage][3], end: data.passages[passage][4], ...said }))
    .sort((one, other) => one.start - other.start || one.end - other.end);
}

// Of names within names the outermost; but a line that lists several of its own kind is marked by these.
function outermost(marks) {
  const all = [];
  for (let at = 0; at < marks.length; at += 3) all.push([marks[at], marks[at + 1], marks[at + 2]]);
  all.sort((one, other) => one[0] - other[0] || other[1] - one[1]);
  let end = 0;
  return all.filter((mark, at) => {
    if (mark[0] < end || isList(all, at)) return false;
    end = mark[1];
    return true;
  });
}

function isList(all, at) {
  const [, end, thing] = all[at];
  let within = 0, behind = all[at][0];
  for (let next = at + 1; next < all.length && all[next][0] < end; next += 1) {
    if (all[next][1] - all[next][0] === end - all[at][0] || all[next][0] < behind) continue;
    if (things[all[next][2]].kind !== things[thing].kind) continue;
    within += 1;
    behind = all[next][1];
  }
  return within > 1;
}

// The pieces of a text: cut wherever a line, a name or a passage begins or ends, in one pass.
function showText(position, from, to) {
  const text = texts[position], marks = outermost(text.marks), passages = passagesOf(position);
  const cuts = new Set([from, to]);
  for (const [start, end] of [...marks, ...passages.map((each) => [each.start, each.end])]) cuts.add(start).add(end);
  const ordered = [...cuts].filter((cut) => cut !== undefined).sort((one, other) => one - other);
  const endsAt = new Map();
  for (const passage of passages) {
    if (!endsAt.has(passage.end)) endsAt.set(passage.end, []);
    endsAt.get(passage.end).push(passage);
  }
  let mark = 0, cut = 0, next = 0, covered = 0; // `covered`: where the passages begun so far end
  return text.lines.map(([begin, end]) => {
    const parts = [];
    let at = begin;
    while (at < end) {
      while (cut < ordered.length && ordered[cut] <= at) cut += 1;
      const stop = Math.min(end, cut < ordered.length ? ordered[cut] : end);
      while (mark < marks.length && marks[mark][1] <= at) mark += 1;
      while (next < passages.length && passages[next].start <= at) covered = Math.max(covered, passages[next++].end);
      const named = mark < marks.length && marks[mark][0] <= at ? marks[mark][2] : -1;
      const classes = [at < covered ? "said" : "", from <= at && at < to ? "cited" : ""].filter(Boolean).join(" ");
      parts.push(piece(text.slice(at, stop), named, classes));
      at = stop;
      const told = endsAt.get(at);
      if (told) {
        endsAt.delete(at);
        parts.push(tellButton(position, told));
      }
    }
    return element("p", {}, ...parts);
  });
}

function piece(words_, named, classes) {
  if (named < 0) return classes ? element("span", { class: classes }, words_) : words_;
  return element("button", { type: "button", class: ("name " + classes).trim(), "data-thing": named,
    "data-kind": knownKind(things[named].kind), title: things[named].label + " · " + kindLabel(things[named].kind),
    click: () => pick({ thing: named }, { focus: false }) }, words_);
}

function tellButton(position, passages) {
  const factIndexes = [...new Set(passages.flatMap((each) => [...each.facts]))];
  const numbers = [...new Set(passages.flatMap((each) => [...each.numbers]))];
  const count = factIndexes.length + numbers.length;
  return element("button", { type: "button", class: "tells", "aria-label": words("tells", count), title: words("tells", count),
    click: () => selectCell(words("said_here"), factIndexes, numbers) }, String(count));
}

function showReader(holder, detail) {
  const [hash, place_] = (detail || "").split("/");
  const found = /^(\d+)-(\d+)$/.exec(place_ || "");
  const order = data.documents.map((each, position) => position).sort((one, other) =>
    documentName(one).localeCompare(documentName(other), "zh-CN") || one - other);
  const position = hash ? data.documents.findIndex((each, at) => hasText(at) && hashOf(at) === hash)
    : data.documents.length === 1 ? 0 : -1;
  const choice = element("select", { id: "document-choice", "aria-label": words("choose_document") },
    element("option", { value: "" }, words("choose_document")), ...order.map((each) => {
      const option = element("option", { value: hashOf(each) }, [documentName(each), data.documents[each].title]
        .filter(Boolean).filter((part, at, all) => all.indexOf(part) === at).join(" · "));
      option.selected = each === position;
      return option;
    }));
  choice.addEventListener("change", () => openView("text", choice.value));
  const steps = element("span", { id: "steps" });
  holder.append(element("div", { class: "reader-bar" }, choice, steps));
  if (position < 0) {
    holder.append(element("p", { class: "soft" }, words("reader_how")), element("ul", { class: "plain" },
      ...order.filter(hasText).map((each) => element("li", {}, element("button", { type: "button", class: "link",
        click: () => openText(each) }, documentName(each), " ", element("span", { class: "soft" },
        data.documents[each].title === documentName(each) ? "" : data.documents[each].title))))));
    return;
  }
  const about = data.documents[position];
  const [title, source] = namesOf(position);
  holder.append(element("h2", {}, title), element("p", { class: "soft" },
    [about.jurisdiction, about.year, about.issued, source].filter(Boolean).join(" · ")),
  element("p", { class: "soft" }, words("reader_how")));
  const from = found ? Number(found[1]) : -1, to = found ? Number(found[2]) : -1;
  const shown = element("article", { lang: "zh-CN", class: "text" }, ...showText(position, from, to));
  holder.append(shown);
  markChosen();
  const cited = shown.querySelector(".cited") || (state.selection && shown.querySelector(".chosen"));
  if (cited) cited.scrollIntoView({ block: "center" });
}

// Show where the selected thing is named, and lead from one place to the next.
function markChosen() {
  const article = document.querySelector("#view article.text"), steps = document.getElementById("steps");
  if (!article || !steps) return;
  const chosen = state.selection ? state.selection.thing : undefined;
  for (const each of article.querySelectorAll(".chosen")) each.classList.remove("chosen");
  const places = chosen === undefined ? [] : [...article.querySelectorAll('[data-thing="' + chosen + '"]')];
  for (const each of places) each.classList.add("chosen");
  let at = -1;
  const go = (by) => () => {
    at = (at + by + places.length) % places.length;
    places[at].scrollIntoView({ block: "center" });
    places[at].focus({ preventScroll: true });
  };
  steps.replaceChildren(...(chosen === undefined ? [] : places.length === 0 ? [words("named_nowhere", things[chosen].label)] : [
    words("named_here", things[chosen].label, places.length) + " ",
    element("button", { type: "button", "data-step": "back", "aria-label": words("previous_name"), click: go(at < 0 ? 0 : -1) }, "↑"),
    element("button", { type: "button", "data-step": "on", "aria-label": words("next_name"), click: go(1) }, "↓")]));
}

addView("text", { title: "view_text", available: () => texts.length > 0, show: showReader, select: markChosen });
