import type { Static } from "typebox";
import { flag, list, nullable, oneOf, open, optional, string, text } from "./building-blocks.ts";

export const TtsConvertParams = open({ text: text(), channel: optional(string()) });
export type TtsConvertParams = Static<typeof TtsConvertParams>;

export const TtsSetProviderParams = open({ provider: oneOf(["openai", "elevenlabs", "edge"]) });
export type TtsSetProviderParams = Static<typeof TtsSetProviderParams>;

export const TtsStatusResult = open({
  enabled: flag(),
  auto: string(),
  provider: string(),
  fallbackProvider: nullable(string()),
  fallbackProviders: list(string()),
  prefsPath: string(),
  hasOpenAIKey: flag(),
  hasElevenLabsKey: flag(),
  edgeEnabled: flag(),
});
export type TtsStatusResult = Static<typeof TtsStatusResult>;

export const TtsProvidersResult = open({
  providers: list(
    open({
      id: text(),
      name: string(),
      configured: flag(),
      models: list(string()),
      voices: optional(list(string())),
    }),
  ),
  active: string(),
});
export type TtsProvidersResult = Static<typeof TtsProvidersResult>;

/** Result of `tts.enable` and `tts.disable`. */
export const TtsEnabledResult = open({ enabled: flag() });
export type TtsEnabledResult = Static<typeof TtsEnabledResult>;

export const TtsSetProviderResult = open({ provider: string() });
export type TtsSetProviderResult = Static<typeof TtsSetProviderResult>;
