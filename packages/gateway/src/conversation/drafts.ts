import type { Clock } from "@openclaw/core";
import { incompleteTagAt, maybeSilent } from "@openclaw/core/reply";
import type { RunningAccount } from "../channels/running-account.ts";

/** Shows an answer while it is being written, where the platform has drafts. A draft is no message: nothing to undo. */
export interface Drafts {
  /** `text` is everything the turn has said so far. */
  show(runId: string, account: RunningAccount | undefined, target: string, text: string): void;
  end(runId: string): void;
}

/** Shortest time between two drafts of a turn, ms. */
const THROTTLE_MS = 300;
const MAX_CHARS = 4_096;

interface Draft {
  id: number;
  text: string;
  shown: string;
  busy: boolean;
  /** The chat shows no drafts. */
  off: boolean;
  cancel(): void;
  controller: AbortController;
}

export function createDrafts(clock: Clock): Drafts {
  const drafts = new Map<string, Draft>();
  let counter = 0;

  function push(draft: Draft, account: RunningAccount, target: string): void {
    const { connection } = account;
    if (draft.busy || draft.off || draft.text === draft.shown || !connection?.draft) return;
    draft.busy = true;
    draft.shown = draft.text;
    connection
      .draft(target, draft.id, draft.text.slice(-MAX_CHARS), draft.controller.signal)
      .catch(() => (draft.off = true));
    draft.cancel = clock.after(THROTTLE_MS, () => {
      draft.busy = false;
      push(draft, account, target);
    });
  }

  return {
    show(runId, account, target, text) {
      const mode = (account?.account.config as { streamMode?: string } | undefined)?.streamMode ?? "partial";
      if (!account?.definition.capabilities.drafts || mode === "off" || maybeSilent(text)) return;
      let draft = drafts.get(runId);
      if (!draft) {
        draft = {
          id: ++counter,
          text: "",
          shown: "",
          busy: false,
          off: false,
          cancel: () => {},
          controller: new AbortController(),
        };
        drafts.set(runId, draft);
      }
      draft.text = text.slice(0, incompleteTagAt(text));
      push(draft, account, target);
    },
    end(runId) {
      const draft = drafts.get(runId);
      draft?.cancel();
      draft?.controller.abort();
      drafts.delete(runId);
    },
  };
}
