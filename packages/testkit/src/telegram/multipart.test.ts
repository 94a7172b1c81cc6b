import { expect, it } from "vitest";
import { parseMultipart } from "./multipart.ts";

const type = "multipart/form-data; boundary=----------xyz";
const body = (...parts: string[]) =>
  Buffer.from(`${parts.map((part) => `------------xyz\r\n${part}\r\n`).join("")}------------xyz--\r\n`, "latin1");

it("reads parts as grammY writes them, without spaces and quotes", () => {
  const { fields, files } = parseMultipart(
    body(
      'content-disposition:form-data;name="chat_id"\r\n\r\n7',
      'content-disposition:form-data;name="abc";filename=my file.txt\r\ncontent-type:text/plain\r\n\r\na\r\n--b\r\n',
    ),
    type,
  );
  expect(fields).toEqual({ chat_id: "7" });
  expect(files["abc"]).toMatchObject({ fileName: "my file.txt", mimeType: "text/plain" });
  expect(Buffer.from(files["abc"]?.data ?? []).toString()).toBe("a\r\n--b\r\n");
});

it("reads parts as browsers write them", () => {
  const { files } = parseMultipart(
    body(
      'Content-Disposition: form-data; name="photo"; filename="p.png"\r\nContent-Type: image/png\r\n\r\n\u0000\u00ff',
    ),
    type,
  );
  expect(files["photo"]).toMatchObject({ fileName: "p.png", mimeType: "image/png", data: new Uint8Array([0, 255]) });
});

it("takes nothing from a body that is none", () => {
  expect(parseMultipart(Buffer.from("nonsense"), type)).toEqual({ fields: {}, files: {} });
  expect(parseMultipart(body("no header"), "multipart/form-data")).toEqual({ fields: {}, files: {} });
});
