/** One entry of a master file: its words, over as many lines as parentheses hold together. */
export interface MasterEntry {
  /** 1-based, where it begins. */
  readonly line: number
  /** Whether white space stands in place of the owner name. */
  readonly indented: boolean
  /** As written: quotes and escapes are kept. */
  readonly words: readonly string[]
}

/** Why a text is no master file, in words for the user. */
export interface MasterFault {
  /** 1-based. */
  readonly line: number
  readonly fault: string
  readonly hint?: string
}

const PIECE =
  /(?<blank>[ \t\f\v]+|;[^\r\n]*)|(?<end>\r\n|\r|\n)|(?<bracket>[()])|(?<word>"(?:[^"\\\r\n]|\\[^\r\n])*"|(?:[^ \t\f\v\r\n;()"\\]|\\[^\r\n])+)|(?<stray>.)/gsu

/** Characters of one line. The longest record there is has 64 KiB of rdata, some 256 KiB where all of it is escaped. */
const LINE_LIMIT = 1 << 20

/** Splits the text of a master file into entries (RFC 1035 §5.1): comments, quoted strings, escapes and parentheses. */
export function masterEntries(text: string): { entries: MasterEntry[]; faults: MasterFault[] } {
  const long = text.split(/\r\n|\r|\n/).findIndex(({ length }) => length > LINE_LIMIT)
  if (long >= 0) return { entries: [], faults: [{ line: long + 1, fault: 'the line is longer than any record' }] }
  const entries: MasterEntry[] = []
  const faults: MasterFault[] = []
  let line = 1
  let depth = 0
  let opened = 1
  let begun = 1
  let indented = false
  let fresh = true
  let words: string[] = []
  const finish = (): void => {
    if (words.length > 0) entries.push({ line: begun, indented, words })
    words = []
    fresh = true
  }
  for (const { groups = {} } of text.replace(/^\ufeff/, '').matchAll(PIECE)) {
    const { blank, end, bracket, word, stray } = groups
    if (fresh && end === undefined) {
      begun = line
      indented = blank?.startsWith(';') === false
      fresh = false
    }
    if (word !== undefined) words.push(word)
    else if (bracket === '(') {
      if (depth === 0) opened = line
      depth += 1
    } else if (bracket === ')') {
      if (depth === 0) faults.push({ line, fault: 'a `)` without a `(` before it' })
      else depth -= 1
    } else if (stray !== undefined)
      faults.push({
        line,
        fault: stray === '"' ? 'a quoted string does not end on its line' : 'a `\\` escapes nothing',
      })
    if (end === undefined) continue
    line += 1
    if (depth === 0) finish()
  }
  if (depth > 0) faults.push({ line: opened, fault: 'the `(` that is opened here is not closed' })
  finish()
  return { entries, faults }
}
