// Completes names in forms, and makes the query page handier. All pages work without it.
"use strict";

const WAIT = 120; // Milliseconds without a key after which names are asked for.

function completes(input, number) {
  const list = document.createElement("ul");
  list.className = "suggestions";
  list.id = `suggestions-${number}`;
  list.setAttribute("role", "listbox");
  input.after(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  let waiting = 0;
  let chosen = -1;
  let asked = 0;

  function close() {
    list.replaceChildren();
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function take(item) {
    input.value = item.dataset.value;
    close();
    input.focus();
  }

  function choose(step) {
    const items = [...list.children];
    if (!items.length) return;
    chosen = (chosen + step + items.length) % items.length;
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
    items[chosen].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", items[chosen].id);
  }

  function show(found) {
    close();
    found.forEach((each, at) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${at}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.value = each.value;
      item.textContent = each.label;
      if (each.note) {
        const note = document.createElement("small");
        note.textContent = each.note;
        item.append(note);
      }
      // Before the field loses the focus, which closes the list.
      item.addEventListener("mousedown", (event) => { event.preventDefault(); take(item); });
      list.append(item);
    });
    input.setAttribute("aria-expanded", String(found.length > 0));
  }

  async function ask() {
    const text = input.value.trim();
    const own = ++asked;
    const parameters = new URLSearchParams({ kind: input.dataset.kind, text });
    const response = await fetch(`/complete?${parameters}`);
    const found = response.ok ? await response.json() : [];
    // A later key, or leaving the field, makes an answer that was slow worthless.
    if (own === asked && document.activeElement === input) show(found);
  }

  input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, WAIT); });
  input.addEventListener("blur", () => { asked += 1; clearTimeout(waiting); close(); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && list.childElementCount === 0) ask();
    else if (event.key === "ArrowDown") choose(1);
    else if (event.key === "ArrowUp") choose(chosen < 0 ? 0 : -1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && chosen >= 0) take(list.children[chosen]);
    else return;
    if (event.key !== "Escape") event.preventDefault();
  });
}

document.querySelectorAll("input[data-kind]").forEach(completes);

const editor = document.getElementById("sparql");
if (editor) {
  editor.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) editor.form.requestSubmit();
  });
  if (editor.dataset.line) { // the place that the error names
    const before = editor.value.split("\n").slice(0, Number(editor.dataset.line) - 1);
    const at = before.reduce((sum, line) => sum + line.length + 1, 0) + Number(editor.dataset.column) - 1;
    editor.focus();
    editor.setSelectionRange(at, Math.min(at + 1, editor.value.length));
  }
}
