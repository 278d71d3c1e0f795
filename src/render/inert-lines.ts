import { inert } from './inert.js'

/** The lines of a message, each safe to print. */
export function inertLines(text: string): string[] {
  return text.trimEnd().split(/\r?\n/).map(inert)
}
