// Numbers: one measure, as each place's documents state it, year by year.
{
  // A wording that is known to be a case of a measure stands under the measure, any other under itself.
  const keyOf = (seen) => seen.measure.length ? "=" + seen.measure[0] : seen.indicator;

  function measureLabel(seen) {
    if (!seen.measure.length) return seen.indicator;
    return state.language === "zh" ? seen.measure[0] : seen.measure[1];
  }

  // The year that a number is of: the last that its period names, else the year of the report.
  function yearOf(seen) {
    const named = seen.period.match(/\d{4}/g);
    return named ? named[named.length - 1] : yearsSaying(seen.evidence)[0] || "";
  }

  function periodText(period) {
    const [from, to] = period.split("/");
    if (to === undefined) return period;
    if (from === "..") return words("until", to);
    return to === ".." ? words("since", from) : from + "–" + to;
  }

  function collect() {
    const found = new Map();
    data.observations.forEach((seen, index) => {
      if (!state.numberShown[index]) return;
      const key = keyOf(seen);
      if (!found.has(key)) found.set(key, { key: key, label: measureLabel(seen), numbers: [], places: new Set() });
      const entry = found.get(key);
      entry.numbers.push(index);
      const place = placeOf(seen.of);
      entry.places.add(place === undefined ? seen.of : place);
    });
    for (const entry of found.values()) {
      entry.note = words("places_count", entry.places.size);
      entry.fits = (wanted) => entry.numbers.some((index) => plain(data.observations[index].indicator).includes(wanted));
    }
    return [...found.values()].sort((one, other) => other.places.size - one.places.size
      || other.numbers.length - one.numbers.length || (one.key < other.key ? -1 : 1));
  }

  function valueText(seen) {
    const sign = seen.bound === "min" ? "≥ " : seen.bound === "max" ? "≤ " : seen.approximate ? "≈ " : "";
    return sign + grouped(seen.value) + (seen.unit === "%" ? "%" : seen.unit ? " " + seen.unit : "");
  }

  function valueSpoken(seen) {
    const sign = seen.bound ? words("bound_" + seen.bound) + " " : seen.approximate ? words("approximate") + " " : "";
    return sign + grouped(seen.value) + " " + seen.unit + (seen.planned ? " · " + words("planned") : "");
  }

  function bar(index, greatest, label) {
    const seen = data.observations[index];
    const share = greatest > 0 ? Math.max(0, Number(seen.value)) / greatest : 0;
    const fill = element("span", { class: "fill" + (seen.planned ? " hatched" : "") });
    // Set as a property: the page's policy admits no styles written as attributes.
    fill.style.width = (100 * share).toFixed(2) + "%";
    const title = [label, things[seen.of].label, periodText(seen.period), valueSpoken(seen)].filter(Boolean).join(" · ");
    const button = element("button", { type: "button", tabindex: "-1", class: "cell bar", "aria-label": title, title: title,
      click: () => openCell(button, label + " · " + things[seen.of].label, [], [index]) },
    element("span", { class: "amount" }, valueText(seen)),
    element("span", { class: "track" }, fill));
    return button;
  }

  function numberRow(index, greatest, entry, by) {
    const seen = data.observations[index], place = placeOf(seen.of);
    const who = [thingButton(place === undefined ? seen.of : place)];
    if (place !== undefined && place !== seen.of) who.push(element("span", { class: "soft" }, things[seen.of].label));
    if (seen.indicator !== entry.label) who.push(element("span", { class: "soft wording" }, words("worded", seen.indicator)));
    if (seen.planned) who.splice(1, 0, plannedBadge(true));
    const period = periodText(seen.period) || yearOf(seen);
    return element("tr", {}, element("th", { scope: "row", class: "name" }, ...(by === "year" ? who : [period, ...who.slice(1)])),
      // Under the heading of its year, a period is told where it is another one.
      element("td", { class: "period" }, by === "year" && period !== yearOf(seen) ? period : ""),
      element("td", { class: "bars", "data-number": seen.iri }, bar(index, greatest, entry.label)));
  }

  function unitTable(unit, numbers, entry, by) {
    const value = (index) => Number(data.observations[index].value);
    const placeIndex = (index) => {
      const place = placeOf(data.observations[index].of);
      return place === undefined ? things.length + data.observations[index].of : place;
    };
    const most = numbers.map(value).reduce((one, other) => Math.max(one, other), 0);
    const greatest = unit === "%" && most <= 100 ? 100 : most;
    const groups = new Map();
    for (const index of numbers) {
      const key = by === "year" ? yearOf(data.observations[index]) : placeIndex(index);
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(index);
    }
    const sorted = [...groups].sort((one, other) => by === "year" ? (one[0] < other[0] ? 1 : -1) : one[0] - other[0]);
    const period = (index) => data.observations[index].period;
    for (const [, members] of sorted) {
      members.sort((one, other) => (by === "year" ? value(other) - value(one) : period(one) < period(other) ? -1
        : period(one) > period(other) ? 1 : 0) || placeIndex(one) - placeIndex(other) || one - other);
    }
    const title = (key) => by === "year" ? key || words("no_year") : things[key < things.length ? key : key - things.length].label;
    const table = element("table", { class: "numbers" },
      element("caption", {}, unit ? words("unit", unit) : words("no_unit"), element("span", { class: "soft" }, " " + words("one_scale"))),
      element("thead", { class: "spoken" }, element("tr", {}, element("th", { scope: "col" }, words("places")),
        element("th", { scope: "col" }, words("period")), element("th", { scope: "col" }, words("value")))));
    // Thousands of numbers come some at a time.
    let left = 2 * FIRST_ROWS;
    const held = sorted.flatMap(([key, members]) => members.map((index) => [key, index]));
    const fill = () => {
      for (const part of table.querySelectorAll("tbody")) part.remove();
      let current = null, part = null;
      for (const [key, index] of held.slice(0, left)) {
        if (part === null || key !== current) {
          part = element("tbody", {}, element("tr", { class: "parting" }, element("th", { scope: "rowgroup", colspan: "3" }, title(key))));
          table.append(part);
          current = key;
        }
        part.append(numberRow(index, greatest, entry, by));
      }
    };
    fill();
    const section = element("section", { class: "unit" }, table);
    if (held.length > left) {
      const more = moreButton(held.length - left, () => {
        left = held.length;
        fill();
        more.remove();
      });
      section.append(more);
    }
    return section;
  }

  // Places are compared with their like: counties with counties.
  const levelOfNumber = (index) => {
    const place = placeOf(data.observations[index].of);
    return place === undefined ? "" : attributeOf(place, "level");
  };

  function chart(entry, by, again) {
    const levels = [...new Set(entry.numbers.map(levelOfNumber))].filter(Boolean);
    const tables = element("div", {});
    const draw = (level) => {
      const drawn = unitTables(entry, entry.numbers.filter((index) => !level || levelOfNumber(index) === level), by);
      tables.replaceChildren(...drawn);
      for (const table of tables.querySelectorAll("table")) walkable(table);
    };
    draw("");
    return element("div", { class: "beside-list" }, viewHead(entry.label,
      words("numbers_how", number(entry.places.size), number(entry.numbers.length)),
      chooser(words("group_by"), [["year", words("years")], ["place", words("places")]], by, again),
      levels.length > 1 ? chooser(attributeLabel("level"), [["", words("all")], ...levels.map((level) => [level, conceptLabel(level)])],
        "", draw) : null), tables);
  }

  function unitTables(entry, numbers, by) {
    const units = new Map();
    for (const index of numbers) {
      const unit = data.observations[index].unit;
      if (!units.has(unit)) units.set(unit, []);
      units.get(unit).push(index);
    }
    const sorted = [...units].sort((one, other) => other[1].length - one[1].length || (one[0] < other[0] ? -1 : 1));
    return sorted.map(([unit, members]) => unitTable(unit, members, entry, by));
  }

  let grouping = "year";
  function show(holder, detail) {
    const entries = collect();
    if (!entries.length) {
      holder.append(viewHead(words("view_numbers"), ""), emptyNote(words("numbers_empty")));
      return;
    }
    const chosen = entries.find((entry) => entry.key === detail) || (detail ? null : entries[0]);
    const again = (by) => {
      grouping = by;
      openView("numbers", state.detail);
    };
    holder.append(element("div", { class: "with-list" },
      picker(words("choose_indicator"), entries, chosen && chosen.key, (key) => openView("numbers", key)),
      chosen ? chart(chosen, grouping, again)
        : element("div", { class: "beside-list" }, emptyNote(words("number_unknown", detail.replace(/^=/, ""))))));
  }

  addView("numbers", { title: "view_numbers", show: show, available: () => data.observations.length > 0 });
}
