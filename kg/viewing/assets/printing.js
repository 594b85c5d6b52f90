// On paper the picture is drawn anew: as shapes, lines and names, in the colours of the light page, as wide as the paper.

const PAPER_LINES = 6000; // more of them are no longer told apart on paper, and take long: then the picture is printed as it is

let legendOpen = true;

// While this is set, colours are those of the light page, whatever the window looks like.
function onPaper(printed) {
  document.documentElement.toggleAttribute("data-paper", printed);
  readTheme();
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
  if (state.view !== "network" || state.lineShown.filter(Boolean).length > PAPER_LINES) {
    refresh();
    return;
  }
  const drawn = svgPicture();
  for (const name of ["width", "height"]) drawn.removeAttribute(name);
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
