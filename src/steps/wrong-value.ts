import { type Name, ROOT } from '../../records/rr/name.js'
import { type Caa, type RdataByType, type RRType, rdataText, type Tlsa, targetOf } from '../../records/rr/rdata.js'

/** What may go wrong between a value that somebody is to enter and the value that servers then show. */
export type ValueMistake =
  | 'quotes'
  | 'backslash'
  | 'blank'
  | 'split-quotes'
  | 'cut'
  | 'dot-in-text'
  | 'priority-in-value'
  | 'relative-target'
  | 'reversed-address'

type Rdata = RdataByType[RRType]

/** Shorter values that another begins with are no part of it by accident. */
const CUT_FROM = 100

/** How one value became another one by being entered; undefined where they have nothing to do with each other. */
export function valueMistake(type: RRType, wanted: Rdata, held: Rdata, zone: Name): ValueMistake | undefined {
  const [right, wrong] = [rdataText(type, wanted), rdataText(type, held)]
  if (right === wrong) return undefined
  if (type === 'TXT') return textMistake(right, wrong)
  if (type === 'A' || type === 'AAAA')
    return wrong.split('.').reverse().join('.') === right ? 'reversed-address' : undefined
  const [target, shown] = [targetOf(type, wanted), targetOf(type, held)]
  if (target !== undefined && shown !== undefined) return targetMistake(target, shown, zone)
  const [head, value] = parted(type, wanted)
  const [otherHead, other] = parted(type, held)
  return head === otherHead ? textMistake(value, other) : undefined
}

/** What comes before the value of a CAA or a TLSA, and the value. */
function parted(type: RRType, rdata: Rdata): [head: string, value: string] {
  if (type === 'CAA') {
    const { flags, tag, value } = rdata as Caa
    return [`${flags} ${tag}`, value]
  }
  const { usage, selector, matching, data } = rdata as Tlsa
  return [`${usage} ${selector} ${matching}`, data]
}

function textMistake(right: string, wrong: string): ValueMistake | undefined {
  const [whole, part] = [bare(right), bare(wrong)]
  if (part.length >= CUT_FROM && part !== whole && whole.startsWith(part)) return 'cut'
  if (wrong === `${right}.`) return 'dot-in-text'
  if (part !== whole) return undefined
  const inner = wrong.replace(/^\s*"|"\s*$/g, '')
  if (/"\s*"/.test(inner) && !right.includes('"')) return 'split-quotes'
  if (count(wrong, '"') > count(right, '"')) return 'quotes'
  if (count(wrong, '\\') > count(right, '\\')) return 'backslash'
  return /\s/.test(wrong) ? 'blank' : undefined
}

/** Without what is added to a text by entering it wrongly. */
function bare(text: string): string {
  return text.replace(/[\s"\\]/g, '')
}

function count(text: string, char: string): number {
  return text.split(char).length - 1
}

/** Numbers with blanks, and a dot inside a label, as names show them (RFC 1035 §5.1). */
const NUMBERS = /^(?:\d+(?:\\032)+)+/
const INNER_DOT = '\\.'

function targetMistake(right: Name, wrong: Name, zone: Name): ValueMistake | undefined {
  if (right === ROOT) return undefined
  const spoken = wrong.replace(NUMBERS, '')
  const plain = spoken.replaceAll(`${INNER_DOT}.`, '.').replaceAll(INNER_DOT, '.')
  const isDoubled = plain === right + zone
  if (!isDoubled && plain !== right) return undefined
  if (spoken !== wrong) return 'priority-in-value'
  return plain === spoken ? 'relative-target' : 'dot-in-text'
}
