import { parseHostname } from '../../rr/name.js'
import { type Fault, none, type Reading, readTxt } from '../reading.js'
import { isOfVersion, readTags, type Tag, WSP } from '../tag-list.js'

/** A BIMI assertion record (BIMI draft-14 §4.3). With neither location nor authority the domain declines. */
export interface BimiRecord {
  /** `https:` URI of the indicator, an SVG; empty where none is given. */
  readonly location: string
  /** `https:` URI of the evidence, a mark certificate; empty where there is none. */
  readonly authority: string
  /** `avp=`: which picture of a sender is shown where there are both. */
  readonly avatar?: 'brand' | 'personal'
  /** `lps=` and tags that receivers ignore. */
  readonly others: readonly Tag[]
}

/** draft-brand-indicators-for-message-identification-14, of 2026-05-01. */
const SECTION = 'BIMI draft-14 §4.3'
const SYNTAX = { blanks: WSP, section: SECTION }
/** What a URI is made of (RFC 3986 §2); a comma is percent-encoded, and a semicolon would end the tag. */
const URI = /^https:\/\/([^/?#:]*)(?::\d{1,5})?(?:[/?#](?:[\w.~:/?#[\]@!$&'()*+=-]|%[0-9a-f]{2})*)?$/i

/** Whether a TXT value is meant as a BIMI record. */
export function isBimiValue(value: string): boolean {
  return isOfVersion(value, 'BIMI1')
}

/** Why a text is no URI that a BIMI record can have; undefined for one that is. */
export function bimiUriFault(text: string): string | undefined {
  const host = URI.exec(text)?.[1]
  if (host === undefined) return 'it is no https: URI with commas and semicolons percent-encoded'
  const name = parseHostname(host)
  return typeof name === 'string' ? undefined : 'it has no whole host name'
}

/** Reads a BIMI record (BIMI draft-14 §4.3). Receivers correct nothing: a tag that is wrong makes it an error. */
export function readBimi(text: string): Reading<BimiRecord> {
  return readTxt(text, (value) => {
    const { tags, faults: syntax } = readTags(value, SYNTAX)
    const faults: Fault[] = [...syntax]
    const wrong = (message: string): void => void faults.push({ section: SECTION, message })
    const tag = (name: string): string | undefined => tags.find((one) => one.name === name)?.value
    const [first] = tags
    if (first?.name !== 'v' || first.value !== 'BIMI1' || WSP.includes(value[0] as string))
      wrong('it does not begin with v=BIMI1, in capitals')
    const [location, authority, avatar] = [tag('l'), tag('a') ?? '', tag('avp')]
    if (location === undefined) wrong('there is no l=')
    for (const [name, uri = ''] of [['l', location] as const, ['a', authority] as const]) {
      const fault = uri === '' ? undefined : bimiUriFault(uri)
      if (fault !== undefined) wrong(`${name}=${uri}: ${fault}`)
    }
    if (avatar !== undefined && avatar !== 'brand' && avatar !== 'personal')
      wrong(`avp=${avatar}: only brand and personal can stand there`)
    if (faults.length > 0 || location === undefined) return none(faults)
    const others = tags.filter(({ name }) => !READ.includes(name))
    const shown = avatar === undefined ? {} : { avatar: avatar as 'brand' | 'personal' }
    return { value: { location, authority, ...shown, others }, faults }
  })
}

const READ = ['v', 'l', 'a', 'avp']

/** The TXT value of a record. */
export function writeBimi({ location, authority, avatar, others }: BimiRecord): string {
  const tags = [
    ['v', 'BIMI1'],
    ['l', location],
    ['a', authority],
    ...(avatar === undefined ? [] : [['avp', avatar]]),
    ...others.map(({ name, value }) => [name, value]),
  ]
  return tags.map(([name, value]) => `${name}=${value};`).join(' ')
}

/** What a record means: `avp` is `brand` by default. */
export function meaningOfBimi({ location, authority, avatar = 'brand', others }: BimiRecord): string {
  const selectors = others.find(({ name }) => name === 'lps')?.value ?? ''
  return JSON.stringify([location, authority, avatar, selectors])
}
