import type { StreamFn } from "@earendil-works/pi-agent-core";
import type { Api, AssistantMessage, Model } from "@earendil-works/pi-ai";
import { createAssistantMessageEventStream } from "@earendil-works/pi-ai/utils/event-stream";
import { systemClock, type Clock } from "@openclaw/core";
import { decide } from "./engine/decide.ts";
import type { Rule } from "./engine/rule.ts";
import { offlineModel } from "./model.ts";
import { introduction } from "./skills/help.ts";
import { offlineRules } from "./skills/offline-rules.ts";
import { createMeaning, type Meaning } from "./meaning.ts";
import { pushStep } from "./push-step.ts";
import { lastResort } from "./skills/meanings.ts";

export interface OfflineProviderOptions {
  /** Default: the machine's. */
  clock?: Clock;
  /** IANA name in which dates are understood and times told. Default: the machine's. */
  timeZone?: string;
  /** Where the packages of the local embedding model are looked for, besides this package's own surroundings. */
  stateDir?: string;
  /** Added after the built-in ones, e.g. by a scheduler. */
  rules?: readonly Rule[];
}

export interface OfflineProvider {
  /** Provider `offline`, id `rules`, every price 0. */
  model: Model<Api>;
  /**
   * Answers by fixed rules, through the agent's own tools. Deterministic for a given transcript and clock. As the
   * contract of stream functions demands, it never throws: a failure or an abort is the last event of the stream.
   */
  stream: StreamFn;
}

/** The provider for a machine without any language model: `offline/rules`. */
export function createOfflineProvider(options: OfflineProviderOptions = {}): OfflineProvider {
  const clock = options.clock ?? systemClock;
  const timeZone = options.timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const rules = [...offlineRules, ...(options.rules ?? [])];
  const { stateDir } = options;
  let meaning: Promise<Meaning | undefined> | undefined;
  const findMeaning = async (): Promise<Meaning | undefined> => {
    if (stateDir === undefined) return undefined;
    const { findLocalProvider } = await import("../tools/memory/embeddings/local-provider.ts");
    const local = findLocalProvider({ stateDir, clock });
    return local && createMeaning(local.embed);
  };
  const stream: StreamFn = (asked, context, request) => {
    const events = createAssistantMessageEventStream();
    const now = clock.now();
    const message: AssistantMessage = {
      role: "assistant",
      content: [],
      api: asked.api,
      provider: asked.provider,
      model: asked.id,
      usage: {
        input: 0,
        output: 0,
        cacheRead: 0,
        cacheWrite: 0,
        totalTokens: 0,
        cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 },
      },
      stopReason: "pending",
      timestamp: now,
    };
    const base = { messages: context.messages, rules, now, timeZone, introduction };
    const next = async () => {
      meaning ??= findMeaning();
      const known = await meaning;
      if (!known) return decide(base);
      const informed = { ...base, meaning: { ruleOf: known.ruleOf, lastResort } };
      const step = decide(informed);
      const unknown = known.unknown();
      if (unknown.length === 0) return step;
      // Only what no phrasing matches is asked about: rules stay instant.
      await known.learn(unknown);
      return decide(informed);
    };
    void pushStep(events, message, next, {
      idPrefix: `rules_${context.messages.length}_${now.toString(36)}`,
      signal: request?.signal,
    });
    return events;
  };
  return { model: offlineModel, stream };
}
