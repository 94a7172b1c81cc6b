import { extname } from "node:path";
import { OpenClawError } from "@openclaw/core";
import type { Tool } from "@openclaw/plugin-sdk/tool";
import type { FilesOf } from "./file-access.ts";
import { IMAGES, readBytes } from "./read.ts";

/** Shows images to the image model and asks it something. Throws what a person would be told. */
export type AskImage = (
  question: { text: string; images: { data: string; mimeType: string }[] },
  context: { sessionKey: string; signal: AbortSignal },
) => Promise<string>;

export interface ImageToolOptions {
  filesOf: FilesOf;
  ask: AskImage;
}

const DEFAULT_PROMPT = "Describe this image, and write out any text in it.";

/** Lets a model that sees nothing, or not well, look through the configured image model. */
export function createImageTool({ filesOf, ask }: ImageToolOptions): Tool<{ image: string; prompt?: string }> {
  return {
    name: "image",
    label: "Look at image",
    description: "Ask the image model about an image file.",
    parameters: {
      type: "object",
      properties: { image: { type: "string", description: "Path" }, prompt: { type: "string" } },
      required: ["image"],
    },
    replay: "safe",
    async execute({ image, prompt = DEFAULT_PROMPT }, { sessionKey, signal }) {
      const files = filesOf(sessionKey);
      const file = files.resolve(image);
      const mimeType = IMAGES[extname(file).toLowerCase()];
      if (!mimeType) {
        throw new OpenClawError({
          code: "IMAGE_KIND",
          message: `${image} is not an image of a known kind (${Object.keys(IMAGES).join(", ")}).`,
          hint: "Convert it with exec first.",
        });
      }
      const data = (await readBytes(files, file, image)).toString("base64");
      const answer = await ask({ text: prompt, images: [{ data, mimeType }] }, { sessionKey, signal });
      return { content: [{ type: "text", text: answer }], details: { path: file, mimeType } };
    },
  };
}
