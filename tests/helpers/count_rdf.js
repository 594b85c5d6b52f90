// Reads an RDF file with the libraries of JavaScript (N3.js, jsonld.js) and prints it as sorted N-Quads.
// NODE_PATH=.../node_modules node count_rdf.js FORMAT FILE
const fs = require("fs");

const [form, file] = process.argv.slice(2);
const text = fs.readFileSync(file, "utf-8");

function print(lines) {
  process.stdout.write([...new Set(lines)].sort().join("\n") + "\n");
}

if (form === "jsonld") {
  const jsonld = require("jsonld");
  // Nothing may be fetched: a context that is not in the file is an error.
  const documentLoader = (url) => { throw new Error(`would fetch ${url}`); };
  jsonld.toRDF(JSON.parse(text), { format: "application/n-quads", documentLoader })
    .then((quads) => print(quads.trim().split("\n")))
    .catch((error) => { console.error(error.message); process.exit(1); });
} else {
  const N3 = require("n3");
  const quads = new N3.Parser({ format: form }).parse(text);
  print(new N3.Writer({ format: "N-Quads" }).quadsToString(quads).trim().split("\n"));
}
