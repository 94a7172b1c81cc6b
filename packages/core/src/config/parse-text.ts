import { OpenClawError } from "../error.ts";
import { toValue } from "./source/node.ts";
import { parseSource } from "./source/parse.ts";
import { lineColumn, SourceError } from "./source/scan.ts";

/** Data of a JSON5 text, e.g. of a value typed on the command line. Fails with `CONFIG_PARSE`, which says where. */
export function parseConfigText(text: string): unknown {
  try {
    const { root, problems } = parseSource(text);
    const [problem] = problems;
    if (problem) throw new SourceError(problem.message, problem.offset);
    return toValue(root);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const { line, column } = lineColumn(text, error.offset);
    throw new OpenClawError({
      code: "CONFIG_PARSE",
      message: `Line ${line}, column ${column}: ${error.message}`,
      hint: "Write JSON5.",
    });
  }
}
