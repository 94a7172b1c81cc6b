import { Type } from "typebox";
import { flag, map, secret, section, text } from "./dsl.ts";

export const talk = section("Defaults of Talk mode on macOS, iOS and Android.", {
  voiceId: text("Voice; ELEVENLABS_VOICE_ID or SAG_VOICE_ID stand in."),
  voiceAliases: map("Names for voices.", Type.String(), { key: "name" }),
  modelId: text("Model."),
  outputFormat: text("Audio format.", { placeholder: "mp3_44100_128" }),
  apiKey: secret("Key; ELEVENLABS_API_KEY stands in."),
  interruptOnSpeech: flag("Stop talking when the user speaks.", { default: true }),
});
