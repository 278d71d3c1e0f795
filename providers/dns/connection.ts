/** DNS messages over one TCP connection (RFC 7766). Every failure is a MailsyncError. */
export interface Connection {
  send(message: Buffer): void
  /** The next message, which must come whole within the timeout once it has begun. Aborting the signal ends the wait. */
  receive(signal?: AbortSignal): Promise<Buffer>
  /** How many messages have come. */
  received(): number
  /** Lets the process end while this waits to be used again; false where it cannot be used again. */
  rest(): boolean
  /** The end of the rest; false where the server has closed the connection meanwhile. */
  wake(): boolean
  close(): void
}
