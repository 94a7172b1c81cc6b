import { parseConfigText } from "@openclaw/core/config";

/** A value typed on the command line: JSON5 where it is that (`true`, `19001`, `["a"]`), else the text itself. */
export function readSetting(text: string): unknown {
  try {
    return parseConfigText(text);
  } catch {
    return text;
  }
}
