// The picture: vis-network draws shapes and lines; names are drawn here, so that they never cover each other.

const stage = document.getElementById("network");
const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const FULL = { units: 26, rows: 6 }; // a Han character takes two units
const SHORT = { units: 22, rows: 2 };
const NAME_FROM = 5.2; // radius on the screen, in pixels, from which an ordinary thing is named

const nodes = new vis.DataSet(data.network.nodes.map((node) => ({ ...node, label: undefined })));
const edges = new vis.DataSet(data.network.edges.map((edge, index) => ({ ...edge, id: index })));
const network = new vis.Network(stage, { nodes: nodes, edges: edges }, {
  ...data.network.options,
  interaction: { ...data.network.options.interaction, hideEdgesOnDrag: edges.length > 2500 },
});
// Reachable from the console, and from whatever embeds the page.
Object.assign(window, { network: network, nodes: nodes, edges: edges });

const place = data.network.nodes.map((node) => ({ x: node.x, y: node.y, size: node.size }));
const byRank = things.map((thing, index) => index).sort((one, other) => things[one].rank - things[other].rank);
let theme = {};

function readTheme() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ["back", "ink", "soft", "accent", "mark", "disc", "rim", "edge", "edge-strong", "edge-faint",
    "font"]) {
    theme[name] = style.getPropertyValue("--" + name).trim();
  }
}

// Break a name into at most `rows` lines of `units` half-widths; what does not fit ends in an ellipsis.
const broken = new Map();
function breakName(text, limit) {
  const key = limit.rows + text;
  if (broken.has(key)) return broken.get(key);
  const rows = [];
  let row = "", width = 0;
  for (const character of text.replace(/\s+/g, " ")) {
    const units = character.codePointAt(0) > 0x2e7f ? 2 : 1;
    if (width + units > limit.units) {
      const space = row.lastIndexOf(" ");
      const rest = space > row.length / 2 && character !== " " ? row.slice(space + 1) : "";
      rows.push(rest ? row.slice(0, space) : row);
      row = rest;
      width = [...rest].reduce((sum, each) => sum + (each.codePointAt(0) > 0x2e7f ? 2 : 1), 0);
    }
    row += character;
    width += units;
  }
  if (row) rows.push(row);
  if (rows.length > limit.rows) {
    rows.length = limit.rows;
    rows[limit.rows - 1] = [...rows[limit.rows - 1]].slice(0, -1).join("") + "…";
  }
  broken.set(key, rows);
  return rows;
}

const widths = new Map();
function widthOf(context, text) {
  const key = context.font + text;
  if (!widths.has(key)) widths.set(key, context.measureText(text).width);
  return widths.get(key);
}

// Draw on the screen's own pixels, whatever the zoom.
function onScreen(context, draw) {
  const canvas = context.canvas;
  const ratio = canvas.width / canvas.clientWidth;
  const scale = network.getScale();
  const origin = network.canvasToDOM({ x: 0, y: 0 });
  context.save();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  draw({ scale: scale, width: canvas.clientWidth, height: canvas.clientHeight,
    at: (point) => ({ x: origin.x + point.x * scale, y: origin.y + point.y * scale }) });
  context.restore();
}

function drawDiscs(context) {
  if (data.documents.length < 2 || data.discs.length < 2) return;
  for (const [position, x, y, width, height] of data.discs) {
    if (position >= 0 && state.hiddenDocuments.has(position)) continue;
    context.beginPath();
    context.ellipse(x, y, width, height, 0, 0, 2 * Math.PI);
    context.fillStyle = theme.disc;
    context.fill();
    context.strokeStyle = theme.rim;
    context.lineWidth = 1 / network.getScale();
    context.stroke();
  }
}

function drawNames(context) {
  onScreen(context, (screen) => {
    const taken = [];
    const free = (box) => taken.every((other) => box.right < other.left || box.left > other.right
      || box.bottom < other.top || box.top > other.bottom);
    const write = (rows, x, top, size, weight, colour, forced) => {
      context.font = weight + " " + size + "px " + theme.font;
      const width = Math.max(...rows.map((row) => widthOf(context, row)));
      const high = size * 1.25;
      const box = { left: x - width / 2 - 2, right: x + width / 2 + 2, top: top - 1,
        bottom: top + rows.length * high };
      if (box.right < 0 || box.left > screen.width || box.bottom < 0 || box.top > screen.height) return;
      if (!forced && !free(box)) return;
      taken.push(box);
      context.textAlign = "center";
      context.textBaseline = "top";
      context.lineJoin = "round";
      context.lineWidth = 3.5;
      context.strokeStyle = theme.back;
      context.fillStyle = colour;
      rows.forEach((row, line) => context.strokeText(row, x, top + line * high));
      rows.forEach((row, line) => context.fillText(row, x, top + line * high));
    };
    const chosen = focusOf(state.selection);
    const hovered = focusOf(state.hover);
    const name = (index, limit, forced) => {
      const thing = things[index];
      const centre = screen.at(place[index]);
      const large = thing.hub || (chosen && state.selection.thing === index);
      const size = large ? 15 : place[index].size >= 22 ? 13 : 12;
      write(breakName(thing.label, limit), centre.x, centre.y + place[index].size * screen.scale + 3, size,
        large ? "600" : "400", theme.ink, forced);
    };
    if (chosen) chosen.core.forEach((index) => name(index, FULL, true));
    if (hovered) hovered.core.forEach((index) => name(index, FULL, true));
    lineNames(screen, write, chosen, hovered);
    if (!chosen) captions(screen, write);
    // The shapes of hubs are no place for other things' names.
    byRank.slice(0, 12).forEach((index) => {
      if (!state.thingShown[index]) return;
      const centre = screen.at(place[index]), radius = place[index].size * screen.scale * 0.8;
      taken.push({ left: centre.x - radius, right: centre.x + radius, top: centre.y - radius,
        bottom: centre.y + radius });
    });
    for (const index of byRank) {
      if (!state.thingShown[index]) continue;
      const near = chosen && chosen.all.has(index);
      if (chosen && !near) continue;
      if (chosen && chosen.core.has(index)) continue;
      if (hovered && hovered.core.has(index)) continue;
      if (!near && !things[index].hub && place[index].size * screen.scale < NAME_FROM) continue;
      name(index, screen.scale > 1.3 ? FULL : SHORT, false);
    }
  });
}

function captions(screen, write) {
  if (data.documents.length < 2 || data.discs.length < 2) return;
  for (const [position, x, y, , height] of data.discs) {
    if (position >= 0 && state.hiddenDocuments.has(position)) continue;
    const top = screen.at({ x: x, y: y - height });
    const text = position >= 0 ? documentName(position) : words("shared");
    if (height * screen.scale > 36) write([text], top.x, top.y - 20, 14, "600", theme.soft, false);
  }
}

function lineNames(screen, write, chosen, hovered) {
  const wanted = new Set();
  if (state.hover && state.hover.line !== undefined) wanted.add(state.hover.line);
  if (state.selection && state.selection.line !== undefined) wanted.add(state.selection.line);
  const firm = new Set(wanted);
  if (chosen && state.selection.thing !== undefined) {
    const own = linesOf[state.selection.thing].filter((line) => state.lineShown[line.id]);
    if (own.length <= 30) own.forEach((line) => wanted.add(line.id));
  }
  for (const id of wanted) {
    const line = lines[id];
    const from = screen.at(place[line.from]), to = screen.at(place[line.to]);
    const said = [...new Set(line.facts.filter((fact) => state.factShown[fact])
      .map((fact) => phrase(facts[fact].predicate, facts[fact].source !== line.from)))];
    if (Math.hypot(from.x - to.x, from.y - to.y) < 60 && !firm.has(id)) continue;
    write([said.join(" · ")], (from.x + to.x) / 2, (from.y + to.y) / 2 - 7, 11.5, "400", theme.mark,
      firm.has(id));
  }
}

// The things a selection is about (core) and those beside them (all).
function focusOf(chosen) {
  if (!chosen) return null;
  if (chosen.line !== undefined) {
    const ends = new Set([lines[chosen.line].from, lines[chosen.line].to]);
    return { core: ends, all: ends };
  }
  return { core: new Set([chosen.thing]), all: new Set([...neighbours(chosen.thing), chosen.thing]) };
}

// Bring shapes and lines in step with filters and selection; only what changed is handed on.
const drawnNode = things.map(() => ""), drawnEdge = lines.map(() => "");
function refresh() {
  const chosen = focusOf(state.selection);
  const isChosen = (line) => state.selection && (state.selection.line === line.id
    || (state.selection.thing !== undefined
      && (line.from === state.selection.thing || line.to === state.selection.thing)));
  const changedNodes = [], changedEdges = [];
  things.forEach((thing, index) => {
    const opacity = !chosen || chosen.all.has(index) ? 1 : 0.13;
    const border = chosen && chosen.core.has(index) ? 4 : 1;
    const key = [state.thingShown[index], opacity, border, theme.ink].join();
    if (key === drawnNode[index]) return;
    drawnNode[index] = key;
    const colour = data.kinds[knownKind(thing.kind)].colour;
    changedNodes.push({ id: thing.iri, hidden: !state.thingShown[index], opacity: opacity, borderWidth: border,
      color: { background: colour, border: border > 1 ? theme.ink : colour,
        hover: { background: colour, border: theme.ink } } });
  });
  lines.forEach((line, index) => {
    const strong = isChosen(line);
    const hidden = !state.lineShown[index];
    const planned = line.facts.filter((fact) => state.factShown[fact]).every((fact) => facts[fact].planned);
    const key = [hidden, strong, Boolean(chosen), planned, theme.edge].join();
    if (key === drawnEdge[index]) return;
    drawnEdge[index] = key;
    const colour = theme[strong ? "edge-strong" : chosen ? "edge-faint" : "edge"];
    changedEdges.push({ id: line.id, hidden: hidden, dashes: planned ? [7, 6] : false,
      color: { color: colour, hover: theme["edge-strong"], highlight: colour } });
  });
  if (changedNodes.length) nodes.update(changedNodes);
  if (changedEdges.length) edges.update(changedEdges);
  network.redraw();
}

function showBox(boxes, smooth) {
  if (!boxes.length) return;
  const left = Math.min(...boxes.map((box) => box.x - box.width));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const top = Math.min(...boxes.map((box) => box.y - box.height)) - 60;
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  const scale = Math.min(stage.clientWidth * 0.96 / (right - left), stage.clientHeight * 0.96 / (bottom - top), 1.4);
  move({ x: (left + right) / 2, y: (top + bottom) / 2 }, scale, smooth);
}

function move(position, scale, smooth) {
  const animation = smooth && !calm ? { duration: 350, easingFunction: "easeInOutQuad" } : false;
  network.moveTo({ position: position, scale: scale, animation: animation });
}

function fitAll(smooth) {
  const boxes = data.discs.map(([, x, y, width, height]) => ({ x: x, y: y, width: width, height: height }));
  showBox(boxes, smooth);
}

function visitDocument(position) {
  const disc = data.discs.find((each) => each[0] === position);
  if (disc) showBox([{ x: disc[1], y: disc[2], width: disc[3], height: disc[4] }], true);
}

network.on("beforeDrawing", drawDiscs);
network.on("afterDrawing", drawNames);
network.on("dragging", keepPlaces);
network.on("dragEnd", keepPlaces);
function keepPlaces(event) {
  for (const [iri, point] of Object.entries(network.getPositions(event.nodes))) {
    Object.assign(place[indexOf.get(iri)], point);
  }
}
network.on("click", (event) => {
  if (event.nodes.length) select({ thing: indexOf.get(event.nodes[0]) }, {});
  else if (event.edges.length) select({ line: event.edges[0] }, {});
  else select(null, {});
});
network.on("hoverNode", (event) => hover({ thing: indexOf.get(event.node) }));
network.on("hoverEdge", (event) => hover({ line: event.edge }));
network.on("blurNode", () => hover(null));
network.on("blurEdge", () => hover(null));
function hover(over) {
  state.hover = over;
  stage.style.cursor = over ? "pointer" : "";
  network.redraw();
}
