// What is selected, or all that is shown, saved as a file: a table, the graph's own triples, a picture.

// The things, facts and numbers to be saved, and what they are called.
function toSave() {
  const chosen = state.selection;
  const shown = (found) => found.filter((fact) => state.factShown[fact.index]);
  const made = (title, things_, facts_, numbers) => ({ title: title, facts: facts_, numbers: numbers,
    things: [...new Set([...things_, ...facts_.flatMap((fact) => [fact.source, fact.target]), ...numbers.map((seen) => seen.of)])] });
  if (state.cell) {
    return made(state.cell.title, [], shown(state.cell.facts.map((at) => facts[at])), state.cell.numbers.map((at) => data.observations[at]));
  }
  if (!chosen) {
    return made("", things.map((thing, index) => index).filter((index) => state.thingShown[index]), shown(facts),
      data.observations.filter((seen) => state.numberShown[seen.index]));
  }
  if (chosen.thing !== undefined) {
    return made(things[chosen.thing].label, [chosen.thing], shown(factsOf[chosen.thing]),
      numbersOf[chosen.thing].filter((seen) => state.numberShown[seen.index]));
  }
  const own = shown(linesAbout(chosen).flatMap((id) => lines[id].facts.map((at) => facts[at])));
  const ends = chosen.path ? [chosen.path.from, chosen.path.to] : [lines[chosen.line].from, lines[chosen.line].to];
  return made(ends.map((index) => things[index].label).join(" → "), ends, own, []);
}

// Turtle. Terms are written as the build writes them, so that the same statement is the same triple.
const NOT_IRI = /[^A-Za-z0-9\-._~:/?#@!$&'()*+,;=%\u00a0-\u1fff\u2010-\u2027\u2030-\u205f\u2070-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\u{10000}-\u{1fffd}\u{20000}-\u{2fffd}\u{30000}-\u{3fffd}]/gu;
function iriTerm(iri) {
  const bytes = (text) => [...new TextEncoder().encode(text)].map((byte) => "%" + byte.toString(16).toUpperCase().padStart(2, "0"));
  return "<" + iri.replace(NOT_IRI, (each) => bytes(each).join("")).replace(/%(?![0-9A-Fa-f]{2})/g, "%25") + ">";
}
function textTerm(value, suffix) {
  const short = { "\"": "\\\"", "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  const text = value.replace(/["\\\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g,
    (each) => short[each] || "\\u" + each.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0"));
  return "\"" + text + "\"" + (suffix || "");
}
const typedTerm = (value, type) => textTerm(String(value), "^^xsd:" + type);
const govTerm = (name) => /^[A-Za-z]\w*$/.test(name) ? "gov:" + name : iriTerm(data.prefixes.gov + name);

// A period is a year, a month, a day, or an interval, which has no type of its own.
const PERIODS = [[/^\d{4}$/, "gYear"], [/^\d{4}-\d{2}$/, "gYearMonth"], [/^\d{4}-\d{2}-\d{2}$/, "date"]];
function periodTerm(period) {
  const known = PERIODS.find(([form]) => form.test(period));
  return known ? typedTerm(period, known[1]) : textTerm(period);
}

const reportOf = (passage) => data.documents[data.passages[passage][2]];
const reportKey = (passage) => reportOf(passage).iri.slice(reportOf(passage).iri.lastIndexOf("/") + 1);

function toTurtle(chosen) {
  const subjects = new Map();
  const say = (subject, predicate, object) => {
    if (!subjects.has(subject)) subjects.set(subject, new Set());
    subjects.get(subject).add(predicate + " " + object);
  };
  const passageTerm = (passage) => {
    const [quote, section, , start, end] = data.passages[passage];
    const term = iriTerm(data.base + "passage/" + reportKey(passage) + "/" + start + "-" + end);
    say(term, "a", "gov:Passage");
    say(term, "gov:source", iriTerm(reportOf(passage).iri));
    say(term, "gov:quote", textTerm(quote));
    if (section) say(term, "gov:section", textTerm(section));
    say(term, "gov:start", typedTerm(start, "integer"));
    say(term, "gov:end", typedTerm(end, "integer"));
    sayReport(reportOf(passage), say);
    return term;
  };
  for (const index of chosen.things) {
    const thing = things[index], term = iriTerm(thing.iri);
    if (thing.kind) say(term, "a", govTerm(thing.kind));
    if (thing.label !== thing.iri) say(term, "skos:prefLabel", textTerm(thing.label, "@zh"));
    for (const other of thing.alt) say(term, "skos:altLabel", textTerm(other, "@zh"));
  }
  for (const fact of chosen.facts) {
    const [subject, object] = [fact.source, fact.target].map((index) => iriTerm(things[index].iri)), predicate = govTerm(fact.predicate);
    if (!fact.planned) say(subject, predicate, object);
    for (const [passage, rule, id] of evidenceShown(fact)) {
      const term = iriTerm(data.base + "evidence/" + reportKey(passage) + "/" + id);
      for (const [name, value] of [["a", "gov:Evidence"], ["rdf:subject", subject], ["rdf:predicate", predicate], ["rdf:object", object],
        ["gov:passage", passageTerm(passage)], ["gov:rule", textTerm(rule)]]) say(term, name, value);
      if (fact.planned) say(term, "gov:planned", typedTerm(true, "boolean"));
    }
  }
  for (const seen of chosen.numbers) sayNumber(seen, say, passageTerm);
  const blocks = [...subjects].sort((one, other) => one[0] < other[0] ? -1 : 1).map(([subject, said]) =>
    subject + " " + [...said].sort().join(" ;\n    ") + " .\n");
  return Object.entries(data.prefixes).map(([name, iri]) => "@prefix " + name + ": <" + iri + "> .\n").join("") + "\n" + blocks.join("\n");
}

function sayReport(report, say) {
  const term = iriTerm(report.iri);
  say(term, "a", "gov:Report");
  if (report.title) say(term, "dcterms:title", textTerm(report.title, "@zh"));
  if (report.source) say(term, "gov:sourceFile", textTerm(report.source));
  if (report.year) say(term, "gov:reportingYear", typedTerm(report.year, "gYear"));
}

function sayNumber(seen, say, passageTerm) {
  const term = iriTerm(seen.iri);
  say(term, "a", "gov:Observation");
  say(term, "gov:observedFor", iriTerm(things[seen.of].iri));
  say(term, "gov:value", typedTerm(seen.value, "decimal"));
  for (const [name, label] of [["indicator", seen.indicator], ["unit", seen.unit]]) {
    const end = (seen.concepts || {})[name] || label;
    if (label) say(term, "gov:" + name, iriTerm(end.includes("://") ? end : data.base + "concept/" + name + "/" + end));
  }
  for (const name of ["approximate", "planned"]) if (seen[name]) say(term, "gov:" + name, typedTerm(true, "boolean"));
  if (seen.bound) say(term, "gov:bound", textTerm(seen.bound));
  if (seen.period) say(term, "gov:period", periodTerm(seen.period));
  for (const [passage, rule] of evidenceShown(seen)) {
    say(term, "gov:passage", passageTerm(passage));
    say(term, "gov:rule", textTerm(rule));
    say(term, "qb:dataSet", iriTerm(data.base + "dataset/" + reportKey(passage)));
  }
}

// CSV: a row for each fact and sentence, as in kg export's facts.csv, then for each number and sentence.
const COLUMNS = ["subject", "predicate", "object", "value", "unit", "period", "planned", "quote", "source", "section", "start", "end",
  "rule", "year", "subject_kind", "object_kind", "subject_iri", "object_iri", "document_iri"];
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
const NUMERAL = /^-?\d+(\.\d+)?$/;
function toCsv(chosen) {
  // A cell that a spreadsheet would take for a formula is marked as text.
  const cell = (value) => {
    const text = value === undefined || value === null ? "" : String(value);
    const safe = FORMULA.test(text) && !NUMERAL.test(text) ? "'" + text : text;
    return /["\r\n,]/.test(safe) ? "\"" + safe.replace(/"/g, "\"\"") + "\"" : safe;
  };
  const why = (evidence, told) => (evidence.length ? evidence : [[null, ""]]).map(([at, rule]) => {
    const [quote, section, , start, end] = at === null ? [] : data.passages[at], origin = at === null ? {} : reportOf(at);
    return { ...told, quote, section, start, end, rule, source: origin.source, year: origin.year, document_iri: origin.iri };
  });
  const rows = chosen.facts.flatMap((fact) => {
    const source = things[fact.source], target = things[fact.target];
    return why(evidenceShown(fact), { subject: source.label, predicate: fact.predicate, object: target.label, planned: String(fact.planned),
      subject_kind: source.kind, object_kind: target.kind, subject_iri: source.iri, object_iri: target.iri });
  });
  rows.push(...chosen.numbers.flatMap((seen) => why(evidenceShown(seen), { subject: things[seen.of].label, predicate: seen.indicator,
    value: seen.value, unit: seen.unit, period: seen.period, planned: String(seen.planned), subject_kind: things[seen.of].kind,
    subject_iri: things[seen.of].iri, object_iri: seen.iri })));
  // The mark at the beginning makes spreadsheets take the file for UTF-8.
  return "\ufeff" + [COLUMNS, ...rows.map((row) => COLUMNS.map((column) => row[column]))]
    .map((cells) => cells.map(cell).join(",") + "\r\n").join("");
}

function download(blob, title, ending) {
  const name = (title || document.title).normalize("NFKC").replace(/[^\p{L}\p{N}]+/gu, "_").replace(/^_+|_+$/g, "");
  const link = element("a", { href: URL.createObjectURL(blob), download: ([...name].slice(0, 60).join("") || "graph") + "." + ending });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000); // long after the browser has taken it
}

const FORMS_SAVED = {
  csv: () => download(new Blob([toCsv(toSave())], { type: "text/csv" }), toSave().title, "csv"),
  ttl: () => download(new Blob([toTurtle(toSave())], { type: "text/turtle" }), toSave().title, "ttl"),
  png: () => drawPng((blob) => download(blob, "", "png")),
  svg: () => download(new Blob([drawSvg()], { type: "image/svg+xml" }), "", "svg"),
};

// The menu tells what would be saved.
function showSaving() {
  const menu = document.getElementById("save");
  if (!menu.open) return;
  const chosen = toSave();
  const button = (form, text) => element("button", { type: "button", "data-save": form, click: () => {
    FORMS_SAVED[form]();
    menu.open = false;
    menu.querySelector("summary").focus();
  } }, text);
  const counts = [number(chosen.facts.length), number(chosen.numbers.length)];
  menu.querySelector("div").replaceChildren(
    element("p", {}, chosen.title ? words("save_thing", chosen.title, ...counts) : words("save_all", ...counts)),
    button("csv", words("save_csv")), button("ttl", words("save_turtle")),
    ...(state.view === "network" ? [element("p", {}, words("save_picture")), button("png", words("save_png")), button("svg", words("save_svg"))] : []));
}
