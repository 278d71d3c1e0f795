import { sendingHosts } from '../../../../records/families/spf/senders.js'
import { displayName, parseName, withoutDot } from '../../../../records/rr/name.js'
import type { Domain, Host } from '../../../../records/spec.js'
import type { ReportRow } from '../report.js'
import { isAligned, type SpecView } from './spec-view.js'
import type { Advice } from './verdict.js'

/** Which part of the spec to mend for a host of ours: why its SPF does not pass in alignment, and why its DKIM does not. Pure. */
export function adviseHost(row: ReportRow, host: Host, domain: Domain, view: SpecView): Advice[] {
  if (domain.mail === 'none')
    return [
      {
        message: `${displayName(domain.name)} is parked (mail: none), and ${displayName(host.name)} sends for it`,
        hint: 'remove mail: none, or stop the mail there',
        from: domain.from,
      },
    ]
  return [
    ...(row.spf ? [] : [spfAdvice(row, host, domain, view)]),
    ...(row.dkim ? [] : [dkimAdvice(row, domain, view)]),
  ]
}

function spfAdvice({ spfResults, headerFrom, source }: ReportRow, host: Host, domain: Domain, view: SpecView): Advice {
  const name = displayName(host.name)
  const found = spfResults.find(({ scope }) => scope === 'mfrom') ?? spfResults[0]
  if (found?.domain === withoutDot(host.name))
    return {
      message: `SPF is that of its HELO name ${found.domain}: the envelope has no sender, as in a bounce`,
      hint: 'sign such mail with DKIM too',
      from: host.from,
    }
  if (found && found.domain !== '' && !isAligned(found.domain, headerFrom))
    return {
      message: `the envelope is of ${found.domain}, so SPF is not aligned with ${displayName(headerFrom)}`,
      hint: `have it send with an envelope of ${displayName(domain.name)}`,
      from: host.from,
    }
  const parsed = found === undefined ? headerFrom : parseName(found.domain)
  const asked = typeof parsed === 'string' ? parsed : headerFrom
  const owner = view.domainOf(asked)
  if (owner?.name !== asked)
    return {
      message: `SPF is that of ${displayName(asked)}, which is no domain of the spec`,
      hint: `add it: ${displayName(asked)}: { spf: { hosts: [${name}] } }`,
      from: domain.from,
    }
  if (owner.spf === false)
    return { message: `SPF of ${displayName(asked)} is off`, hint: 'remove spf: false', from: owner.from }
  if (!sendingHosts(owner, view.hosts).includes(host))
    return {
      message: `SPF of ${displayName(asked)} does not name ${name}`,
      hint: `add ${name} to spf.hosts`,
      from: owner.spf.from,
    }
  if (found?.result === 'pass')
    return {
      message: `SPF passes for ${displayName(asked)} and aspf is strict`,
      hint: `use an envelope of exactly ${displayName(headerFrom)}, or remove aspf: strict`,
      from: domain.dmarc === false ? domain.from : domain.dmarc.from,
    }
  return {
    message: `the spec lets ${source} send for ${displayName(asked)}, and receivers found SPF ${found?.result || 'without a result'}`,
    hint: `see whether DNS has it: \`mailsync plan\`, and \`mailsync spf check ${displayName(asked)} --ip ${source}\``,
    from: owner.spf.from,
  }
}

function dkimAdvice({ signatures, headerFrom }: ReportRow, domain: Domain, view: SpecView): Advice {
  const name = displayName(domain.name)
  const from = domain.dkim === false ? domain.from : domain.dkim.from
  const signing = [...view.signingSelectors(domain), ...domain.heldKeys.map(({ selector }) => selector).filter(isPlain)]
  const aligned = signatures.find((one) => isAligned(one.domain, headerFrom))
  if (!aligned)
    return {
      message:
        signatures[0] === undefined
          ? 'it does not sign with DKIM'
          : `it signs for ${signatures[0].domain}, which is not aligned with ${displayName(headerFrom)}`,
      hint:
        signing.length > 0
          ? `have it sign with the key ${signing.join(' or ')} of ${name}`
          : domain.dkim === false
            ? `turn DKIM on for ${name}, and have it sign`
            : `have it sign for ${name}; \`mailsync dkim list\` has the keys`,
      from,
    }
  const { selector, result } = aligned
  const place = selector === '' ? `the key of ${aligned.domain}` : `${selector}._domainkey.${aligned.domain}`
  if (result === 'pass')
    return {
      message: `the signature of ${aligned.domain} passes and adkim is strict`,
      hint: `sign for exactly ${displayName(headerFrom)}, or remove adkim: strict`,
      from: domain.dmarc === false ? domain.from : domain.dmarc.from,
    }
  const known = selector === '' ? undefined : view.keyAt(domain, selector)
  if (selector !== '' && known === undefined)
    return {
      message: `it signs with ${place}, which is no key of the spec (DKIM ${result || 'without a result'})`,
      hint:
        signing.length > 0 ? `have it sign with ${signing.join(' or ')}` : 'take the key over: `mailsync dkim import`',
      from,
    }
  const why =
    result === 'fail'
      ? 'mail is changed after it is signed, or the signer has another private key'
      : 'the key may not be in DNS'
  return {
    message: `its signature with ${place} does not hold (DKIM ${result || 'without a result'}): ${why}`,
    hint: '`mailsync dkim status` and `mailsync dkim check` tell of the key',
    from: known?.from ?? from,
  }
}

/** Not the wildcard, whose key is empty. */
function isPlain(selector: string): boolean {
  return selector !== '*'
}
