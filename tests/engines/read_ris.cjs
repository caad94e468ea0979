// node read_ris.cjs FILE.ris OUT.json: what @citation-js/plugin-ris reads, as CSL-JSON.
"use strict";
const fs = require("fs");
const { plugins } = require("@citation-js/core");
require("@citation-js/plugin-ris");

const [risPath, outPath] = process.argv.slice(2);
const items = plugins.input.chain(fs.readFileSync(risPath, "utf8"), { generateGraph: false });
fs.writeFileSync(outPath, JSON.stringify(items));
