import type { Duplex } from "node:stream";
import type { Clock } from "@openclaw/core";
import { WebSocket } from "ws";
import { closeReason } from "./handshake-failure.ts";

export interface SocketWriterOptions {
  socket: WebSocket;
  /** The stream under the WebSocket; its `drain` tells when a slow client has caught up. */
  stream: Duplex;
  clock: Clock;
  maxBufferedBytes: number;
  closeGraceMs: number;
}

/** The sending side of one WebSocket. */
export interface SocketWriter {
  /** Responses are never dropped; a client that does not read them is not read from either until it does. */
  sendResponse(text: string): void;
  /** False when the client was too slow for it (and is being closed, unless the event is droppable) or is gone. */
  sendEvent(text: string, droppable: boolean): boolean;
  /** Closes, and cuts the connection when the other side does not answer in time. */
  close(code: number, reason?: string, graceMs?: number): void;
}

export function createSocketWriter(options: SocketWriterOptions): SocketWriter {
  const { socket, stream, clock, maxBufferedBytes, closeGraceMs } = options;
  let paused = false;

  stream.on("drain", () => {
    if (!paused || socket.bufferedAmount > maxBufferedBytes) return;
    paused = false;
    socket.resume();
  });

  function close(code: number, reason = "", graceMs = closeGraceMs): void {
    if (socket.readyState !== WebSocket.OPEN) return;
    // A paused socket would never read the other side's answer to the close.
    if (paused) socket.resume();
    paused = false;
    socket.close(code, closeReason(reason));
    const cancel = clock.after(graceMs, () => socket.terminate());
    socket.once("close", cancel);
  }

  return {
    sendResponse(text) {
      if (socket.readyState !== WebSocket.OPEN) return;
      socket.send(text);
      if (paused || socket.bufferedAmount <= maxBufferedBytes) return;
      paused = true;
      socket.pause();
    },
    sendEvent(text, droppable) {
      if (socket.readyState !== WebSocket.OPEN) return false;
      if (socket.bufferedAmount > maxBufferedBytes) {
        if (!droppable) close(1008, "slow consumer");
        return false;
      }
      socket.send(text);
      return true;
    },
    close,
  };
}
