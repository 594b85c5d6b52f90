// Facts and numbers with the sentences that say so.

// A quote with the names it is quoted for marked in it; the longest name wins where several begin.
function marked(quote, names) {
  const wanted = [...new Set(names)].filter(Boolean).sort((one, other) => other.length - one.length);
  const parts = [];
  let plainFrom = 0, at = 0;
  while (at < quote.length) {
    const name = wanted.find((each) => quote.startsWith(each, at));
    if (!name) {
      at += 1;
      continue;
    }
    parts.push(quote.slice(plainFrom, at), element("mark", {}, name));
    at += name.length;
    plainFrom = at;
  }
  return [...parts, quote.slice(plainFrom)];
}

// A sentence in its paragraph, and where it stands; the document can be read from there.
function evidenceItem([passage, rule], names) {
  const [quote, section, position, start, end] = data.passages[passage];
  const origin = data.documents[position];
  const where = [];
  if (section) where.push(words("section") + " " + section.split("/").join(" › "));
  if (origin) where.push(...namesOf(position));
  if (origin && origin.issued) where.push(words("issued", origin.issued));
  where.push(words("characters", start, end));
  const [before, behind] = around(position, start, end);
  const beside = (text) => text && element("span", { class: "beside" }, text);
  return element("div", { class: "evidence" }, element("blockquote", {}, beside(before),
    element("span", { class: "quote" }, ...marked(quote, names)), beside(behind)),
  element("p", { class: "where", title: words("rule") + ": " + rule }, where.join(" · "), hasText(position) ? " " : "",
    hasText(position) ? element("button", { type: "button", class: "link read", click: () => openText(position, start, end) },
      words("read_there")) : null));
}

function evidenceList(evidence, names) {
  if (evidence.length === 0) return [element("p", { class: "where" }, words("from_reference"))];
  return evidence.map((each) => evidenceItem(each, names));
}

function plannedBadge(planned) {
  return planned ? element("span", { class: "badge" }, words("planned")) : null;
}

function factItem(fact, here) {
  const end = (index) => index === here ? element("b", {}, things[index].label) : thingButton(index);
  return element("div", { class: "fact" }, element("div", { class: "statement" },
    end(fact.source), element("span", { class: "phrase" }, phrase(fact.predicate, false)), end(fact.target),
    plannedBadge(fact.planned)), ...evidenceList(evidenceShown(fact), [fact.source, fact.target].flatMap(
    (index) => [things[index].label, ...things[index].alt])));
}

function numberItem(seen) {
  const bound = seen.bound ? words("bound_" + seen.bound) + " " : "";
  const value = bound + (seen.approximate && !seen.bound ? words("approximate") + " " : "") + grouped(seen.value);
  const unit = seen.unit ? (seen.unit === "%" ? "%" : " " + seen.unit) : "";
  return element("div", { class: "fact" }, element("div", { class: "statement" }, seen.indicator + " ",
    element("span", { class: "value" }, value + unit), seen.period ? " (" + seen.period + ")" : "",
    plannedBadge(seen.planned)), ...evidenceList(evidenceShown(seen), []));
}

// Group the digits before the point by thousands, without passing through a floating-point number.
function grouped(numeral) {
  const [whole, rest] = String(numeral).split(".");
  const spaced = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return rest === undefined ? spaced : spaced + "." + rest;
}
