import type { Api, AssistantMessageEvent, Model, SimpleStreamOptions, TranscriptContext } from "@earendil-works/pi-ai";
import type { CredentialOption } from "../auth/credentials.ts";
import type { Failure } from "./failure.ts";

/** A model that may answer, ready to be called. */
export interface Candidate {
  model: Model<Api>;
  /** pi's uniform signature; the offline provider has it too. */
  stream(
    model: Model<Api>,
    context: TranscriptContext,
    options: SimpleStreamOptions,
  ): AsyncIterable<AssistantMessageEvent>;
  /** Key, headers and parameters of this model. What the caller of `stream` says comes before them. */
  options: SimpleStreamOptions;
  keyFrom?: string;
  /** Longest silence that is normal for it, ms, when that is more than usual. */
  idleTimeoutMs?: number;
}

/** A model and the ways to call it. */
export interface CandidateEntry {
  provider: string;
  model: string;
  /** Credentials in the order to try them; asked again for each decision. None: it is called once, without. */
  credentials?(): readonly CredentialOption[];
  /** Made when its turn comes, so that nothing is loaded for a fallback that is not needed. */
  prepare(option?: CredentialOption): Promise<Candidate>;
  /** Told how a credential fared; undefined is an answer. */
  note?(option: CredentialOption, failure: Failure | undefined): void;
}
