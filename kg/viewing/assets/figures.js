const data = JSON.parse(document.getElementById("data").textContent);
const SVG = "http://www.w3.org/2000/svg";
const ROWS = 12, CHIPS = 24, LEADING = 30;
const NOUGHT = ["none", "heat", "thing", ""];
let language = data.language;
let opened = null;

function word(key, value) {
  return data.interface[key][language].replace("{0}", value);
}
function say(text) {
  return text[language === "en" && text.length > 1 ? 1 : 0];
}
function make(tag, className, ...inside) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...inside.filter((one) => one !== null));
  return element;
}

// What every drawing of a page begins with: its language, its title, the button for the other language.
function begin() {
  buttons = 0;
  document.documentElement.lang = language === "zh" ? "zh-CN" : language;
  document.title = say(data.title);
  document.getElementById("heading").textContent = say(data.title);
  const button = document.getElementById("language");
  button.textContent = word("language");
  button.lang = language === "zh" ? "en" : "zh-CN"; // said by a voice of that language
  button.title = word("language_label");
}

// The shapes of the network picture, so that one class looks the same in both.
const SHAPES = {
  dot: "M6.5 .8a5.7 5.7 0 1 0 .01 0Z", square: "M1.4 1.4h10.2v10.2H1.4Z", diamond: "M6.5 .4L12.6 6.5 6.5 12.6 .4 6.5Z",
  hexagon: "M3.4 1.1h6.2l3.1 5.4-3.1 5.4H3.4L.3 6.5Z", triangle: "M6.5 .9L12.7 12H.3Z", triangleDown: "M.3 1h12.4L6.5 12.1Z",
  star: "M6.5 .3l1.9 4.2 4.5.4-3.4 3 1 4.5-4-2.4-4 2.4 1-4.5-3.4-3 4.5-.4Z",
};
function swatch(kind) {
  const look = data.kinds[kind] || data.kinds["*"];
  const image = document.createElementNS(SVG, "svg");
  image.setAttribute("class", "swatch");
  image.setAttribute("viewBox", "0 0 13 13");
  image.setAttribute("role", "img");
  image.setAttribute("aria-label", look[language]);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[look.shape] || SHAPES.dot);
  path.setAttribute("fill", look.colour);
  image.append(path);
  return image;
}

function show(cell, button) {
  opened = { cell, key: button.dataset.key };
  document.querySelectorAll(".chosen").forEach((one) => one.classList.remove("chosen"));
  button.classList.add("chosen");
  fillPanel();
  panel.classList.add("open");
  panel.scrollTop = 0;
  panel.focus({ preventScroll: true });
}
const panel = document.getElementById("panel");

function fillPanel() {
  panel.setAttribute("aria-label", word("panel"));
  panel.replaceChildren();
  if (!opened) {
    panel.append(make("h2", "", word("panel")), make("p", "note", word("panel_hint")));
    return;
  }
  const close = make("button", "", word("close"));
  close.id = "close";
  close.type = "button";
  close.addEventListener("click", () => {
    panel.classList.remove("open");
    const button = document.querySelector(".chosen");
    if (button) button.focus();
  });
  const { cell } = opened;
  panel.append(close, make("h2", "", opened.cell.about ? say(opened.cell.about) : say(cell.text)));
  panel.append(make("p", "note", word("sentences", cell.said.length)));
  for (const at of cell.said) {
    panel.append(marked(data.passages[at][0], [...(cell.words || []), ...(cell.names || [say(cell.text)]), ...data.names]));
    panel.append(where(at));
  }
}

// Where a sentence stands; beside a picture that holds the texts, a link to it in its document.
function where(at) {
  const [, section, document_, start, end] = data.passages[at];
  if (document_ < 0) return make("p", "where", `[${start}:${end}]`);
  const [title, source] = data.documents[document_];
  const place = [source, section && word("section", section), `[${start}:${end}]`].filter(Boolean).join(" · ");
  const line = make(data.picture ? "a" : "span", "", place);
  if (data.picture) line.href = `${data.picture}#!text/${encodeURIComponent(`${data.reports[document_]}/${start}-${end}`)}`;
  line.title = title;
  return make("p", "where", line);
}

function marked(quote, names) {
  const block = make("blockquote", "");
  const name = names.find((one) => one.length > 1 && quote.includes(one));
  if (!name) {
    block.append(quote);
    return block;
  }
  quote.split(name).forEach((part, at) => {
    if (at) block.append(make("mark", "", name));
    block.append(part);
  });
  return block;
}

let buttons = 0;
function told(cell, about, names) {
  const inside = [];
  if (cell.kind && !["done", "planned"].includes(cell.mark)) inside.push(swatch(cell.kind));
  inside.push(say(cell.text));
  const style = NOUGHT.includes(cell.mark || "") ? (cell.mark === "none" ? "none" : "") : cell.mark;
  let element;
  if (cell.said) {
    element = make("button", `told ${style}`, ...inside);
    element.type = "button";
    element.dataset.key = String(buttons++);
    const shown = { ...cell, about, names };
    element.addEventListener("click", () => show(shown, element));
    if (opened && opened.key === element.dataset.key) {
      element.classList.add("chosen");
      opened.cell = shown;
    }
  } else if (cell.link && data.picture) {
    element = make("a", style, ...inside);
    element.href = `${data.picture}#${encodeURIComponent(cell.link)}`;
  } else {
    element = make("span", style, ...inside);
  }
  if (cell.mark === "heat") {
    element.classList.add("heat");
    element.style.setProperty("--heat", String(0.12 + 0.6 * cell.share));
  } else if (cell.share !== undefined) {
    const bar = make("i", "");
    bar.style.width = `${Math.max(1, 100 * cell.share)}%`;
    element = make("span", "bar", element, make("span", "", bar));
  }
  return cell.note ? make("span", "", element, make("small", "", say(cell.note))) : element;
}

// What is wider than the window can be scrolled by keys too.
const wide = new ResizeObserver((seen) => {
  for (const { target } of seen) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
function scrolling(table, block) {
  const box = make("div", "scroll", table);
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", say(block.title));
  wide.observe(box);
  return box;
}

function head(block) {
  const parts = [make("h2", "", say(block.title))];
  if (say(block.note)) parts.push(make("p", "note", say(block.note)));
  return parts;
}
function both(...texts) {
  return texts[0].length + texts[1].length > 2
    ? [0, 1].map((at) => texts.map((text) => text[Math.min(at, text.length - 1)]).join(" · "))
    : [texts.map((text) => text[0]).join(" · ")];
}

const forms = {
  table(block) {
    const body = make("tbody", "");
    block.rows.forEach((row, number) => {
      const name = row[0].text;
      const cells = row.map((cell, at) => {
        const about = at && (block.matrix || cell.share !== undefined || row.length > 2)
          ? both(name, block.columns[at], cell.text) : undefined;
        return make(at ? "td" : "th", "", told(cell, about, [say(name), say(cell.text)]));
      });
      cells[0].scope = "row";
      const line = make("tr", "", ...cells);
      line.hidden = number >= ROWS;
      body.append(line);
    });
    const columns = block.columns.map((name) => make("th", "", say(name)));
    columns.forEach((one) => { one.scope = "col"; });
    const table = make("table", block.matrix ? "matrix" : "", make("thead", "", make("tr", "", ...columns)), body);
    const parts = [...head(block), scrolling(table, block)];
    if (block.rows.length > ROWS) {
      const button = make("button", "more", word("rows", block.rows.length));
      button.type = "button";
      button.addEventListener("click", () => {
        const fold = !body.rows[block.rows.length - 1].hidden;
        [...body.rows].forEach((row, number) => { row.hidden = fold && number >= ROWS; });
        button.textContent = fold ? word("rows", block.rows.length) : word("fewer");
      });
      parts.push(button);
    }
    return make("section", "", ...parts);
  },
  bars(block) {
    const colour = (number) => (number < 0 ? "plan" : `c${Math.min(number, 7)}`);
    const legend = new Map();
    const most = Math.max(...block.rows.map(([, parts]) => parts.reduce((sum, part) => sum + part[1], 0)));
    const rows = make("div", "parts");
    for (const [cell, parts] of block.rows) {
      const track = make("div", "track");
      let sum = 0;
      for (const [name, count, number] of parts) {
        legend.set(number, name);
        const part = make("span", colour(number), String(count));
        part.title = `${say(name)}: ${count}`;
        part.style.flexGrow = String(count);
        part.style.flexBasis = "0";
        track.append(part);
        sum += count;
      }
      track.style.width = `${(100 * sum) / most}%`;
      rows.append(make("div", "name", told(cell)), track);
    }
    const order = [...legend.keys()].sort((one, other) => (one < 0) - (other < 0) || one - other);
    const names = order.map((number) => make("span", "", make("i", colour(number)), say(legend.get(number))));
    return make("section", "", ...head(block), make("div", "legend", ...names), rows);
  },
  lanes(block) {
    const columns = block.columns.map((name) => make("th", "", say(name)));
    const body = make("tbody", "");
    for (const [name, squares] of block.rows) {
      const cells = squares.map((square, at) => make("td", "", chips(square, block.columns[at])));
      body.append(make("tr", "", make("th", "", say(name)), ...cells));
    }
    const top = make("thead", "", make("tr", "", make("th", ""), ...columns));
    return make("section", "", ...head(block), scrolling(make("table", "lanes", top, body), block));
  },
  tree(block) {
    return make("section", "", ...head(block), make("ul", "tree", ...block.roots.map(branch)));
  },
  chain(block) {
    const parts = [...head(block), stop(block.first, true)];
    let before = block.first;
    block.links.forEach((link, at) => {
      const { phrase, to } = link;
      const [one, other] = link.forward ? [before, to] : [to, before];
      const whole = [0, 1].map((which) => [one, phrase, other]
        .map((cell) => cell.text[Math.min(which, cell.text.length - 1)]).join(which ? " " : ""));
      const names = [say(to.text), say(before.text)];
      const line = make("div", `link${link.forward ? "" : " back"}${phrase.said ? "" : " known"}`,
        make("span", "phrase", told({ ...phrase, mark: "" }, whole, names)));
      if (phrase.said) line.append(make("q", "", near(data.passages[phrase.said[0]][0], names)));
      parts.push(line, stop(to, at === block.links.length - 1));
      before = to;
    });
    return make("section", "", ...parts);
  },
};
// Only three lines of a sentence are shown: those around what it tells of.
function near(quote, names) {
  const at = Math.max(-1, ...names.map((one) => quote.indexOf(one)));
  return at > LEADING ? `…${quote.slice(at - LEADING / 2)}` : quote;
}
function stop(cell, end) {
  return make("div", end ? "stop end" : "stop", told(cell));
}
function branch(one) {
  const phrase = say(one.phrase);
  const line = [phrase ? make("span", "phrase", phrase) : null, told(one.cell)];
  return make("li", "", ...line, one.below.length ? make("ul", "", ...one.below.map(branch)) : null);
}
function chips(cells, column) {
  const all = cells.map((cell) => told(cell, both(cell.text, column), [say(cell.text)]));
  const field = make("div", "chips", ...all.slice(0, CHIPS));
  if (all.length > CHIPS) {
    const button = make("button", "more", word("more", all.length - CHIPS));
    button.type = "button";
    button.addEventListener("click", () => button.replaceWith(...all.slice(CHIPS)));
    field.append(button);
  }
  return field;
}
