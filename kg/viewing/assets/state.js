// The data of the page, the words of its interface, and what is shown of it.

const data = JSON.parse(document.getElementById("data").textContent);
const things = data.nodes;
// Evidence is told as its passage, its rule and the end of its identity.
const cited = (evidence) => evidence.map(([passage, rule, id]) => [passage, data.rules[rule], id]);
const facts = data.facts.map(([source, predicate, target, planned, evidence], index) => ({
  index, source, predicate, target, planned: Boolean(planned), evidence: cited(evidence),
}));
data.observations.forEach((seen, index) => Object.assign(seen, { index: index, evidence: cited(seen.evidence) }));
// Beyond what vis-network draws, a line is told as its width and its facts, and `places` say where things stand.
const drawnLines = data.network ? data.network.edges : data.lines.map(([width, ...told]) => ({ width, facts: told }));
const lines = drawnLines.map((edge, index) => ({
  id: index, facts: edge.facts, width: edge.width, from: facts[edge.facts[0]].source, to: facts[edge.facts[0]].target,
}));
const indexOf = new Map(things.map((thing, index) => [thing.iri, index]));
const factsOf = things.map(() => []);
const linesOf = things.map(() => []);
const numbersOf = things.map(() => []);
for (const fact of facts) {
  factsOf[fact.source].push(fact);
  if (fact.target !== fact.source) factsOf[fact.target].push(fact);
}
for (const line of lines) {
  linesOf[line.from].push(line);
  if (line.to !== line.from) linesOf[line.to].push(line);
}
for (const seen of data.observations) numbersOf[seen.of].push(seen);

const state = {
  language: data.language,
  selection: null, // {thing: index}, {line: id} or {path: {from, to, things: [index], lines: [id]}}
  hover: null, // the same
  cell: null, // what a cell of another view stands for: {title, facts: [index], numbers: [index]}
  view: "network",
  detail: "", // what is shown in the view, in the view's own words
  hiddenKinds: new Set(),
  clearedDocuments: new Set(), // those that the reader has cleared
  hiddenYears: new Set(),
  hiddenLevels: new Set(),
  hiddenPredicates: new Set(),
  hideLonely: false,
  showPlanned: true,
  around: [], // if any, only these things and those beside them are shown
  folded: new Set(), // things that those are folded into which have lines to them alone
  pathFrom: null, // where a path is to begin whose end the reader is about to point at
  // What follows from these (shown.js):
  hiddenDocuments: new Set(),
  foldedInto: new Map(),
  discsAround: null, // the discs that what is shown stands in, once they are asked for
  lineAdmitted: lines.map(() => true), // by the filters, whatever `around` and `folded` leave of it
  numberShown: data.observations.map(() => true),
  factShown: facts.map(() => true),
  thingShown: things.map(() => true),
  lineShown: lines.map(() => true),
};

function words(key, ...values) {
  const text = (data.interface[key] || {})[state.language] || key;
  // {0} is a value; {0|s} is what stands behind its noun unless it is one.
  return text.replace(/\{(\d)(?:\|([^}]*))?\}/g, (slot, place, plural) => {
    const value = String(values[Number(place)]);
    return plural === undefined ? value : value === "1" ? "" : plural;
  });
}
function number(value) {
  return Number(value).toLocaleString("en-US");
}
function knownKind(kind) {
  return Object.hasOwn(data.kinds, kind) ? kind : "*";
}
function kindLabel(kind) {
  return Object.hasOwn(data.kinds, kind) ? data.kinds[kind][state.language] : kind;
}
function attributeLabel(name) {
  return Object.hasOwn(data.attributes, name) ? data.attributes[name][state.language] : name;
}
function phrase(predicate, inverse) {
  if (!Object.hasOwn(data.predicates, predicate)) return predicate;
  return data.predicates[predicate][state.language + (inverse ? "_inverse" : "")];
}
function documentName(position) {
  const found = data.documents[position];
  if (!found) return "";
  // What is about no place (a law) goes by its title: many are of one year.
  if (!found.jurisdiction) return found.title || found.source || found.year;
  return [found.jurisdiction, found.year].filter(Boolean).join(" ");
}

function neighbours(index) {
  const found = new Set();
  for (const line of linesOf[index]) {
    if (state.lineShown[line.id]) found.add(line.from === index ? line.to : line.from);
  }
  return found;
}

// The lines that a selection is about.
function linesAbout(chosen) {
  if (!chosen) return [];
  if (chosen.path) return chosen.path.lines;
  return chosen.line !== undefined ? [chosen.line] : linesOf[chosen.thing].map((line) => line.id);
}
