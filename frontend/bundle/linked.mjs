// Reads what the linker wrote with `--emit-relocs`: functions, data, symbols and relocations. It knows the format
// (WebAssembly's "Object File Linking" convention) and nothing of the console.

import { Reader, encoded, nameBytes, sectionBytes, sections } from "./wasm.mjs";

const [CUSTOM, IMPORTS, CODE, DATA] = [0, 2, 10, 11];
const [FUNCTION, DATUM, SECTION] = [0, 1, 3];
const [UNDEFINED, EXPLICIT_NAME] = [0x10, 0x40];
const SYMBOL_TABLE = 8;
// Relocations of these kinds carry a number that is added to the symbol's address.
const WITH_ADDEND = new Set([3, 4, 5, 8, 9, 11, 14, 15, 16, 17, 21, 22, 23, 25]);

function importedFunctions(reader) {
  let functions = 0;
  for (let count = reader.number(); count > 0; count--) {
    reader.name();
    reader.name();
    if (reader.skipImport() === 0) functions += 1;
  }
  return functions;
}

function functionBodies(reader, first) {
  const bodies = new Map();
  const count = reader.number();
  for (let index = first; index < first + count; index++) {
    const length = reader.number();
    bodies.set(index, { start: reader.at, end: reader.at + length });
    reader.at += length;
  }
  return bodies;
}

/** Where the bytes of each segment begin. */
function dataSegments(reader) {
  const starts = [];
  for (let count = reader.number(); count > 0; count--) {
    const active = reader.number() === 0 && reader.byte() === 0x41;
    reader.signed();
    if (!active || reader.byte() !== 0x0b) throw new Error("a data segment that is placed by more than a number");
    const length = reader.number();
    starts.push(reader.at);
    reader.at += length;
  }
  return starts;
}

function symbolTable(reader, segments) {
  const symbols = [];
  for (let count = reader.number(); count > 0; count--) {
    const [kind, flags] = [reader.byte(), reader.number()];
    const symbol = { kind };
    if (kind === DATUM) {
      symbol.name = reader.name();
      if (!(flags & UNDEFINED)) {
        symbol.start = segments[reader.number()] + reader.number();
        symbol.end = symbol.start + reader.number();
      }
    } else {
      symbol.index = reader.number();
      if (kind !== SECTION && (!(flags & UNDEFINED) || flags & EXPLICIT_NAME)) symbol.name = reader.name();
    }
    symbols.push(symbol);
  }
  return symbols;
}

function relocationList(reader, all) {
  const section = all[reader.number()];
  const list = [];
  for (let count = reader.number(); count > 0; count--) {
    const start = reader.at;
    const [type, offset, symbol] = [reader.byte(), reader.number(), reader.number()];
    const addend = WITH_ADDEND.has(type) ? reader.signed() : 0;
    list.push({ at: section.body + offset, symbol, addend, start, end: reader.at });
  }
  return list;
}

/** Reads a linked module, whose bytes may be changed in place, and of which relocations may be forgotten. */
export function read(bytes) {
  const all = sections(bytes);
  const at = (kind) => new Reader(bytes, all.find((section) => section.kind === kind).body);
  const named = (name) => {
    const section = all.find((candidate) => candidate.name === name);
    if (!section) throw new Error(`no section ${name}: link with --emit-relocs`);
    return section;
  };
  const bodies = functionBodies(at(CODE), importedFunctions(at(IMPORTS)));
  const segments = dataSegments(at(DATA));
  const linking = named("linking");
  const reader = new Reader(bytes, linking.body);
  reader.number();
  let symbols = [];
  while (reader.at < linking.end) {
    const [kind, length] = [reader.byte(), reader.number()];
    const end = reader.at + length;
    if (kind === SYMBOL_TABLE) symbols = symbolTable(reader, segments);
    reader.at = end;
  }
  const functionNames = new Map();
  for (const { kind, index, name } of symbols) {
    if (kind === FUNCTION && name) functionNames.set(index, [...(functionNames.get(index) ?? []), name]);
  }
  const lists = new Map();
  for (const name of ["reloc.CODE", "reloc.DATA"]) {
    lists.set(name, relocationList(new Reader(bytes, named(name).body), all));
  }

  return {
    bytes,
    bodies,
    symbols,
    functionNames,
    dataSymbols: symbols.filter(({ kind, end }) => kind === DATUM && end),
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    text: (start, end) => Buffer.from(bytes.subarray(start, end)).toString("latin1"),
    relocations: (name, start, end) => within(lists.get(name), start, end),
    forget(name, start, end) {
      for (const relocation of within(lists.get(name), start, end)) relocation.forgotten = true;
    },
    write() {
      const parts = [bytes.subarray(0, 8)];
      for (const section of all) {
        const list = lists.get(section.name);
        parts.push(list ? relocationSection(bytes, section, list) : bytes.subarray(section.start, section.end));
      }
      return Buffer.concat(parts);
    },
  };
}

/** The relocations from `start` to `end`; the linker writes them in order. */
function within(list, start, end) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle].at < start) low = middle + 1;
    else high = middle;
  }
  const found = [];
  for (let i = low; i < list.length && list[i].at < end; i++) if (!list[i].forgotten) found.push(list[i]);
  return found;
}

function relocationSection(bytes, section, list) {
  const kept = list.filter(({ forgotten }) => !forgotten);
  const target = new Reader(bytes, section.body).number();
  const head = Buffer.from([...encoded(target), ...encoded(kept.length)]);
  const entries = kept.map(({ start, end }) => bytes.subarray(start, end));
  // Joined first: there are more of them than a call takes arguments.
  return sectionBytes(CUSTOM, nameBytes(section.name), head, Buffer.concat(entries));
}
