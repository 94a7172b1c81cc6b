import type { SessionEntry } from "@openclaw/core/sessions";
import { expect, test } from "vitest";
import { keptProfile, profileFields } from "./session-profile.ts";

const entry = (more: Partial<SessionEntry> = {}): SessionEntry => ({ sessionId: "s", updatedAt: 0, ...more });
const answered = {
  attempts: [
    { provider: "p", model: "m", profile: "p:a", error: "refused" },
    { provider: "p", model: "m", profile: "p:b" },
  ],
};

test("the profile that answered is kept until the conversation is summarised", () => {
  const after = entry({ compactionCount: 2, ...(profileFields(answered, entry(), 2) as Partial<SessionEntry>) });
  expect(keptProfile(after)).toEqual({ id: "p:b", source: "auto" });
  expect(keptProfile({ ...after, compactionCount: 3 })).toBeUndefined();
});

test("a profile that a person chose is neither replaced nor let go of", () => {
  const chosen = entry({ authProfileOverride: "p:mine", authProfileOverrideSource: "user", compactionCount: 9 });
  expect(profileFields(answered, chosen, 9)).toEqual({});
  expect(keptProfile(chosen)).toEqual({ id: "p:mine", source: "user" });
  expect(keptProfile(entry())).toBeUndefined();
});

test("a turn that nobody answered, or that needed no profile, leaves things as they are", () => {
  expect(profileFields({ attempts: [answered.attempts[0]!] }, entry(), 0)).toEqual({});
  expect(profileFields({ attempts: [{ provider: "p", model: "m" }] }, entry(), 0)).toEqual({});
});
