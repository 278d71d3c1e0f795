import { ISSUE_TAGS, type IssueTag, readCaa, readIssuer, writeIssuer } from '../../../records/families/caa/read-caa.js'
import type { SpecPath } from '../../../records/finding.js'
import { type Caa, rdataText } from '../../../records/rr/rdata.js'
import type { CaaSpec, Located } from '../../../records/spec.js'
import { slipOf } from '../faults/suggest.js'
import { placesOf, type Reading } from '../reading.js'
import type { RawCaa } from './raw-caa.js'

/**
 * What most CAs want to be called in `issue`, to tell a name that is mistyped: from the Common CA Database's list of CAA
 * identifiers, 2026-11.
 */
const CAS =
  'letsencrypt.org pki.goog sectigo.com digicert.com amazon.com globalsign.com ssl.com buypass.com actalis.it certum.pl entrust.net identrust.com harica.gr'.split(
    ' ',
  )
/** How people call a CA that has another name in CAA. */
const CALLED = new Map([
  ['letsencrypt.com', 'letsencrypt.org'],
  ['zerossl.com', 'sectigo.com'],
  ['google.com', 'pki.goog'],
])

/** The `caa` of a domain or host, with the defaults merged in. */
export function buildCaa(
  reading: Reading,
  raw: RawCaa | false | undefined,
  defaults: RawCaa | false | undefined,
  from: SpecPath,
): CaaSpec | false {
  if (raw === false || (raw === undefined && (defaults === undefined || defaults === false))) return false
  const merged: RawCaa = { ...(defaults === false ? {} : defaults), ...raw }
  const place = placesOf(raw, from)
  const issuers = (Object.keys(ISSUE_TAGS) as IssueTag[]).flatMap((tag) => issuersOf(reading, tag, merged, place(tag)))
  const uris = merged.iodef === undefined ? [] : [merged.iodef].flat()
  const reports = uris.flatMap((uri, index) => {
    const at = Array.isArray(merged.iodef) ? [...place('iodef'), index] : place('iodef')
    return property(reading, { flags: 0, tag: 'iodef', value: uri }, at)
  })
  const properties = [...issuers, ...reports]
  if (![...Object.keys(ISSUE_TAGS), 'iodef'].some((key) => Object.hasOwn(merged, key)))
    reading.report('caa-empty', from, 'caa says nothing', 'write for example caa: { issue: [letsencrypt.org] }')
  return { properties, from }
}

function issuersOf(reading: Reading, tag: IssueTag, raw: RawCaa, at: SpecPath): Located<Caa>[] {
  const flags = raw.critical === true && tag !== 'issuemail' ? 128 : 0
  const asked = raw[tag]
  if (asked === undefined) return []
  if (asked === 'none') return [{ value: { flags, tag, value: ';' }, from: at }]
  const found = asked.flatMap((entry, index) => {
    const from = [...at, index]
    const value = typeof entry === 'string' ? readText(reading, tag, entry, from) : withParameters(entry)
    if (value === undefined) return []
    checkCa(reading, value, from)
    return property(reading, { flags, tag, value }, from)
  })
  const nobody = found.find(({ value }) => value.value === ';')
  if (nobody && found.length > 1)
    reading.report(
      'caa-nobody-and-others',
      nobody.from,
      `";" lets nobody issue, and stands beside CAs that may: it says nothing there (${ISSUE_TAGS[tag]})`,
      `remove it, or write ${tag}: none`,
    )
  return found
}

/** A CA as it is written in a record, parameters and all. */
function readText(reading: Reading, tag: IssueTag, text: string, from: SpecPath): string | undefined {
  const { value, faults } = readIssuer(text, ISSUE_TAGS[tag])
  if (value !== undefined) return writeIssuer(value)
  for (const { message, section } of faults)
    reading.report(
      'caa-value',
      from,
      `${message} (${section})`,
      'write the domain that stands for the CA, such as letsencrypt.org',
    )
  return undefined
}

function withParameters({
  ca,
  accounturi,
  validationmethods,
}: Exclude<NonNullable<RawCaa['issue']>, string>[number] & object): string {
  return [
    ca,
    ...(accounturi === undefined ? [] : [`accounturi=${accounturi}`]),
    ...(validationmethods === undefined ? [] : [`validationmethods=${validationmethods.join(',')}`]),
  ].join('; ')
}

function checkCa(reading: Reading, value: string, from: SpecPath): void {
  const ca = value.split(';', 1)[0] as string
  const meant = CAS.includes(ca)
    ? undefined
    : (CALLED.get(ca) ?? CAS.find((known) => known.startsWith(`${ca}.`)) ?? slipOf(ca, CAS))
  if (meant !== undefined)
    reading.report('caa-mistyped', from, `no CA that is known here is called ${ca} in CAA`, `did you mean ${meant}?`, {
      severity: 'warning',
    })
}

/** The property, if CAs can read it. */
function property(reading: Reading, value: Caa, from: SpecPath): Located<Caa>[] {
  const { faults } = readCaa(rdataText('CAA', value))
  const hint =
    value.tag === 'iodef'
      ? `write it as mailto:${/^[^\s:@]+@[^\s:@]+$/.test(value.value) ? value.value : 'pki@example.com'}`
      : undefined
  for (const { message, section } of faults) reading.report('caa-value', from, `${message} (${section})`, hint)
  return faults.length > 0 ? [] : [{ value, from }]
}
