import { Icon } from "../ui/icon.tsx";

/** A picture that waits to be sent; `url` is an object URL of the file. */
export interface Picture {
  file: File;
  url: string;
}

export function PictureStrip({
  pictures,
  onRemove,
}: {
  pictures: readonly Picture[];
  onRemove: (picture: Picture) => void;
}) {
  if (pictures.length === 0) return null;
  return (
    <ul className="pictures" aria-label="Pictures to send">
      {pictures.map((picture) => (
        <li key={picture.url}>
          <img src={picture.url} alt={picture.file.name} />
          <button
            type="button"
            className="icon-only"
            aria-label={`Remove ${picture.file.name}`}
            onClick={() => onRemove(picture)}
          >
            <Icon name="cross" />
          </button>
        </li>
      ))}
    </ul>
  );
}
