/** What the cloud Bot API takes. Texts in UTF-16 units after entities were read, files in bytes. */
export const TEXT_LIMIT = 4096;
export const CAPTION_LIMIT = 1024;
export const UPLOAD_LIMIT = 50 * 1024 * 1024;
/** Pictures beyond this go as documents. */
export const PHOTO_LIMIT = 10 * 1024 * 1024;
