// node render_csl.cjs ITEMS.json LOCALE.xml OUT.json STYLE.csl...
// Renders all items in each style with citeproc-js; OUT gets the items as parsed, and per style the text of
// each entry and what citeproc-js complains about.
"use strict";
const fs = require("fs");
const CSL = require("citeproc");

const [itemsPath, localePath, outPath, ...styles] = process.argv.slice(2);
const locale = fs.readFileSync(localePath, "utf8");
const items = JSON.parse(fs.readFileSync(itemsPath, "utf8"));
const parsed = JSON.parse(JSON.stringify(items)); // citeproc-js changes the items it is given
const byId = Object.fromEntries(items.map((item) => [item.id, item]));
const rendered = {};
for (const path of styles) {
  const sys = { retrieveLocale: () => locale, retrieveItem: (id) => structuredClone(byId[id]) };
  const engine = new CSL.Engine(sys, fs.readFileSync(path, "utf8"));
  engine.setOutputFormat("text");
  engine.updateItems(items.map((item) => item.id));
  const [parameters, entries] = engine.makeBibliography();
  const texts = {};
  parameters.entry_ids.forEach(([id], index) => { texts[id] = entries[index].trim(); });
  rendered[path] = { texts, errors: parameters.bibliography_errors };
}
fs.writeFileSync(outPath, JSON.stringify({ items: parsed, rendered }));
