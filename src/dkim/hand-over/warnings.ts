import { displayName, type Name } from '../../../records/rr/name.js'
import type { Problem } from '../../problem.js'
import { count } from '../../render/words.js'
import type { Session } from '../../session.js'
import { type Signer, signersOf } from '../rotation/signers.js'
import type { LeftOut } from './chosen-keys.js'
import type { SignerFormat } from './signer-format.js'
import type { HandedDomain } from './signing-keys.js'

/** What a mail host has to know of domains that will not be signed for, or not with all their keys. */
export function warnings(
  handed: readonly HandedDomain[],
  leftOut: readonly LeftOut[],
  format: SignerFormat,
  session: Session,
): Problem[] {
  const { spec, locate } = session
  const signing = signersOf(session)
  const published = signersOf(session, 'published')
  const at = new Map(spec.domains.map(({ name, from }) => [name, from]))
  const unsigned = handed
    .filter(({ signers }) => signers.length === 0)
    .map(({ name }): Problem => {
      const domain = `${name}.` as Name
      const isElsewhere = signing.get(domain)?.some(({ key }) => key.holder === 'elsewhere') ?? false
      const zone = zoneThatSigns(domain, session)
      if (zone !== undefined) return warning(name, ...unledText(displayName(domain), displayName(zone)))
      return warning(name, ...unsignedText(displayName(domain), isElsewhere, published.get(domain)?.[0]))
    })
  const unfit = leftOut
    .filter(({ isLast }) => isLast)
    .map(({ domain, selector, algorithm }) =>
      warning(
        domain,
        'dkim-key-unfit',
        `${selector} of ${domain} is an ${algorithm} key, and ${format.title} signs with RSA only: its mail goes unsigned`,
        'add rsa-2048 to dkim.algorithms, or sign with rspamd: mailsync dkim export --format rspamd',
      ),
    )
  const others = leftOut.filter(({ isLast }) => !isLast).length
  return [...unsigned, ...unfit, ...(others === 0 ? [] : [leftOutNote(others, format)])]

  function warning(name: string, rule: string, message: string, hint: string): Problem {
    const from = at.get(`${name}.` as Name)
    return { rule, severity: 'warning', message, hint, ...(from && { where: locate(from, 'key') }) }
  }
}

/** The key zone of a domain, where keys sign in it. */
function zoneThatSigns(domain: Name, { spec, keys }: Session): Name | undefined {
  const { dkim = false } = spec.domains.find(({ name }) => name === domain) ?? {}
  const zone = dkim === false ? undefined : dkim.zone?.name
  return keys.some((key) => key.domain === zone && key.state === 'signing') ? zone : undefined
}

function unledText(domain: string, zone: string): [string, string, string] {
  return [
    'dkim-nothing-signs',
    `no key signs for ${domain} yet: nobody has seen that its selectors lead to the keys in ${zone}`,
    'once `mailsync apply` has published them, `mailsync dkim rotate` asks every server, and notes it',
  ]
}

function unsignedText(domain: string, isElsewhere: boolean, published: Signer | undefined): [string, string, string] {
  if (isElsewhere)
    return [
      'dkim-key-elsewhere',
      `somebody else holds the key that signs for ${domain}`,
      'that signer needs nothing of mailsync',
    ]
  if (published === undefined)
    return [
      'dkim-nothing-signs',
      `no key signs for ${domain}`,
      'make one: mailsync dkim generate, or mailsync dkim rotate',
    ]
  return [
    'dkim-nothing-signs',
    `no key signs for ${domain}: ${published.selector} is only published`,
    `once every server shows it: mailsync dkim use ${displayName(published.key.domain)} ${published.selector}, or mailsync dkim rotate`,
  ]
}

function leftOutNote(number: number, { title, isOneKey }: SignerFormat): Problem {
  const why = isOneKey === true ? 'takes one RSA key a domain' : 'signs with RSA only'
  return {
    rule: 'dkim-key-unfit',
    severity: 'note',
    message: `${count(number, 'key')} that ${number === 1 ? 'signs is' : 'sign are'} left out: ${title} ${why}`,
  }
}
