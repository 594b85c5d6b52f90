// What is brought into view: everything, a document, a thing with those beside it.

const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const HEADROOM = 26; // pixels above what is brought into view, for the caption of a disc

// What could not be brought into view where the picture has no room (on paper, in a window of a few pixels) is when
// it has some again: a scale of nothing or less would be refused.
let unfitted = null;
new ResizeObserver(() => {
  if (!unfitted) return;
  picture.resize();
  showBox(unfitted, false);
}).observe(stage);

function showBox(boxes, smooth) {
  if (!boxes.length) return;
  // The legend covers a strip on the left; where there is room beside it, the boxes go there.
  const legend = document.getElementById("legend");
  const covered = legend.open && stage.clientWidth > 3 * legend.offsetWidth ? legend.offsetWidth + 16 : 0;
  // Above, the strip that tells what is left out covers another.
  const head = HEADROOM + document.getElementById("scope").offsetHeight;
  const width = stage.clientWidth - covered, height = stage.clientHeight - head;
  unfitted = width > 0 && height > 0 ? null : boxes;
  if (unfitted) return;
  const left = Math.min(...boxes.map((box) => box.x - box.width));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const top = Math.min(...boxes.map((box) => box.y - box.height));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  const scale = Math.min(width * 0.97 / (right - left), height * 0.97 / (bottom - top), 1.4);
  const aside = Math.min(covered / 2, Math.max(0, (stage.clientWidth - (right - left) * scale) / 2 - 12));
  picture.moveTo({ x: (left + right) / 2 - aside / scale, y: (top + bottom) / 2 - head / 2 / scale },
    scale, smooth);
}

function zoom(factor) {
  picture.moveTo(picture.centre(), picture.scale() * factor, true);
}

// Bring a thing and those beside it into view, as large as that allows.
function visit(index) {
  const near = [...focusOf({ thing: index }).all].filter((other) => state.thingShown[other]);
  const boxes = near.map((other) => ({ x: place[other].x, y: place[other].y, width: 70, height: 60 }));
  showBox(boxes, true);
}

function fitAll(smooth) {
  if (state.around.length) {
    const shown = things.map((thing, index) => index).filter((index) => state.thingShown[index]);
    return showBox(shown.map((index) => ({ x: place[index].x, y: place[index].y, width: 70, height: 60 })), smooth);
  }
  const boxes = data.discs.map(([, x, y, width, height]) => ({ x: x, y: y, width: width, height: height }));
  showBox(boxes, smooth);
}

function visitDocument(position) {
  const disc = data.discs.find((each) => each[0] === position);
  const report = indexOf.get(data.documents[position].iri);
  if (disc) showBox([{ x: disc[1], y: disc[2], width: disc[3], height: disc[4] }], true);
  else if (report !== undefined) select({ thing: report }, { move: true });
}

function visitPath(path) {
  const boxes = path.things.filter((index) => state.thingShown[index])
    .map((index) => ({ x: place[index].x, y: place[index].y, width: 90, height: 60 }));
  showBox(boxes, true);
}
