export type { StoredMessage, Transcript, TranscriptEntry } from "./transcript-types.ts";
