import { crc32, inflateRawSync } from "node:zlib";
import { badArchive, maxUnpackedBytes, type ArchiveEntry } from "./archive-entry.ts";

const endSignature = 0x06054b50;
const centralSignature = 0x02014b50;
const localSignature = 0x04034b50;
/** The end record and the longest comment behind it. */
const endSearch = 22 + 0xffff;

/** Entries of a zip archive as its central directory lists them: stored or deflated, not encrypted, no zip64. */
export function* readZip(bytes: Uint8Array): Generator<ArchiveEntry> {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  const count = view.readUInt16LE(end + 10);
  let at = view.readUInt32LE(end + 16);
  let left = maxUnpackedBytes;
  for (let index = 0; index < count; index++) {
    if (at + 46 > view.length || view.readUInt32LE(at) !== centralSignature)
      throw badArchive("its directory is damaged");
    const flags = view.readUInt16LE(at + 8);
    const nameLength = view.readUInt16LE(at + 28);
    const name = view.toString("utf8", at + 46, at + 46 + nameLength);
    // Made on Unix: file type and permissions are in the upper half of the external attributes.
    const mode = view.readUInt16LE(at + 4) >> 8 === 3 ? view.readUInt16LE(at + 40) : 0;
    const type = mode & 0o170000;
    if ((flags & 1) !== 0) throw badArchive("it is encrypted");
    const kind = name.endsWith("/") ? "directory" : type === 0 || type === 0o100000 ? "file" : "other";
    const content = kind === "file" ? contentOf(view, at, left) : new Uint8Array();
    left -= content.length;
    yield { name, kind, content, executable: (mode & 0o111) !== 0 };
    at += 46 + nameLength + view.readUInt16LE(at + 30) + view.readUInt16LE(at + 32);
  }
}

function findEnd(view: Buffer): number {
  for (let at = view.length - 22; at >= Math.max(0, view.length - endSearch); at--)
    if (view.readUInt32LE(at) === endSignature) return at;
  throw badArchive("it is no zip archive");
}

function contentOf(view: Buffer, central: number, limit: number): Uint8Array {
  const method = view.readUInt16LE(central + 10);
  const packed = view.readUInt32LE(central + 20);
  const size = view.readUInt32LE(central + 24);
  const local = view.readUInt32LE(central + 42);
  if (local + 30 > view.length || view.readUInt32LE(local) !== localSignature) throw badArchive("an entry is damaged");
  const start = local + 30 + view.readUInt16LE(local + 26) + view.readUInt16LE(local + 28);
  if (start + packed > view.length) throw badArchive("it is cut off");
  if (size > limit) throw badArchive("it is too large to unpack");
  const data = view.subarray(start, start + packed);
  const content = method === 0 ? data : inflated(data, method, size);
  if (content.length !== size || crc32(content) !== view.readUInt32LE(central + 16))
    throw badArchive("an entry is damaged");
  return content;
}

function inflated(data: Buffer, method: number, size: number): Buffer {
  if (method !== 8) throw badArchive(`it is packed by a method (${method}) that is not known here`);
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(1, size) });
  } catch (cause) {
    throw badArchive("an entry is damaged", cause);
  }
}
