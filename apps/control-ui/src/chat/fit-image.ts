import type { ImageAttachment } from "./model.ts";

const sendable = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** Longest side in pixels, tried in order until the picture fits. Models see no more than about 1,600. */
const sides = [1568, 1280, 1024, 768, 512, 320];

/** Most pictures in one message. */
export const maxImages = 4;

/**
 * Bytes each of `count` images may have so that the request fits one frame of `maxPayload` bytes: base64 takes 4 bytes
 * for 3, and the text and the frame around it need room too.
 */
export function imageBudget(maxPayload: number, textBytes: number, count: number): number {
  return Math.max(0, Math.floor(((maxPayload - textBytes - 4_096) * 0.74) / Math.max(1, count)));
}

/** The picture as it is sent: as it came when it fits the budget, else smaller and as JPEG. */
export async function fitImage(file: File, budget: number): Promise<ImageAttachment> {
  const name = file.name || "Pasted image";
  if (sendable.has(file.type) && file.size <= budget) {
    return { name, mimeType: file.type, content: await toBase64(file) };
  }
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (!bitmap) throw new Error(`${name} is not a picture this browser can read.`);
  for (const side of sides) {
    const blob = await drawn(bitmap, side);
    if (blob.size > budget) continue;
    bitmap.close();
    return { name, mimeType: "image/jpeg", content: await toBase64(blob) };
  }
  throw new Error(`${name} is too large to send, even made smaller. Send fewer pictures at once.`);
}

function drawn(bitmap: ImageBitmap, side: number): Promise<Blob> {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const canvas = new OffscreenCanvas(Math.max(1, bitmap.width * scale), Math.max(1, bitmap.height * scale));
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser cannot make the picture smaller.");
  // JPEG has no transparency: what is clear becomes white instead of black.
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
}

async function toBase64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const pieces: string[] = [];
  // In pieces: one call with all bytes as arguments exceeds the stack.
  for (let at = 0; at < bytes.length; at += 0x8000)
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  return btoa(pieces.join(""));
}
