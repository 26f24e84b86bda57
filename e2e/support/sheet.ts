// Reading the files that an export makes, as a spreadsheet would: CSV after RFC 4180, and the first sheet of a workbook.

import { inflateRawSync } from "node:zlib";

/** The cells of a file, row by row, the header first. */
export type Cells = string[][];

/** Reads CSV; the byte order mark must be there, and every line must end in CRLF. */
export function readCsv(bytes: Buffer): Cells {
  const text = bytes.toString("utf8");
  if (!text.startsWith("\uFEFF")) throw new Error("the file has no byte order mark");
  const rows: Cells = [];
  let row: string[] = [];
  // A field is quoted or plain; what follows says whether the row goes on.
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  field.lastIndex = 1;
  while (field.lastIndex < text.length) {
    const at = field.lastIndex;
    const found = field.exec(text);
    if (!found) throw new Error(`no CSV at ${at}: ${text.slice(at, at + 40)}`);
    row.push(found[1]?.replaceAll('""', '"') ?? found[2]);
    if (found[3] === "\r\n") {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

/** Takes away the mark that keeps spreadsheets from running a cell. */
export function unguard(cell: string): string {
  return /^'+[=+\-@\t\r\n＝＋－＠]/.test(cell) ? cell.slice(1) : cell;
}

/** Reads the first sheet of a workbook; no cell of it may be a formula. */
export function readXlsx(bytes: Buffer): Cells {
  const files = unzip(bytes);
  const shared = [...(files.get("xl/sharedStrings.xml") ?? "").matchAll(/<si>(.*?)<\/si>/gs)].map(([, item]) => textOf(item));
  const sheet = files.get("xl/worksheets/sheet1.xml") ?? "";
  if (/<f[ >]/.test(sheet)) throw new Error("the sheet has a formula");
  return [...sheet.matchAll(/<row [^>]*?(?:\/>|>(.*?)<\/row>)/gs)].map(([, cells = ""]) => {
    const row: string[] = [];
    for (const [, attributes, content = ""] of cells.matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)) {
      const value = /<v>(.*?)<\/v>/s.exec(content)?.[1] ?? "";
      row[column(attributes)] = attributes.includes('t="s"') ? shared[Number(value)] : value || textOf(content);
    }
    return Array.from(row, (cell) => cell ?? "");
  });
}

/** The position of a cell's column: A is 0, AA is 26. */
function column(attributes: string): number {
  const letters = /r="([A-Z]+)\d+"/.exec(attributes)?.[1] ?? "A";
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

/** The text of an XML element with everything below it. */
function textOf(xml: string): string {
  const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  const texts = [...xml.matchAll(/<t(?: [^>]*)?>(.*?)<\/t>/gs)].map(([, text]) => text).join("");
  return texts
    .replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (_, hex, decimal, name) =>
      hex ? String.fromCodePoint(parseInt(hex, 16)) : decimal ? String.fromCodePoint(Number(decimal)) : entities[name],
    )
    .replace(/_x([0-9A-F]{4})_/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}

/** The text files of a ZIP archive, by name. */
export function unzip(bytes: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const local = bytes.readUInt32LE(at + 42);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(from, from + size);
    const content = method === 0 ? packed : inflateRawSync(packed);
    files.set(bytes.toString("utf8", at + 46, at + 46 + name), content.toString("utf8"));
    at += 46 + name + extra + comment;
  }
  return files;
}
