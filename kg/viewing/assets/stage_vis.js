// The stage for up to some thousand things: vis-network draws shapes and lines.

const nodes = new vis.DataSet(data.network.nodes.map((node) => ({ ...node, label: undefined })));
const edges = new vis.DataSet(data.network.edges.map((edge, index) => ({ ...edge, id: index })));
const network = new vis.Network(stage, { nodes: nodes, edges: edges }, {
  ...data.network.options,
  interaction: { ...data.network.options.interaction, hideEdgesOnDrag: edges.length > 2500 },
});
// Reachable from the console, and from whatever embeds the page.
Object.assign(window, { network: network, nodes: nodes, edges: edges });

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

// Bring shapes and lines in step with filters and selection; only what changed is handed on.
const drawnNode = things.map(() => ""), drawnEdge = lines.map(() => "");
function refresh() {
  const chosen = focusOf(state.selection);
  const about = new Set(linesAbout(state.selection));
  const many = Boolean(chosen) && chosen.all.size > 40;
  const changedNodes = [], changedEdges = [];
  things.forEach((thing, index) => {
    const opacity = !chosen || chosen.all.has(index) ? 1 : 0.13;
    const border = chosen && chosen.core.has(index) ? 3 : 1;
    const key = [state.thingShown[index], opacity, border, theme.ink].join();
    if (key === drawnNode[index]) return;
    drawnNode[index] = key;
    const colour = data.kinds[knownKind(thing.kind)].colour;
    changedNodes.push({ id: thing.iri, hidden: !state.thingShown[index], opacity: opacity, borderWidth: border,
      color: { background: colour, border: border > 1 ? theme.ink : colour,
        hover: { background: colour, border: theme.ink } } });
  });
  lines.forEach((line, index) => {
    const strong = about.has(line.id);
    const hidden = !state.lineShown[index];
    const planned = line.facts.filter((fact) => state.factShown[fact]).every((fact) => facts[fact].planned);
    const key = [hidden, strong, many, Boolean(chosen), planned, theme.edge].join();
    if (key === drawnEdge[index]) return;
    drawnEdge[index] = key;
    const colour = theme[strong ? (many ? "edge-many" : "edge-strong") : chosen ? "edge-faint" : "edge"];
    changedEdges.push({ id: line.id, hidden: hidden, dashes: planned ? [7, 6] : false,
      width: line.width + (strong && !many ? 2.5 : 0),
      color: { color: colour, hover: theme["edge-strong"], highlight: colour } });
  });
  if (changedNodes.length) nodes.update(changedNodes);
  if (changedEdges.length) edges.update(changedEdges);
  network.setSelection({ nodes: [], edges: [] }); // what is selected is shown by colour, not by the library
  network.redraw();
}

const LEAST = 0.004; // the smallest scale, as in stage_large.js: the library refuses 0 and what is below
const picture = {
  frame: stage.querySelector(".vis-network"),
  scale: () => network.getScale(),
  centre: () => network.getViewPosition(),
  toScreen: (point) => network.canvasToDOM(point),
  toPicture: (point) => network.DOMtoCanvas(point),
  moveTo: (position, scale, smooth) => network.moveTo({ position: position, scale: Math.max(scale, LEAST),
    animation: smooth && !calm ? { duration: 350, easingFunction: "easeInOutQuad" } : false }),
  refresh: refresh,
  redraw: () => network.redraw(),
  resize: () => network.setSize("100%", "100%"),
};

network.on("beforeDrawing", (context) => drawDiscs(context, network.getScale()));
network.on("afterDrawing", (context) => onScreen(context, (screen) => drawNames(context, screen)));
network.on("dragging", keepPlaces);
network.on("dragEnd", keepPlaces);
function keepPlaces(event) {
  for (const [iri, point] of Object.entries(network.getPositions(event.nodes))) {
    Object.assign(place[indexOf.get(iri)], point);
    discOf.delete(indexOf.get(iri));
  }
}
network.on("click", (event) => {
  if (event.nodes.length) pick({ thing: indexOf.get(event.nodes[0]) }, {});
  else if (event.edges.length) select({ line: event.edges[0] }, {});
  else pick(null, {});
});
network.on("hoverNode", (event) => hover({ thing: indexOf.get(event.node) }));
network.on("hoverEdge", (event) => hover({ line: event.edge }));
network.on("blurNode", () => hover(null));
network.on("blurEdge", () => hover(null));
