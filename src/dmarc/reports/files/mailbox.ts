const BORDERS = ['\n\nFrom ', '\r\n\r\nFrom ']

/** The messages of a mailbox file (RFC 4155), each without its `From ` line. */
export function* splitMailbox(octets: Uint8Array): Generator<Uint8Array> {
  const all = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength)
  const border = all.includes(BORDERS[1] as string) ? (BORDERS[1] as string) : (BORDERS[0] as string)
  for (let start = 0; start < all.length; ) {
    const next = all.indexOf(border, start)
    const end = next < 0 ? all.length : next + border.length - 'From '.length
    const head = all.indexOf('\n', start)
    yield all.subarray(head < 0 || head >= end ? end : head + 1, end)
    start = end
  }
}
