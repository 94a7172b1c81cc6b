export interface MultipartFile {
  fileName: string;
  mimeType: string;
  data: Uint8Array;
}

export interface Multipart {
  fields: Record<string, string>;
  files: Record<string, MultipartFile>;
}

const CRLF2 = Buffer.from("\r\n\r\n");

/**
 * Reads a multipart/form-data body. Lenient on purpose: grammY leaves out the optional spaces of part headers and the
 * quotes of file names, which the strict parsers of the platform (`Response.formData`) refuse.
 */
export function parseMultipart(body: Buffer, contentType: string): Multipart {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  const result: Multipart = { fields: {}, files: {} };
  if (boundary === undefined) return result;
  const separator = Buffer.from(`--${boundary}`);
  let start = body.indexOf(separator);
  while (start !== -1) {
    const next = body.indexOf(separator, start + separator.length);
    if (next === -1) break;
    // A part is wrapped in CRLF on both sides.
    readPart(body.subarray(start + separator.length + 2, next - 2), result);
    start = next;
  }
  return result;
}

function readPart(part: Buffer, result: Multipart): void {
  const split = part.indexOf(CRLF2);
  if (split === -1) return;
  const headers = part.subarray(0, split).toString("utf8");
  const data = part.subarray(split + CRLF2.length);
  const name = /[;\s]name="?([^";\r\n]*)"?/i.exec(headers)?.[1];
  if (name === undefined) return;
  const fileName = /[;\s]filename="?([^"\r\n]*?)"?(?:;|\r|$)/im.exec(headers)?.[1];
  if (fileName === undefined) {
    result.fields[name] = data.toString("utf8");
    return;
  }
  const mimeType = /content-type:\s*([^\r\n;]+)/i.exec(headers)?.[1] ?? "application/octet-stream";
  result.files[name] = { fileName, mimeType, data: new Uint8Array(data) };
}
