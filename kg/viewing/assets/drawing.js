// The picture as it is seen, as a file: its pixels, or its shapes, lines and names as SVG.

function svgNode(tag, attributes, text) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  // XML knows no control characters, whatever a name holds.
  if (text !== undefined) made.textContent = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd");
  return made;
}
const round = (value) => String(Math.round(value * 100) / 100);

// Draws names and discs as drawNames and drawDiscs draw on a canvas, but into SVG.
class SvgContext {
  constructor(into) {
    this.into = into;
    this.measure = document.createElement("canvas").getContext("2d");
    this.scale = 1;
    this.origin = { x: 0, y: 0 };
  }
  measureText(text) {
    this.measure.font = this.font;
    return this.measure.measureText(text);
  }
  beginPath() {
    this.shape = null;
  }
  ellipse(x, y, width, height) {
    this.shape = svgNode("ellipse", { cx: round(x * this.scale + this.origin.x), cy: round(y * this.scale + this.origin.y),
      rx: round(width * this.scale), ry: round(height * this.scale) });
  }
  fill() {
    this.shape.setAttribute("fill", this.fillStyle);
    this.into.append(this.shape);
  }
  stroke() {
    this.shape.setAttribute("stroke", this.strokeStyle);
  }
  strokeText() {} // fillText draws the rim along
  fillText(text, x, y) {
    const size = parseFloat(/([\d.]+)px/.exec(this.font)[1]);
    this.into.append(svgNode("text", { x: round(x), y: round(y + size * 0.88), "font-size": size, "text-anchor": "middle",
      "font-weight": this.font.startsWith("600") ? "600" : "400", fill: this.fillStyle, stroke: this.strokeStyle,
      "stroke-width": this.lineWidth, "stroke-linejoin": "round", "paint-order": "stroke" }, text));
  }
}

function svgArrow(from, to, radius, colour, scale) {
  const length = Math.hypot(to.x - from.x, to.y - from.y), size = 8 * scale;
  // A head too small to be seen would only blacken the line.
  if (size < 2.5 || length < radius + 2 * size) return null;
  const ux = (to.x - from.x) / length, uy = (to.y - from.y) / length;
  const x = to.x - ux * (radius + 1), y = to.y - uy * (radius + 1);
  const points = [[x, y], [x - ux * size - uy * size * 0.4, y - uy * size + ux * size * 0.4],
    [x - ux * size + uy * size * 0.4, y - uy * size - ux * size * 0.4]];
  return svgNode("polygon", { points: points.map((point) => point.map(round).join(",")).join(" "), fill: colour });
}

function svgLine(line, scale, chosen, strong) {
  const from = picture.toScreen(place[line.from]), to = picture.toScreen(place[line.to]);
  const shown = line.facts.filter((fact) => state.factShown[fact]).map((fact) => facts[fact]);
  const colour = theme[strong ? "edge-strong" : chosen ? "edge-faint" : "edge"];
  const made = svgNode("g", {});
  made.append(svgNode("line", { x1: round(from.x), y1: round(from.y), x2: round(to.x), y2: round(to.y), stroke: colour,
    "stroke-width": round(Math.max(0.6, (line.width + (strong ? 2.5 : 0)) * scale)),
    ...(shown.every((fact) => fact.planned) ? { "stroke-dasharray": [7, 6].map((each) => round(each * scale)).join(" ") } : {}) }));
  for (const [ends, tip, index] of [[line.from, to, line.to], [line.to, from, line.from]]) {
    if (!shown.some((fact) => fact.source === ends)) continue;
    const head = svgArrow(tip === to ? from : to, tip, place[index].size * scale, colour, scale);
    if (head) made.append(head);
  }
  return made;
}

function svgThing(index, at, radius, chosen) {
  const look = data.kinds[knownKind(things[index].kind)], outline = OUTLINES[look.shape];
  const style = { fill: look.colour, opacity: !chosen || chosen.all.has(index) ? 1 : 0.13,
    ...(chosen && chosen.core.has(index) ? { stroke: theme.ink, "stroke-width": 3 } : {}) };
  const made = outline ? svgNode("polygon", { ...style, points: outline.map(([x, y]) =>
    round(at.x + (x - 8) / 8 * radius) + "," + round(at.y + (y - 8) / 8 * radius)).join(" ") })
    : svgNode("circle", { ...style, cx: round(at.x), cy: round(at.y), r: round(radius) });
  made.append(svgNode("title", {}, things[index].label));
  return made;
}

// What the window shows of the picture, as SVG: the element, and a file of it.
function svgPicture() {
  const width = stage.clientWidth, height = stage.clientHeight, scale = picture.scale();
  const root = svgNode("svg", { viewBox: [0, 0, width, height].join(" "), width: width, height: height, "font-family": theme.font });
  root.append(svgNode("title", {}, document.title), svgNode("rect", { width: width, height: height, fill: theme.back }));
  const context = new SvgContext(root), chosen = focusOf(state.selection), about = new Set(linesAbout(state.selection));
  Object.assign(context, { scale: scale, origin: picture.toScreen({ x: 0, y: 0 }) });
  drawDiscs(context, scale);
  const inside = (at, air) => at.x > -air && at.x < width + air && at.y > -air && at.y < height + air;
  const crosses = (line) => {
    const from = picture.toScreen(place[line.from]), to = picture.toScreen(place[line.to]);
    return Math.max(from.x, to.x) > 0 && Math.min(from.x, to.x) < width && Math.max(from.y, to.y) > 0 && Math.min(from.y, to.y) < height;
  };
  const drawn = lines.filter((line) => state.lineShown[line.id] && crosses(line));
  for (const strong of [false, true]) {
    root.append(...drawn.filter((line) => about.has(line.id) === strong).map((line) => svgLine(line, scale, chosen, strong)));
  }
  for (const index of [...byRank].reverse()) {
    const at = picture.toScreen(place[index]), radius = place[index].size * scale;
    if (state.thingShown[index] && inside(at, radius)) root.append(svgThing(index, at, radius, chosen));
  }
  drawNames(context, { scale: scale, width: width, height: height, at: (point) => picture.toScreen(point) });
  return root;
}

function drawSvg() {
  return new XMLSerializer().serializeToString(svgPicture());
}

// The pixels of the picture on the page's own colour, handed to `use` as a PNG.
function drawPng(use) {
  picture.redraw();
  const seen = stage.querySelector("canvas"), canvas = document.createElement("canvas");
  Object.assign(canvas, { width: seen.width, height: seen.height });
  const context = canvas.getContext("2d");
  context.fillStyle = theme.back;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(seen, 0, 0);
  canvas.toBlob(use, "image/png");
}
