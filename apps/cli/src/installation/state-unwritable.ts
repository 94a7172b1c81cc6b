import { OpenClawError } from "@openclaw/core";

/** A file of the state directory cannot be written: full, read-only, or somebody else's. */
export function stateUnwritable(path: string, cause: unknown): OpenClawError {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new OpenClawError({
    code: "STATE_UNWRITABLE",
    message: `${path} cannot be written (${reason}).`,
    hint:
      reason === "ENOSPC"
        ? "The disk is full. Make room and try again; nothing was lost."
        : "Check the owner and permissions of that directory, or point OPENCLAW_STATE_DIR at one of your own.",
    cause,
  });
}
