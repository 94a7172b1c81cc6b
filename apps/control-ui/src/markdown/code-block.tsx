import { useRef } from "react";
import { CopyButton } from "../ui/copy-button.tsx";

/** Preformatted text with its language and a button that copies it. */
export function CodeBlock({ text, language }: { text: string; language?: string }) {
  const code = useRef<HTMLElement>(null);
  return (
    <figure className="code" dir="ltr">
      <figcaption>
        <span>{language || "text"}</span>
        <CopyButton text={text} selectOnFailure={code} label="Copy code" />
      </figcaption>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region has to be reachable by keyboard */}
      <pre tabIndex={0}>
        <code ref={code}>{text}</code>
      </pre>
    </figure>
  );
}
