import { cut, quoted } from '../../cut.js'
import { type Caa, parseRdata } from '../../rr/rdata.js'
import { type Fault, none, type Reading } from '../reading.js'
import { strip, WSP } from '../tag-list.js'

/** A CAA property (RFC 8659 §4). */
export interface CaaProperty {
  /** Whether a CA that does not know the tag must not issue. */
  readonly critical: boolean
  /** In lower case: case means nothing in it. */
  readonly tag: string
  /** As it stands in the record. */
  readonly value: string
  /** Of `issue`, `issuewild` and `issuemail`. */
  readonly issuer?: CaaIssuer
}

/** Who may issue, and how (RFC 8659 §4.2). */
export interface CaaIssuer {
  /** In lower case; empty: nobody. */
  readonly ca: string
  readonly parameters: readonly CaaParameter[]
}

export interface CaaParameter {
  readonly name: string
  readonly value: string
}

/** The tags whose values name a CA, with the section that defines each. */
export const ISSUE_TAGS = { issue: 'RFC 8659 §4.2', issuewild: 'RFC 8659 §4.3', issuemail: 'RFC 9495 §3' } as const
export type IssueTag = keyof typeof ISSUE_TAGS

export function isIssueTag(tag: string): tag is IssueTag {
  return Object.hasOwn(ISSUE_TAGS, tag)
}

const CRITICAL = 128
const LABEL = '[A-Za-z0-9](?:-*[A-Za-z0-9])*'
const DOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`)
const NAME = new RegExp(`^${LABEL}$`)
/** Printing characters but the semicolon. */
const VALUE = /^[!-:<-~]*$/
const METHODS = /^[A-Za-z0-9-]+(?:,[A-Za-z0-9-]+)*$/
/** RFC 3986 §3.1 and §4.3. */
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$/

/** Reads a CAA record in presentation form, `0 issue "letsencrypt.org"` (RFC 8659 §4.1). */
export function readCaa(text: string): Reading<CaaProperty> {
  const rdata = parseRdata('CAA', text)
  if (rdata === undefined) return none([{ section: 'RFC 8659 §4.1', message: 'it is no flags, tag and value' }])
  const { value } = rdata
  const tag = rdata.tag.toLowerCase()
  const common = { critical: rdata.flags >= CRITICAL, tag, value }
  if (isIssueTag(tag)) {
    const { value: issuer, faults } = readIssuer(value, ISSUE_TAGS[tag])
    return issuer === undefined ? none(faults) : { value: { ...common, issuer }, faults }
  }
  const fault = tag === 'iodef' ? reportFault(value) : undefined
  return { value: common, faults: fault === undefined ? [] : [fault] }
}

/** Reads the value of `issue`, `issuewild` or `issuemail`. One that does not parse lets nobody issue (RFC 8659 §4.2). */
export function readIssuer(value: string, section: string): Reading<CaaIssuer> {
  const [head = '', ...rest] = value.split(';')
  const ca = strip(head, WSP)
  const faults: Fault[] = []
  if (ca !== '' && !DOMAIN.test(ca)) faults.push({ section, message: `${quoted(ca)} is no domain of a CA` })
  const texts = rest.map((one) => strip(one, WSP))
  const isEnd = (index: number): boolean => index === texts.length - 1
  const parameters = texts.flatMap((text, index): CaaParameter[] => {
    if (text === '' && isEnd(index)) return []
    const equals = text.indexOf('=')
    const name = strip(equals < 0 ? text : text.slice(0, equals), WSP)
    const given = equals < 0 ? undefined : strip(text.slice(equals + 1), WSP)
    if (given === undefined || !NAME.test(name) || !VALUE.test(given)) {
      faults.push({ section, message: `${quoted(text)} is no parameter, name=value` })
      return []
    }
    return [{ name, value: given }]
  })
  faults.push(...parameters.flatMap((one) => parameterFault(one) ?? []), ...twice(parameters))
  return faults.length > 0 ? none(faults) : { value: { ca: ca.toLowerCase(), parameters }, faults }
}

function parameterFault({ name, value }: CaaParameter): Fault | undefined {
  if (name === 'accounturi' && !URI.test(value))
    return { section: 'RFC 8657 §3', message: `accounturi=${cut(value)}: it is no URI of an account at the CA` }
  if (name === 'validationmethods' && !METHODS.test(value))
    return {
      section: 'RFC 8657 §4',
      message: `validationmethods=${cut(value)}: it is no list of methods, as in dns-01,http-01`,
    }
  return undefined
}

/** A CA must not issue where one of these is there twice. */
function twice(parameters: readonly CaaParameter[]): Fault[] {
  const sections = { accounturi: 'RFC 8657 §3', validationmethods: 'RFC 8657 §4' }
  return Object.entries(sections).flatMap(([name, section]) =>
    parameters.filter((one) => one.name === name).length > 1 ? [{ section, message: `${name} is there twice` }] : [],
  )
}

function reportFault(value: string): Fault | undefined {
  return /^(?:mailto:[!-~]+@[!-~]+|https?:\/\/[!-~]+)$/i.test(value)
    ? undefined
    : {
        section: 'RFC 8659 §4.4',
        message: `${quoted(value)} is neither mailto: and a mail address, nor an https: URI`,
      }
}

/** What a value means, as a text: its spelling, the case of its tag and the bits that no CA looks at are not in it. */
export function caaMeaning(text: string): string {
  const { value: property, faults } = readCaa(text)
  if (property === undefined || faults.length > 0) return text
  const { critical, tag, value, issuer } = property
  const parameters = issuer?.parameters.map(({ name, value: given }) => `${name}=${given}`).sort()
  return JSON.stringify([critical, tag, issuer ? issuer.ca : value, ...(parameters ?? [])])
}

/** The value of an `issue` that says so. */
export function writeIssuer({ ca, parameters }: CaaIssuer): string {
  return [ca, ...parameters.map(({ name, value }) => `${name}=${value}`)].join('; ') || ';'
}

/** As rdata. */
export function caaRdata({ critical, tag, value }: Omit<CaaProperty, 'issuer'>): Caa {
  return { flags: critical ? CRITICAL : 0, tag, value }
}
