import type { StoredMessage } from "@openclaw/core/sessions";

/** What providers take as one image, bytes. */
const MAX_IMAGE_BYTES = 5 * 1024 * 1024;

interface Block {
  type: string;
  data?: string;
  mimeType?: string;
}

/** An image that providers would refuse is named instead of being sent: one refused image refuses the whole prompt. */
export function limitImages<M extends StoredMessage>(messages: readonly M[]): M[] {
  return messages.map((message) => {
    if (!Array.isArray(message.content)) return message;
    const blocks = message.content as Block[];
    if (!blocks.some(isTooLarge)) return message;
    return {
      ...message,
      content: blocks.map((block) =>
        isTooLarge(block)
          ? {
              type: "text",
              text: `[Image left out: ${block.mimeType ?? "image"} of ${megabytes(block)} MB; models take 5 MB.]`,
            }
          : block,
      ),
    };
  });
}

const bytesOf = ({ data = "" }: Block) => Math.floor((data.length * 3) / 4);
const isTooLarge = (block: Block) => block.type === "image" && bytesOf(block) > MAX_IMAGE_BYTES;
const megabytes = (block: Block) => (bytesOf(block) / 1024 / 1024).toFixed(1);
