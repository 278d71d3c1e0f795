const YES: readonly unknown[] = [true, 'yes', 'on', 'true', 'y']
const NO: readonly unknown[] = [false, 'no', 'off', 'false', 'n']

/** A text that stands in YAML as it is, in a list too. */
export function isPlain(value: unknown): value is string {
  return typeof value === 'string' && /^[^\s,[\]{}]+$/.test(value)
}

/** What stands as one word in YAML. */
export function isWord(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

/** Whether somebody who knows other readers of YAML wrote "yes". */
export function isYes(value: unknown): boolean {
  return YES.includes(typeof value === 'string' ? value.toLowerCase() : value)
}

/** Whether somebody who knows other readers of YAML wrote "no". */
export function isNo(value: unknown): boolean {
  return NO.includes(typeof value === 'string' ? value.toLowerCase() : value)
}
