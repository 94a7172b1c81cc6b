import { badArchive, type ArchiveEntry } from "./archive-entry.ts";

const blockSize = 512;

/** Entries of a tar archive: ustar, with the long names of GNU and pax. */
export function* readTar(bytes: Uint8Array): Generator<ArchiveEntry> {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let longName: string | undefined;
  for (let at = 0; at + blockSize <= view.length;) {
    const header = view.subarray(at, at + blockSize);
    if (header.every((byte) => byte === 0)) return;
    requireChecksum(header);
    const size = octal(header, 124, 12);
    const start = at + blockSize;
    if (start + size > view.length) throw badArchive("it is cut off");
    const content = view.subarray(start, start + size);
    at = start + Math.ceil(size / blockSize) * blockSize;
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === "L") longName = text(content, 0, size);
    else if (type === "x") longName = paxPath(content) ?? longName;
    else if (type !== "g") {
      yield {
        name: longName ?? plainName(header),
        kind: type === "0" || type === "\0" || type === "7" ? "file" : type === "5" ? "directory" : "other",
        content,
        executable: (octal(header, 100, 8) & 0o111) !== 0,
      };
      longName = undefined;
    }
  }
}

function plainName(header: Buffer): string {
  const name = text(header, 0, 100);
  const prefix = text(header, 257, 6).startsWith("ustar") ? text(header, 345, 155) : "";
  return prefix ? `${prefix}/${name}` : name;
}

/** Records `<length> <key>=<value>\n`. */
function paxPath(content: Buffer): string | undefined {
  let path: string | undefined;
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(0x20, at);
    const length = Number(content.toString("latin1", at, Math.max(at, space)));
    if (space < 0 || !Number.isInteger(length) || length <= 0) throw badArchive("its extended header is damaged");
    const record = content.toString("utf8", space + 1, at + length - 1);
    if (record.startsWith("path=")) path = record.slice("path=".length);
    at += length;
  }
  return path;
}

function requireChecksum(header: Buffer): void {
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 0x20 : byte), 0);
  if (sum !== octal(header, 148, 8)) throw badArchive("it is no tar archive, or damaged");
}

function octal(header: Buffer, from: number, length: number): number {
  const field = text(header, from, length).trim();
  const value = field === "" ? 0 : /^[0-7]+$/.test(field) ? Number.parseInt(field, 8) : Number.NaN;
  if (Number.isNaN(value)) throw badArchive("it is no tar archive, or damaged");
  return value;
}

function text(buffer: Buffer, from: number, length: number): string {
  const part = buffer.subarray(from, from + length);
  const end = part.indexOf(0);
  return part.toString("utf8", 0, end < 0 ? part.length : end);
}
