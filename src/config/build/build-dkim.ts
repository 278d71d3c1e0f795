import { quoted } from '../../../records/cut.js'
import { NO_KEY, readDkim } from '../../../records/families/dkim/read-dkim.js'
import { faultsText } from '../../../records/families/reading.js'
import type { SpecPath } from '../../../records/finding.js'
import { parseAddress } from '../../../records/rr/address.js'
import { labelsOf, type Name, parseName, withoutDot } from '../../../records/rr/name.js'
import type { DkimSpec, HeldKey } from '../../../records/spec.js'
import { type Problem, placesOf, type Reading } from '../reading.js'
import type { RawDefaults, RawDomain } from '../schema.js'
import { buildKeyZone, rejectKeyZone } from './build-key-zone.js'
import { buildRotation } from './build-rotation.js'

/** What says nothing about keys of our own. */
const OF_OTHERS: readonly string[] = ['keys', 'wildcard', 'from']

/** Keys of our own, as a domain asks for them. To name keys of others asks for none. @param recipients of all keys, unless it has its own */
export function buildDkim(
  reading: Reading,
  raw: RawDomain['dkim'],
  defaults: RawDefaults['dkim'],
  { name, recipients, from }: { readonly name: Name; readonly recipients: readonly string[]; readonly from: SpecPath },
): DkimSpec | false {
  if (raw === false) return false
  const words = Object.keys(raw ?? {})
  const explicit = raw !== undefined && (words.length === 0 || words.some((word) => !OF_OTHERS.includes(word)))
  if (!explicit && defaults === false) return false
  const usual = defaults === false ? undefined : defaults
  const merged = { ...usual, ...raw }
  const isKeptElsewhere = merged.from !== undefined && merged.algorithms === undefined
  const algorithms = [...new Set(merged.algorithms ?? (['rsa-2048', 'ed25519'] as const))]
  if (isKeptElsewhere || algorithms.length === 0) {
    const why = isKeptElsewhere ? 'the keys of dkim.from' : 'algorithms: []'
    if (raw?.zone) rejectKeyZone(reading, [...from, 'zone'], why)
    return false
  }
  const zone = buildKeyZone(reading, raw, usual, { name, from })
  return {
    algorithms,
    selector: merged.selector ?? 's%Y%m',
    rotation: buildRotation(usual?.rotate, raw?.rotate),
    recipients: merged.recipients ?? recipients,
    ...(zone && { zone }),
    explicit,
    from,
  }
}

type RawKey = NonNullable<Exclude<RawDomain['dkim'], false | undefined>['keys']>[string]

/** Keys that others hold, by their selectors; and the empty key of all selectors that are not there. */
export function buildHeldKeys(
  reading: Reading,
  raw: RawDomain['dkim'],
  defaults: RawDefaults['dkim'],
  dkim: SpecPath,
): HeldKey[] {
  if (raw === false) return []
  const path = [...dkim, 'keys']
  const first = new Map<string, string>()
  const wildcard = raw?.wildcard ?? (defaults || undefined)?.wildcard
  const revoked = { selector: '*', record: { txt: NO_KEY }, from: placesOf(raw, dkim)('wildcard') }
  const named = Object.entries(raw?.keys ?? {}).flatMap(([text, key]): HeldKey[] => {
    const from = [...path, text]
    const selector = reading.key(text, from, parseSelector)
    const record = readRecord(reading, key, from)
    if (selector === undefined || record === undefined) return []
    const other = first.get(selector)
    if (other !== undefined) {
      const message = `${text} is the same selector as ${other}`
      reading.report('name-twice', from, message, 'remove one of the two', { atKey: true, also: [...path, other] })
      return []
    }
    first.set(selector, text)
    return [{ selector, record, ...(key.ttl === undefined ? {} : { ttl: key.ttl }), from }]
  })
  return wildcard === 'revoked' ? [...named, revoked] : named
}

function readRecord(reading: Reading, { cname, txt }: RawKey, from: SpecPath): HeldKey['record'] | undefined {
  if ((cname === undefined) === (txt === undefined)) {
    const message = `a key is either a txt or a cname, and here ${cname === undefined ? 'is neither' : 'are both'}`
    const hint = 'write cname: and the name its holder gives you, or txt: "v=DKIM1; k=rsa; p=…"'
    reading.report('dkim-key', from, message, hint, { atKey: true })
    return undefined
  }
  if (cname !== undefined) {
    const name = reading.text(cname, [...from, 'cname'], parseKeyPlace)
    return name && { cname: name }
  }
  const text = reading.text(txt ?? '', [...from, 'txt'], parseKeyText)
  return text === undefined ? undefined : { txt: text }
}

const LABEL = /^[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?$/

/** A selector (RFC 6376 §3.1): labels as hosts have them, and underscores, which some signers use. */
export function parseSelector(text: string): string | Problem {
  const whole = /^(.+)\._domainkey(?:\..*)?$/i.exec(text)
  if (whole)
    return {
      rule: 'dkim-selector',
      error: `${quoted(text)} is more than a selector`,
      hint: `write what stands before ._domainkey alone: ${whole[1]}`,
    }
  const name = parseName(text)
  if (typeof name !== 'string') return { ...name, rule: 'dkim-selector' }
  const bad = labelsOf(name).find((label) => !LABEL.test(label))
  if (name !== '.' && bad === undefined) return withoutDot(name)
  const what = bad === undefined ? '' : `; ${quoted(bad)} has more`
  const error = `${quoted(text)} is no selector: it has letters, digits and hyphens (RFC 6376 §3.1)${what}`
  return { rule: 'dkim-selector', error }
}

/** Where the holder of a key publishes it. */
function parseKeyPlace(text: string): Name | Problem {
  if (/^\s*["']?v\s*=\s*DKIM1/i.test(text))
    return { rule: 'dkim-key', error: 'a cname is a name, and this is the text of a key', hint: 'write it as txt:' }
  const name = parseName(text)
  if (typeof name !== 'string') return { ...name, rule: 'dkim-key' }
  if (labelsOf(name).length > 1 && typeof parseAddress(text) !== 'string') return name
  return {
    rule: 'dkim-key',
    error: `${quoted(text)} is no name where a key could be`,
    hint: 'write the whole name that the holder of the key gives you, such as s1.domainkey.u1.wl.sendgrid.net',
  }
}

/** The text of a key, on one line as DNS has it. */
export function parseKeyText(text: string): string | Problem {
  const line = text.replace(/[ \t]*[\r\n]+[ \t]*/g, ' ').replace(/^[ \t]+|[ \t]+$/g, '')
  const { faults } = readDkim(line)
  if (faults.length === 0) return line
  const hint = line.startsWith('"')
    ? 'write the text without the quotation marks that a zone file has around its parts'
    : 'copy the whole value that the holder of the key shows, from v=DKIM1 to the end of p='
  return { rule: 'dkim-key', error: `receivers do not take this as a DKIM key: ${faultsText(faults)}`, hint }
}
