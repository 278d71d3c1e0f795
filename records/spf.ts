/** Whether a TXT value is an SPF record (RFC 7208 §4.5): the version, then a space or the end. */
export function isSpfValue(value: string): boolean {
  return /^v=spf1(?: |$)/i.test(value)
}
