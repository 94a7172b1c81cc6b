import { useState } from "react";
import { useDashboard } from "../app/dashboard.ts";
import { useRouter } from "../router/link.tsx";
import { useStore } from "../store/use-store.ts";
import { Dialog } from "../ui/dialog.tsx";
import type { SessionRow } from "./session-row.ts";

/** Rename, start over, delete. What cannot be undone asks once more in place. */
export function SessionOptions({ row, onClose }: { row: SessionRow; onClose: () => void }) {
  const { sessions, settings, conversation } = useDashboard();
  const router = useRouter();
  const open = useStore(settings).sessionKey === row.key;
  const [label, setLabel] = useState(row.label ?? "");
  const [confirming, setConfirming] = useState<"reset" | "delete">();
  const [error, setError] = useState<string>();
  const isMain = /^agent:[^:]+:main$/.test(row.key);

  const attempt = async (work: Promise<void>, then?: () => void) => {
    try {
      await work;
      then?.();
      onClose();
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
      setConfirming(undefined);
    }
  };
  const reset = () => attempt(sessions.reset(row.key), () => conversation(row.key).reload());
  const remove = () =>
    attempt(sessions.remove(row.key), () => {
      if (!open) return;
      settings.update((current) => ({ ...current, sessionKey: undefined }));
      router.go({ room: router.route.get().room });
    });

  return (
    <Dialog label={`Options for ${row.title}`} onClose={onClose}>
      <h2 dir="auto">{row.title}</h2>
      <p className="muted small-text key">{row.key}</p>
      {error && (
        <p role="alert" className="error">
          {error}
        </p>
      )}
      {confirming ? (
        <div>
          <p>
            {confirming === "reset"
              ? "Start over? The assistant forgets what was said in this conversation; its settings stay."
              : "Delete this conversation and what was said in it?"}
          </p>
          <p className="actions">
            <button type="button" className="danger" onClick={() => void (confirming === "reset" ? reset() : remove())}>
              {confirming === "reset" ? "Start over" : "Delete"}
            </button>
            <button type="button" className="quiet" onClick={() => setConfirming(undefined)}>
              Keep it
            </button>
          </p>
        </div>
      ) : (
        <>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              void attempt(sessions.rename(row.key, label.trim() || undefined));
            }}
          >
            <label className="field">
              <span>Name</span>
              <input
                value={label}
                maxLength={64}
                dir="auto"
                placeholder={row.title}
                onChange={(event) => setLabel(event.target.value)}
              />
            </label>
            <p className="actions">
              <button type="submit" className="primary">
                Save name
              </button>
              <button type="button" className="quiet" onClick={onClose}>
                Close
              </button>
            </p>
          </form>
          <hr />
          <p className="actions">
            <button type="button" onClick={() => setConfirming("reset")}>
              Start over…
            </button>
            {isMain ? (
              <span className="muted small-text">The main chat cannot be deleted.</span>
            ) : (
              <button type="button" onClick={() => setConfirming("delete")}>
                Delete…
              </button>
            )}
          </p>
        </>
      )}
    </Dialog>
  );
}
