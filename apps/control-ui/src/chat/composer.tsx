import { useEffect, useId, useRef, useState } from "react";
import type { ClipboardEvent, DragEvent, KeyboardEvent } from "react";
import { useDashboard } from "../app/dashboard.ts";
import { useStore } from "../store/use-store.ts";
import { Icon } from "../ui/icon.tsx";
import { suggest } from "./commands.ts";
import type { Conversation } from "./conversation.ts";
import { fitImage, imageBudget, maxImages } from "./fit-image.ts";
import { PictureStrip } from "./picture-strip.tsx";
import type { Picture } from "./picture-strip.tsx";

interface ComposerProps {
  conversation: Conversation;
  /** A turn is running: what is sent now waits, and the turn can be stopped. */
  busy: boolean;
  onSend: Conversation["send"];
}

/** The place to write. Enter sends, Shift+Enter breaks the line; pictures are pasted, dropped or chosen. */
export function Composer({ conversation, busy, onSend }: ComposerProps) {
  const { link } = useDashboard();
  const text = useStore(conversation.draft);
  const [pictures, setPictures] = useState<Picture[]>([]);
  const [problem, setProblem] = useState<string>();
  const [preparing, setPreparing] = useState(false);
  const [chosen, setChosen] = useState(0);
  const [dismissed, setDismissed] = useState(false);
  const [dropping, setDropping] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const hintsId = useId();

  const hints = dismissed ? [] : suggest(text);
  const selected = hints[Math.min(chosen, hints.length - 1)];
  const sendable = (text.trim() !== "" || pictures.length > 0) && !preparing;

  useEffect(() => {
    // Touch keyboards would cover the conversation on every change of room.
    if (matchMedia("(pointer: fine)").matches) area.current?.focus();
  }, []);

  const write = (next: string) => {
    conversation.draft.set(next);
    setDismissed(false);
    setChosen(0);
  };

  const add = (files: Iterable<File>) => {
    const images = [...files].filter((file) => file.type.startsWith("image/"));
    if (images.length === 0) return;
    const room = maxImages - pictures.length;
    setProblem(images.length > room ? `At most ${maxImages} pictures fit into one message.` : undefined);
    setPictures([...pictures, ...images.slice(0, room).map((file) => ({ file, url: URL.createObjectURL(file) }))]);
  };

  const drop = (picture: Picture) => {
    URL.revokeObjectURL(picture.url);
    setPictures(pictures.filter((other) => other !== picture));
  };

  const send = async () => {
    if (!sendable) return;
    const status = link.status.get();
    const maxPayload = status.phase === "ready" || status.phase === "offline" ? status.hello.maxPayload : 0;
    const textBytes = new TextEncoder().encode(JSON.stringify(text)).length;
    if (textBytes + 4_096 > maxPayload) {
      setProblem(
        `This text is too long for one message (${Math.round(textBytes / 1024)} of ${Math.round(maxPayload / 1024)} KiB).`,
      );
      return;
    }
    setPreparing(true);
    try {
      const budget = imageBudget(maxPayload, textBytes, pictures.length);
      const images = await Promise.all(pictures.map(({ file }) => fitImage(file, budget)));
      onSend(text.trim(), images);
      for (const { url } of pictures) URL.revokeObjectURL(url);
      setPictures([]);
      setProblem(undefined);
      write("");
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setPreparing(false);
      area.current?.focus();
    }
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // Enter that ends an input method's composition is not the person's.
    if (event.nativeEvent.isComposing) return;
    if (selected && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      setChosen((chosen + (event.key === "ArrowDown" ? 1 : hints.length - 1)) % hints.length);
    } else if (selected && event.key === "Escape") {
      event.preventDefault();
      setDismissed(true);
    } else if (selected && (event.key === "Tab" || event.key === "Enter") && selected.name !== text) {
      event.preventDefault();
      write(selected.name);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void send();
    }
  };

  const onPaste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    add(event.clipboardData.files);
  };
  const onDrag = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    setDropping(event.type === "dragover");
    if (event.type === "drop") add(event.dataTransfer.files);
  };

  return (
    <form
      className={dropping ? "composer dropping" : "composer"}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onDragOver={onDrag}
      onDragLeave={onDrag}
      onDrop={onDrag}
    >
      {hints.length > 0 && (
        <ul className="hints" id={hintsId} role="listbox" aria-label="Commands">
          {hints.map((command) => (
            <li
              key={command.name}
              id={`${hintsId}${command.name}`}
              role="option"
              aria-selected={command === selected}
              onMouseDown={(event) => {
                event.preventDefault();
                write(command.name);
              }}
            >
              <code>{command.name}</code> <span className="muted">{command.hint}</span>
            </li>
          ))}
        </ul>
      )}
      {problem && (
        <p className="error" role="alert">
          {problem}
        </p>
      )}
      <PictureStrip pictures={pictures} onRemove={drop} />
      <div className="composer-line">
        <button
          type="button"
          className="quiet icon-only"
          aria-label="Add pictures"
          onClick={() => picker.current?.click()}
        >
          <Icon name="image" />
        </button>
        <input
          ref={picker}
          type="file"
          accept="image/*"
          multiple
          hidden
          onChange={(event) => {
            add(event.target.files ?? []);
            event.target.value = "";
          }}
        />
        <div className="grow" data-text={`${text} `}>
          <textarea
            ref={area}
            rows={1}
            dir="auto"
            value={text}
            placeholder={busy ? "Write the next message…" : "Write a message…"}
            aria-label="Message"
            role="combobox"
            aria-expanded={hints.length > 0}
            aria-controls={hintsId}
            aria-activedescendant={selected ? `${hintsId}${selected.name}` : undefined}
            aria-autocomplete="list"
            enterKeyHint="send"
            onChange={(event) => write(event.target.value)}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
          />
        </div>
        {busy && (
          <button
            type="button"
            className="icon-only"
            aria-label="Stop"
            title="Stop (Esc)"
            onClick={() => conversation.stop()}
          >
            <Icon name="stop" />
          </button>
        )}
        <button
          type="submit"
          className="primary icon-only"
          aria-label={busy ? "Send after this answer" : "Send"}
          disabled={!sendable}
        >
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}
