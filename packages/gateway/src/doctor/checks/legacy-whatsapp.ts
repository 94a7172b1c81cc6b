import { existsSync } from "node:fs";
import { join } from "node:path";
import { OpenClawError } from "@openclaw/core";
import type { DoctorCheck, Finding } from "../check.ts";
import { entriesOf } from "../list-files.ts";
import { moveEntry } from "../move-files.ts";

/** What the WhatsApp Web library (Baileys) writes into its folder. */
const LOGIN_FILE =
  /^(creds\.json|creds\.json\.bak|(app-state-sync|pre-key|sender-key|session|lid-mapping|device-list|tctoken)-.+\.json)$/;

export const legacyWhatsapp: DoctorCheck = {
  id: "legacy-whatsapp",
  group: "state",
  title: "WhatsApp's login lies in its account's folder",
  run({ paths, owner }) {
    const dirs = [paths.credentialsDir, join(paths.credentialsDir, "whatsapp")].filter((dir) =>
      existsSync(join(dir, "creds.json")),
    );
    const to = join(paths.credentialsDir, "whatsapp", "default");
    return dirs.map((from): Finding => {
      const message = `${from} holds the login of a single WhatsApp account, as older installations kept it.`;
      if (owner)
        return {
          severity: "warning",
          message,
          hint: `Stop the gateway (pid ${owner.pid}), then openclaw doctor --fix moves it to ${to}.`,
        };
      const apply = async () => {
        const stayed = entriesOf(from)
          .map(({ name }) => name)
          .filter((name) => LOGIN_FILE.test(name))
          .flatMap((name) => moveEntry(join(from, name), join(to, name)));
        if (stayed.length > 0)
          throw new OpenClawError({
            code: "STATE_CONFLICT",
            message: `${stayed.join(", ")} stayed: the account default has a login already.`,
            hint: "Remove the one that is no longer linked.",
          });
      };
      return { severity: "warning", message, fix: { summary: `Moves it to ${to}.`, apply } };
    });
  },
};
