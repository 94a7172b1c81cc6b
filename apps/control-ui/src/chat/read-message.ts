import { isRecord } from "../wire/narrow.ts";
import type { Part } from "./model.ts";

/** The parts of a stored or streamed message's `content`; what is not understood is left out. */
export function readParts(content: unknown): Part[] {
  if (typeof content === "string") return content.trim() === "" ? [] : [{ kind: "text", text: content }];
  if (!Array.isArray(content)) return [];
  return content.flatMap((block: unknown) => readBlock(block));
}

function readBlock(block: unknown): Part[] {
  if (!isRecord(block)) return [];
  switch (block.type) {
    case "text":
      return typeof block.text === "string" && block.text.trim() !== "" ? [{ kind: "text", text: block.text }] : [];
    case "thinking": {
      const text = block.thinking ?? block.text;
      return typeof text === "string" && text.trim() !== "" ? [{ kind: "thinking", text }] : [];
    }
    case "toolCall":
      return [
        {
          kind: "tool",
          call: { id: String(block.id), name: String(block.name), args: block.arguments, state: "unknown" },
        },
      ];
    case "image":
      return [{ kind: "image", source: imageSource(block), label: "Image" }];
    default:
      return [];
  }
}

/** Only pixels that came with the message are shown: an address would make the browser call a stranger. */
function imageSource(block: Record<string, unknown>): string | undefined {
  const { data, mimeType } = block;
  if (typeof data !== "string" || typeof mimeType !== "string") return undefined;
  return /^image\/(?:png|jpeg|gif|webp)$/.test(mimeType) && /^[A-Za-z0-9+/]+=*$/.test(data)
    ? `data:${mimeType};base64,${data}`
    : undefined;
}

/** A tool's answer as text: its text blocks, else its JSON. */
export function resultText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  const content = isRecord(value) && Array.isArray(value.content) ? value.content : value;
  if (Array.isArray(content)) {
    const lines = content.flatMap((block: unknown) => {
      if (isRecord(block) && typeof block.text === "string") return [block.text];
      return isRecord(block) && block.type === "image" ? ["[image]"] : [];
    });
    if (lines.length > 0 || content.length === 0) return lines.join("\n");
  }
  return JSON.stringify(value, null, 2);
}
