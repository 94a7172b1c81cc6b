import { type Finding, withConfiguration } from "../check.ts";

export const dmPolicy = withConfiguration({
  id: "dm-policy",
  group: "channels",
  title: "Strangers cannot command your assistant",
  run: ({ config }) =>
    Object.entries<unknown>(config.channels ?? {}).flatMap(([channel, section]): Finding[] => {
      if (channel === "defaults" || !isSection(section) || section.enabled === false) return [];
      const accounts = Object.entries(isSection(section.accounts) ? section.accounts : {});
      return [
        ...openPolicy(section, `channels.${channel}`),
        ...accounts.flatMap(([id, account]) =>
          isSection(account) ? openPolicy(account, `channels.${channel}.accounts.${id}`) : [],
        ),
      ];
    }),
});

type Section = Readonly<Record<string, unknown>>;

function openPolicy(section: Section, path: string): Finding[] {
  const nested = isSection(section.dm) && section.dm.policy === "open";
  if (section.dmPolicy !== "open" && !nested) return [];
  const key = nested ? `${path}.dm.policy` : `${path}.dmPolicy`;
  return [
    {
      severity: "warning",
      message: `${key} is "open": everybody who finds the account can give your assistant orders.`,
      hint: `To decide person by person: openclaw config set ${key} pairing, and take "*" out of allowFrom.`,
    },
  ];
}

const isSection = (value: unknown): value is Section =>
  typeof value === "object" && value !== null && !Array.isArray(value);
