import { Type } from "typebox";
import { choice, flag, int, list, map, section, strings, text } from "./dsl.ts";
import { rules } from "./session.ts";

const capability = choice(["image", "audio", "video"], "Kind of media.");

const entry = section("A provider's model, or a program.", {
  type: choice(["provider", "cli"], "A provider's API, or a program on this machine.", { default: "provider" }),
  provider: text("Provider id."),
  model: text("Model id. Needed for images."),
  profile: text("Credential profile."),
  preferredProfile: text("Credential profile tried first."),
  command: text("Program (type cli)."),
  args: strings("Arguments with {{MediaPath}}, {{Prompt}}, {{MaxChars}} and the other template variables."),
  capabilities: list("Kinds this entry serves. Default: what the provider can.", capability),
  prompt: text("Overrides the prompt."),
  maxChars: int("Longest result.", { minimum: 1, unit: "characters" }),
  maxBytes: int("Largest file.", { minimum: 1, unit: "bytes" }),
  timeoutSeconds: int("Longest wait.", { minimum: 1, unit: "s" }),
  language: text("Language hint for audio."),
  baseUrl: text("Overrides the provider's address."),
  headers: map("Further headers.", Type.String(), { key: "Header-Name" }),
  deepgram: section("Settings of the Deepgram service.", {
    detectLanguage: flag("Detect the language."),
    punctuate: flag("Punctuate."),
    smartFormat: flag("Format numbers and dates."),
  }),
});

const kind = (name: string, defaults: { maxChars?: number; maxBytes: number; timeoutSeconds: number }) =>
  section(`Understanding of ${name}.`, {
    enabled: flag("Understand it before the turn. Default: when a model is known."),
    prompt: text("Instruction for the model."),
    maxChars: int("Longest result.", {
      ...(defaults.maxChars && { default: defaults.maxChars }),
      minimum: 1,
      unit: "characters",
    }),
    maxBytes: int("Largest file.", { default: defaults.maxBytes, minimum: 1, unit: "bytes" }),
    timeoutSeconds: int("Longest wait.", { default: defaults.timeoutSeconds, minimum: 1, unit: "s" }),
    language: text("Language hint for audio."),
    attachments: section("Which of several files.", {
      mode: choice(["first", "all"], "One or all.", { default: "first" }),
      maxAttachments: int("Most files.", { minimum: 1 }),
      prefer: choice(["first", "last", "path", "url"], "Which ones come first."),
    }),
    scope: section("Where it applies; the first matching rule wins.", {
      default: choice(["allow", "deny"], "When no rule matches."),
      rules: rules("Rules in order."),
    }),
    models: list("Tried in order; the next one after a failure or a file too large.", entry),
    baseUrl: text("Overrides the provider's address."),
    headers: map("Further headers.", Type.String(), { key: "Header-Name" }),
    deepgram: section("Settings of the Deepgram service.", {
      detectLanguage: flag("Detect the language."),
      punctuate: flag("Punctuate."),
      smartFormat: flag("Format numbers and dates."),
    }),
  });

const MiB = 1024 * 1024;

export const media = section("Understanding of inbound images, audio and video.", {
  models: list("Models for all kinds, tried after a kind's own list.", entry),
  concurrency: int("Files understood at the same time.", { default: 2, minimum: 1 }),
  image: kind("images", { maxChars: 500, maxBytes: 10 * MiB, timeoutSeconds: 60 }),
  audio: kind("audio", { maxBytes: 20 * MiB, timeoutSeconds: 60 }),
  video: kind("video", { maxChars: 500, maxBytes: 50 * MiB, timeoutSeconds: 120 }),
});
