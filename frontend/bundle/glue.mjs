// Makes the script between the WASM and the browser small: what the WASM does not import after all goes, what it does
// import gets a short name on both sides, and the rest is minified.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { minify } from "terser";
import { Reader, nameBytes, sectionBytes, sections } from "./wasm.mjs";

const [, , folder] = process.argv;
const [WASM, SCRIPT] = ["frontend_bg.wasm", "frontend.js"].map((name) => join(folder, name));
const LOADER = "__wasm_split.js";
const IMPORTS = 2;
const GLUE = "./frontend_bg.js";
// A function of the script that the WASM imports, as wasm-bindgen writes it.
const PROVIDED = /^ {8}(\w+): (?:async )?function\([\s\S]*?^ {8}\}.*\n/gm;
// Classes for byte streams: nothing here makes one.
const CLASSES = /^export class (IntoUnderlying\w+) \{[\s\S]*?^\}\n(if \(Symbol\.dispose\).*\n)?/gm;

/** Gives each function that the WASM imports from the script a short name. */
function shortenImports(bytes) {
  const section = sections(bytes).find(({ kind }) => kind === IMPORTS);
  const reader = new Reader(bytes, section.body);
  const short = new Map();
  let from = reader.at;
  reader.number();
  const parts = [];
  while (reader.at < section.end) {
    const module = reader.name();
    parts.push(bytes.subarray(from, reader.at));
    const name = reader.name();
    if (module === GLUE && !short.has(name)) short.set(name, short.size.toString(36));
    parts.push(nameBytes(module === GLUE ? short.get(name) : name));
    from = reader.at;
    reader.skipImport();
  }
  parts.push(bytes.subarray(from, section.end));
  const changed = sectionBytes(IMPORTS, ...parts);
  return { short, wasm: Buffer.concat([bytes.subarray(0, section.start), changed, bytes.subarray(section.end)]) };
}

const { short, wasm } = shortenImports(readFileSync(WASM));
const script = readFileSync(SCRIPT, "utf8");
let found = 0;
const fitting = script.replace(CLASSES, "").replace(PROVIDED, (whole, name) => {
  if (!short.has(name)) return "";
  found += 1;
  return whole.replace(name, JSON.stringify(short.get(name)));
});
if (found !== short.size) {
  throw new Error(`${SCRIPT} provides ${found} of the ${short.size} functions that ${WASM} imports`);
}
writeFileSync(WASM, wasm);
writeFileSync(SCRIPT, fitting);

for (const name of readdirSync(folder).filter((file) => file.endsWith(".js"))) {
  const path = join(folder, name);
  // The page itself says that a part did not arrive, and one that is fetched ahead of need is no error at all.
  const compress = { passes: 3, drop_console: name === LOADER };
  const { code } = await minify(readFileSync(path, "utf8"), { module: true, ecma: 2020, compress });
  writeFileSync(path, code);
}
console.log(`the script provides ${found} functions`);
