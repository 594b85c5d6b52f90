// The page of one analysis: its first sentence and picture, then everything else that it tells.

function words(cells) {
  const list = make("ol", "words", ...cells.map((cell) => make("li", "", told(cell))));
  return make("section", "", make("h2", "", word("words")), list);
}

function draw() {
  begin();
  const [lead, ...others] = data.sentences;
  const parts = [make("p", "lead", told(lead))];
  // At first the panel shows what the first sentence rests on, so that one sees what it is for.
  if (!opened && lead.said) {
    opened = { cell: lead, key: "0" };
    parts[0].firstChild.classList.add("chosen");
  }
  const pictures = data.blocks.filter((block, at) => at === 0 || block.form === "chain");
  const chains = pictures.filter((block) => block.form === "chain");
  if (chains.length) parts.push(make("div", "chains", ...chains.map(forms.chain)));
  else if (pictures.length) parts.push(forms[pictures[0].form](pictures[0]));
  if (others.length) parts.push(words(others));
  for (const block of data.blocks) if (!pictures.includes(block)) parts.push(forms[block.form](block));
  if (data.notes.length) {
    const list = make("ul", "note", ...data.notes.map((note) => make("li", "", say(note))));
    parts.push(make("section", "", make("h2", "", word("notes")), list));
  }
  document.getElementById("story").replaceChildren(...parts);
  fillPanel();
}
document.getElementById("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  draw();
});
draw();
document.documentElement.dataset.ready = "true";
