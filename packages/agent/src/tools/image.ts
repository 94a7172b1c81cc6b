import { extname } from "node:path";
import { OpenClawError } from "@openclaw/core";
import type { Tool } from "@openclaw/plugin-sdk/tool";
import type { Egress } from "./egress/index.ts";
import type { FilesOf } from "./file-access.ts";
import { IMAGES, MAX_IMAGE_BYTES, readBytes } from "./read.ts";

/** Shows images to the image model and asks it something. Throws what a person would be told. */
export type AskImage = (question: { text: string; images: Image[] }, context: AskContext) => Promise<string>;

interface Image {
  /** Base64. */
  data: string;
  mimeType: string;
}

interface AskContext {
  sessionKey: string;
  signal: AbortSignal;
}

export interface ImageToolOptions {
  filesOf: FilesOf;
  egress: Egress;
  /** A sandboxed session reaches no network, not by way of an image's address either. */
  isSandboxed(sessionKey: string): boolean;
  ask: AskImage;
}

const DEFAULT_PROMPT = "Describe this image, and write out any text in it.";
const FETCH_TIMEOUT_MS = 30_000;

/** Lets a model that sees nothing, or not well, look through the configured image model. */
export function createImageTool(options: ImageToolOptions): Tool<{ image: string; prompt?: string }> {
  return {
    name: "image",
    label: "Look at image",
    description: "Ask the image model about an image.",
    parameters: {
      type: "object",
      properties: { image: { type: "string", description: "Path or http(s) address" }, prompt: { type: "string" } },
      required: ["image"],
    },
    replay: "safe",
    async execute({ image: source, prompt = DEFAULT_PROMPT }, { sessionKey, signal }) {
      const image = isAddress(source)
        ? await fetchImage(source, { sessionKey, signal }, options)
        : await readImage(source, sessionKey, options);
      const answer = await options.ask({ text: prompt, images: [image] }, { sessionKey, signal });
      return { content: [{ type: "text", text: answer }], details: { image: source, mimeType: image.mimeType } };
    },
  };
}

const isAddress = (source: string) => /^https?:\/\//i.test(source.trim());

async function readImage(path: string, sessionKey: string, { filesOf }: ImageToolOptions): Promise<Image> {
  const files = filesOf(sessionKey);
  const file = files.resolve(path);
  const mimeType = IMAGES[extname(file).toLowerCase()];
  if (!mimeType)
    throw unknownKind(path, `known kind (${Object.keys(IMAGES).join(", ")})`, "Convert it with exec first.");
  return { data: (await readBytes(files, file, path)).toString("base64"), mimeType };
}

async function fetchImage(
  address: string,
  { sessionKey, signal }: AskContext,
  options: ImageToolOptions,
): Promise<Image> {
  if (options.isSandboxed(sessionKey)) {
    throw new OpenClawError({
      code: "IMAGE_SANDBOXED",
      message: "This session is sandboxed: images are looked at from its files, not from the network.",
    });
  }
  const { status, headers, body, url } = await options.egress.request(address.trim(), {
    signal,
    maxBytes: MAX_IMAGE_BYTES,
    timeoutMs: FETCH_TIMEOUT_MS,
    headers: { accept: Object.values(IMAGES).join(", ") },
  });
  if (status >= 400) {
    throw new OpenClawError({ code: "IMAGE_STATUS", message: `${new URL(url).host} answered with status ${status}.` });
  }
  const mimeType = headers["content-type"]?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (!Object.values(IMAGES).includes(mimeType)) {
    const kinds = [...new Set(Object.values(IMAGES))].join(", ");
    throw unknownKind(
      new URL(url).host,
      `known kind (${kinds}); the server calls it ${JSON.stringify(mimeType.slice(0, 80))}`,
    );
  }
  return { data: Buffer.from(body).toString("base64"), mimeType };
}

const unknownKind = (what: string, kinds: string, hint = "Give the address of the image itself.") =>
  new OpenClawError({ code: "IMAGE_KIND", message: `${what} is not an image of a ${kinds}.`, hint });
