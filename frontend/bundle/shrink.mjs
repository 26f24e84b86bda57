// Takes out of the WASM what the console never runs or reads, before it is split into parts.
//
// It works on what the linker wrote, with the linker's relocations: they say which word of the data is an address and
// which function needs what, so that the splitter does not keep what only something dead needs.
// - `hydrate_async` takes pages over piece by piece, for islands and lazy routes. The console takes the whole page over
//   at once, but every type-erased view carries a pointer to it, so no tool can see that it is dead: a quarter of all.
// - What composes the message of a panic, and the places in the sources that it would name. Panics abort, nobody reads
//   the message, and a trap stays a trap.
// - What a decoding error says of the value that it met: the console says that the answer is unreadable, and no more.
//
// A function that was taken out traps when it is called, so a mistake here is loud. The compiler lets one function
// stand for all that are the same to the letter, so only large or never-returning ones may be named: the small ones
// around `hydrate_async` also stand for others that do run.
import { readFileSync, writeFileSync } from "node:fs";
import { read } from "./linked.mjs";

// Names as the compiler writes them, in its older and its newer way.
const TRAPS = [
  // Byte streams between WASM and the browser: a library exports them for what the console does not do.
  /^(__wbg_)?intounderlying(bytesource|sink|source)_/,
  /13hydrate_async(28_\$u7b\$\$u7b\$closure\$u7d\$\$u7d\$)+17h[0-9a-f]{16}E$/,
  /^(_ZN|_RI?Nv(Nt)*Cs\w+?_)4core9panicking\d/,
  /^(_ZN|_RI?Nv(Nt)*Cs\w+?_)4core(6option|6result)\d+(unwrap|expect)_failed/,
  /^(_ZN|_RI?Nv(Nt)*Cs\w+?_)4core4cell\d+panic_already/,
  /^(_ZN|_RI?Nv(Nt)*Cs\w+?_)4core3str\d+slice_error_fail/,
  /^(_ZN|_RI?Nv(Nt)*Cs\w+?_)4core5slice5index\d+\w*_fail$/,
];
// These are asked when an answer cannot be decoded, and say nothing: they return `Ok(())`.
const SILENT = [
  /^_RNvXs\w*_NtNtCs\w+?_4core3fmt5floatdNt\w+7Display3fmt$/,
  /^_ZN\d+_\$LT\$serde_core\.\.de\.\.Unexpected\$u20\$as\$u20\$core\.\.fmt\.\.Display\$GT\$3fmt17h[0-9a-f]{16}E$/,
];

const TRAP = [0x00];
const OK = [0x41, 0x00, 0x0f];
const NOP = 0x01;
const END = 0x0b;

/** Lets a function do nothing but `code`, at the same length, so that every other thing stays where it is. */
function replaceBody(linked, { start, end }, code) {
  const [locals, needed] = [1, code.length + 2];
  if (end - start < needed) return false;
  linked.bytes.fill(NOP, start, end);
  linked.bytes[start] = 0;
  linked.bytes.set(code, start + locals);
  linked.bytes[end - 1] = END;
  linked.forget("reloc.CODE", start, end);
  return true;
}

function emptyFunctions(linked, patterns, code) {
  let found = 0;
  for (const [index, names] of linked.functionNames) {
    const body = linked.bodies.get(index);
    const meant = names.every((name) => patterns.some((pattern) => pattern.test(name)));
    if (body && meant && replaceBody(linked, body, code)) found += 1;
  }
  return found;
}

/** A place in the sources is 16 bytes: the address of a path, then its length, the line and the column. */
function forgetPlaces(linked) {
  let found = 0;
  for (const symbol of linked.dataSymbols) {
    if (symbol.end - symbol.start !== 16) continue;
    const [address, ...others] = linked.relocations("reloc.DATA", symbol.start, symbol.end);
    if (!address || others.length > 0 || address.at !== symbol.start) continue;
    const path = linked.symbols[address.symbol];
    const length = linked.view.getUint32(symbol.start + 4, true);
    if (!path?.end || address.addend !== 0 || length > path.end - path.start) continue;
    if (!/^[\x20-\x7e]+\.rs$/.test(linked.text(path.start, path.start + length))) continue;
    linked.bytes.fill(0, symbol.start, symbol.end);
    linked.forget("reloc.DATA", symbol.start, symbol.end);
    found += 1;
  }
  return found;
}

const [, , path] = process.argv;
const linked = read(readFileSync(path));
const traps = emptyFunctions(linked, TRAPS, TRAP);
const silent = emptyFunctions(linked, SILENT, OK);
const places = forgetPlaces(linked);
if (traps === 0) throw new Error(`${path} has no symbols: build it without stripping them`);
writeFileSync(path, linked.write());
console.log(`taken out: ${traps} functions that never run, ${silent} that nobody reads, ${places} places in sources`);
