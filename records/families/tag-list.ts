import { cut, quoted } from '../cut.js'
import type { Fault } from './reading.js'

/** One `name=value` of a tag-list, without the white space around either. */
export interface Tag {
  readonly name: string
  readonly value: string
  /** Where the value begins in the text. */
  readonly offset: number
}

export interface TagList {
  /** In their order; a name that is there twice is there twice. */
  readonly tags: readonly Tag[]
  readonly faults: readonly Fault[]
}

/** What may stand around names, `=` and values. */
export interface TagSyntax {
  /** `WSP` is space and tab; FWS, which DKIM has, is line breaks too (RFC 6376 §2.8). */
  readonly blanks: string
  /** The section that defines the list. */
  readonly section: string
}

/** Characters of a tag's name that are shown; those in use have three at most. */
const NAME_SHOWN = 40

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/
/** VALCHAR and WSP (RFC 6376 §3.2): any printing character; the semicolon has ended the tag before. */
const VALUE = /^[\t\r\n -~]*$/

/** Reads a tag-list (RFC 6376 §3.2), the form of DKIM keys and DMARC policies. Linear. */
export function readTags(text: string, { blanks, section }: TagSyntax): TagList {
  const tags: Tag[] = []
  const faults: Fault[] = []
  const seen = new Set<string>()
  const parts = text.split(';')
  let start = 0
  for (const [index, part] of parts.entries()) {
    const [from, to] = trimmed(part, blanks)
    const equals = part.indexOf('=')
    if (from === to) {
      if (index < parts.length - 1) faults.push({ section, message: 'there is an empty tag' })
    } else {
      const name = equals < 0 ? '' : strip(part.slice(0, equals), blanks)
      const [first, last] = trimmed(part.slice(equals + 1), blanks)
      const value = part.slice(equals + 1 + first, equals + 1 + last)
      if (!NAME.test(name)) faults.push({ section, message: `${quoted(part.slice(from, to))} is no tag` })
      else {
        if (!VALUE.test(value))
          faults.push({ section, message: `the tag ${cut(name, NAME_SHOWN)} has a character no value can have` })
        if (seen.has(name)) faults.push({ section, message: `the tag ${cut(name, NAME_SHOWN)} is there twice` })
        seen.add(name)
        tags.push({ name, value, offset: start + equals + 1 + first })
      }
    }
    start += part.length + 1
  }
  return { tags, faults }
}

/**
 * Whether a TXT value is meant as a record of this version: its first tag is `v=` and the version. Spelt as no strict reader
 * takes it, in lower case or after white space, it is still nobody else's value.
 */
export function isOfVersion(value: string, version: string): boolean {
  const head = value.length > 4096 ? value.slice(0, 4096) : value
  const [name = '', found = '', ...more] = (head.split(';', 1)[0] as string).split('=')
  const isVersion = strip(found, WSP).toLowerCase() === version.toLowerCase()
  return strip(name, WSP).toLowerCase() === 'v' && isVersion && more.length === 0
}

/** A text without the blanks at both ends. */
export function strip(text: string, blanks: string): string {
  return text.slice(...trimmed(text, blanks))
}

function trimmed(text: string, blanks: string): [number, number] {
  let [from, to] = [0, text.length]
  while (from < to && blanks.includes(text[from] as string)) from++
  while (to > from && blanks.includes(text[to - 1] as string)) to--
  return [from, to]
}

/** Space and tab (RFC 5234 appendix B.1). */
export const WSP = ' \t'
/** What folding white space is made of (RFC 6376 §2.8). */
export const FWS = ' \t\r\n'
