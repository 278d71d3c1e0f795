/**
 * Whether a file is the draft of a lock that a killed run left. An empty one may be of a run that lives: the next run lets it
 * stand until two minutes have passed.
 */
export function isLockDraft(name: string): boolean {
  return /^\.new-[\da-f]+-\.mailsync\.lock$/.test(name)
}
