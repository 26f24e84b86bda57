// Reads and writes the outermost layer of WebAssembly: numbers, names, sections.

const CUSTOM = 0;

/** Reads on from a place. */
export class Reader {
  constructor(bytes, at = 0) {
    Object.assign(this, { bytes, at });
  }
  byte() {
    return this.bytes[this.at++];
  }
  number() {
    let [value, shift, byte] = [0, 0, 0];
    do {
      byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      shift += 7;
    } while (byte & 0x80);
    return value;
  }
  signed() {
    let [value, shift, byte] = [0, 0, 0];
    do {
      byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      shift += 7;
    } while (byte & 0x80);
    return byte & 0x40 ? value - 2 ** shift : value;
  }
  name() {
    const length = this.number();
    this.at += length;
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + this.at - length, length).toString();
  }
  /** Goes past what is imported: a function, a table, a memory or a global. Answers which of them. */
  skipImport() {
    const kind = this.byte();
    if (kind === 0) this.number();
    else if (kind === 1 || kind === 2) {
      if (kind === 1) this.byte();
      const bounded = this.byte() & 1;
      this.number();
      if (bounded) this.number();
    } else if (kind === 3) this.at += 2;
    else throw new Error(`an import of an unknown kind (${kind})`);
    return kind;
  }
}

/** The bytes of a number as WebAssembly writes it. */
export function encoded(number) {
  const bytes = [];
  for (; number > 0x7f; number = Math.floor(number / 128)) bytes.push((number % 128) | 0x80);
  return [...bytes, number];
}

/** The sections of a module. Those with a name begin after it. */
export function sections(bytes) {
  const [found, reader] = [[], new Reader(bytes, 8)];
  while (reader.at < bytes.length) {
    const start = reader.at;
    const kind = reader.byte();
    const length = reader.number();
    const section = { kind, start, body: reader.at, end: reader.at + length };
    if (kind === CUSTOM) {
      section.name = reader.name();
      section.body = reader.at;
    }
    reader.at = section.end;
    found.push(section);
  }
  return found;
}

/** The bytes of a section. */
export function sectionBytes(kind, ...content) {
  const bytes = Buffer.concat(content);
  return Buffer.concat([Buffer.from([kind, ...encoded(bytes.length)]), bytes]);
}

/** The bytes of a name. */
export function nameBytes(name) {
  const bytes = Buffer.from(name);
  return Buffer.from([...encoded(bytes.length), ...bytes]);
}
