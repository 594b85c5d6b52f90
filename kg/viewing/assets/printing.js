// On paper the picture is drawn anew: in the colours of the light page, as wide as the paper, and finer than on a screen.

const FINER = 2; // pixels for each of the window, where thousands of things are painted, not drawn as shapes and lines

let legendOpen = true;

// While this is set, colours are those of the light page, whatever the window looks like.
function onPaper(printed) {
  document.documentElement.toggleAttribute("data-paper", printed);
  readTheme();
}

// Thousands of things as their stage paints them (paint_canvas.js), all at once.
function paintedPicture() {
  const eye = { ...picture.centre(), scale: picture.scale(), width: stage.clientWidth, height: stage.clientHeight };
  const sheet = () => {
    const canvas = element("canvas", { width: eye.width * FINER, height: eye.height * FINER });
    return [canvas, canvas.getContext("2d")];
  };
  const [canvas, context] = sheet();
  for (const step of paint(context, eye, FINER, wholeScene())) void step;
  if (state.selection) {
    const [above, focus] = sheet();
    for (const step of paint(focus, eye, FINER, focusScene(state.selection))) void step;
    veil(context, eye);
    context.drawImage(above, 0, 0, eye.width, eye.height);
  }
  drawNames(context, { scale: eye.scale, width: eye.width, height: eye.height, at: (point) => picture.toScreen(point) });
  return canvas;
}

function beforePrinting() {
  for (const each of document.querySelectorAll("#panel details")) {
    openGroup(each);
    each.open = true;
  }
  const legend = document.getElementById("legend");
  legendOpen = legend.open;
  legend.open = true;
  onPaper(true);
  if (state.view !== "network") return;
  const drawn = data.network ? svgPicture() : paintedPicture();
  for (const name of data.network ? ["width", "height"] : []) drawn.removeAttribute(name);
  drawn.id = "paper";
  drawn.setAttribute("aria-hidden", "true");
  document.getElementById("paper")?.remove();
  document.getElementById("stage").append(drawn);
}

function afterPrinting() {
  document.getElementById("paper")?.remove();
  document.getElementById("legend").open = legendOpen;
  onPaper(false);
  refresh();
}

window.addEventListener("beforeprint", beforePrinting);
window.addEventListener("afterprint", afterPrinting);
