import { Type } from "typebox";
import { flag, int, map, section } from "./dsl.ts";

const known = section("Environment variables set for the gateway unless the process already has them.", {
  vars: map("Variables, name to value.", Type.String({ "x-sensitive": true }), { key: "NAME" }),
  shellEnv: section("Take missing variables from the login shell.", {
    enabled: flag("Run the login shell once and import only expected variables that are missing.", { default: false }),
    timeoutMs: int("How long the shell may take.", { default: 15_000, minimum: 1, unit: "ms" }),
  }),
});

/** Beside `vars` and `shellEnv`, any other key is a variable itself. */
export const env = Type.Unsafe<Type.Static<typeof known> & { [name: string]: unknown }>({
  ...known,
  additionalProperties: { type: "string", description: "Value of the variable.", "x-sensitive": true },
});
