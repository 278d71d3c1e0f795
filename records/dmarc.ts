/** Whether a TXT value is a DMARC policy or a report authorisation (RFC 9989): the version tag comes first. */
export function isDmarcValue(value: string): boolean {
  return /^\s*v\s*=\s*DMARC1\s*(?:;|$)/i.test(value)
}
