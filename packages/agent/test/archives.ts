import { crc32, deflateRawSync, gzipSync } from "node:zlib";

/** An entry of a hand-made archive; names and types may be as hostile as a test needs them. */
export interface MadeEntry {
  name: string;
  content?: string;
  /** tar type flag: `0` file, `2` symbolic link, `5` directory ... */
  type?: string;
  mode?: number;
}

export function makeTar(entries: readonly MadeEntry[]): Buffer {
  const blocks = entries.flatMap(({ name, content = "", type = "0", mode = 0o644 }) => {
    const header = Buffer.alloc(512);
    const data = Buffer.from(content);
    header.write(name, 0, 100);
    header.write(`${mode.toString(8).padStart(7, "0")}\0`, 100);
    header.write(`${data.length.toString(8).padStart(11, "0")}\0`, 124);
    header.write("        ", 148);
    header.write(type, 156);
    if (type === "2") header.write("/etc/passwd", 157);
    header.write("ustar\0", 257);
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, "0")}\0 `,
      148,
    );
    return [header, data, Buffer.alloc((512 - (data.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

export const makeTarGz = (entries: readonly MadeEntry[]): Buffer => gzipSync(makeTar(entries));

export function makeZip(entries: readonly MadeEntry[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name, content = "", type = "0", mode = 0o644 } of entries) {
    const data = Buffer.from(content);
    const packed = deflateRawSync(data);
    const bytes = Buffer.from(name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(crc32(data), 14);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt32LE(data.length, 22);
    local.writeUInt16LE(bytes.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(3 << 8, 4);
    central.writeUInt16LE(8, 10);
    central.writeUInt32LE(crc32(data), 16);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(data.length, 24);
    central.writeUInt16LE(bytes.length, 28);
    central.writeUInt32LE((((type === "2" ? 0o120000 : 0o100000) | mode) << 16) >>> 0, 38);
    central.writeUInt32LE(offset, 42);
    locals.push(local, bytes, packed);
    centrals.push(central, bytes);
    offset += 30 + bytes.length + packed.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}
