import { policyText, type StsPolicy } from '../../../records/families/mta-sts/policy.js'
import { readStsPolicy } from '../../../records/families/mta-sts/read-policy.js'
import { isStsValue, readStsRecord } from '../../../records/families/mta-sts/read-record.js'
import { joinName, type Name, ROOT, withoutDot } from '../../../records/rr/name.js'
import { rdataTexts } from '../../../records/rr/rrset.js'
import type { PolicyReply } from '../ask/https/fetch-policy.js'
import { policyHost } from '../ask/https/served-policy.js'
import type { World } from '../ask/world.js'
import { type Check, judge, ofDomain } from '../check.js'
import type { CheckedDomain } from '../subjects/scope.js'
import { listed } from '../words.js'
import { checkCaa } from './caa.js'

/** MTA-STS both ways: the record that says there is a policy, and the policy itself, as senders fetch it. */
export async function checkMtaSts(domain: CheckedDomain, world: World): Promise<Check[]> {
  const { name } = domain
  const at = joinName('_mta-sts', name)
  const { pass, warn, fail, unknown } = judge('mta-sts', ofDomain(name), `${at} TXT`)
  const look = await world.dns.look(at, 'TXT')
  if (look.kind === 'failure') return [unknown(look.why)]
  const values = look.kind === 'answer' ? rdataTexts(look.rrset).filter(isStsValue) : []
  const [value, ...others] = values
  if (value === undefined) {
    const host = await policyHost(name, world)
    const reply =
      host.addresses.length > 0 && !host.isWildcard
        ? await world.fetchPolicy(host.name, host.addresses, world.signal)
        : undefined
    return reply?.kind === 'answer' && reply.status === 200 && readStsPolicy(reply.body).value
      ? [warn('a policy is served, and no record tells senders of it', `publish ${at} TXT "v=STSv1; id=…"`)]
      : []
  }
  if (others.length > 0) return [fail(`${values.length} records: senders take none`, 'delete all but one of them')]
  const { value: record, faults } = readStsRecord(value)
  if (!record)
    return [fail(`senders cannot read it: ${listed(faults.map(({ message }) => message))}`, 'put that right')]
  return [pass(`id=${record.id}`), ...(await checkPolicy(domain, world))]
}

async function checkPolicy(domain: CheckedDomain, world: World): Promise<Check[]> {
  const { name, spec } = domain
  const host = await policyHost(name, world)
  const url = `https://${withoutDot(host.name)}/.well-known/mta-sts.txt`
  const { pass, warn, fail, unknown } = judge('mta-sts-policy', ofDomain(name), url)
  if (host.addresses.length === 0)
    return host.failure === undefined
      ? [
          fail(
            `${withoutDot(host.name)} has no address: senders find no policy`,
            'lead it to the web server that has the policy',
          ),
        ]
      : [unknown(host.failure, 'look at the name servers of its zone')]
  const reply = await world.fetchPolicy(host.name, host.addresses, world.signal)
  if (reply.kind === 'unreachable' && reply.isOurs)
    return [unknown(`not reached from here: ${reply.why}`, 'run it from a network that leads there')]
  const wrong = whyNoPolicy(reply)
  if (wrong) return [fail(wrong.message, wrong.todo)]
  if (reply.kind !== 'answer') return []
  const { value: policy, faults } = readStsPolicy(reply.body)
  if (!policy)
    return [fail(`senders cannot read it: ${listed(faults.map(({ message }) => message))}`, 'put that right')]
  const wanted = spec && policyText(spec)
  const isOther = wanted !== undefined && meaningOf(readStsPolicy(wanted).value) !== meaningOf(policy)
  const isPlain = /^text\/plain\b/i.test(reply.contentType)
  const own = isOther
    ? fail(
        'it is not the policy of the spec',
        'put the one on the web server that mailsync compile --out FOLDER writes',
      )
    : isPlain
      ? pass(`${policy.mode}, for ${policy.maxAge} s`)
      : warn(
          `it is served as ${reply.contentType || 'nothing'}, and some senders want text/plain`,
          'serve it as text/plain',
        )
  return [own, ...(await checkExchanges(name, policy, world)), ...(await checkCaa(host.name, reply.certificate, world))]
}

function whyNoPolicy(reply: PolicyReply): { message: string; todo: string } | undefined {
  if (reply.kind === 'certificate')
    return {
      message: `its certificate is not valid: ${reply.why}`,
      todo: 'let the web server have a certificate of a public CA for this name',
    }
  if (reply.kind === 'unfinished')
    return {
      message: `the web server gives no whole answer: ${reply.why}`,
      todo: 'see why it is slow: senders wait for a minute at most',
    }
  if (reply.kind === 'unreachable')
    return { message: `the web server is not reached: ${reply.why}`, todo: 'see that it answers at port 443' }
  if (reply.status === 200) return undefined
  const moved = reply.status >= 300 && reply.status < 400 ? ', and senders follow none' : ''
  return { message: `the web server answers ${reply.status}${moved}`, todo: 'serve the policy at this very address' }
}

/** Every MX has to be one that the policy names, or with `enforce` no mail arrives there (RFC 8461 §4.1). */
async function checkExchanges(name: Name, { mode, mx: patterns }: StsPolicy, { dns }: World): Promise<Check[]> {
  if (mode === 'none') return []
  const { pass, warn, fail } = judge('mta-sts-mx', ofDomain(name), `${name} MX, and the mx of the policy`)
  const look = await dns.look(name, 'MX')
  if (look.kind !== 'answer') return []
  const hosts = look.rrset.rdata.map(({ exchange }) => exchange).filter((exchange) => exchange !== ROOT)
  const lacking = hosts.filter((host) => !patterns.some((pattern) => matches(pattern, withoutDot(host))))
  if (lacking.length === 0) return [pass('the policy names every MX')]
  const seen = `the policy does not name ${listed(lacking.map(withoutDot))}`
  const todo = 'name it in the policy, and change the id of the record'
  return [mode === 'enforce' ? fail(`${seen}: no mail is given to it over MTA-STS`, todo) : warn(seen, todo)]
}

/** `*.` stands for one label (RFC 8461 §4.1). */
function matches(pattern: string, host: string): boolean {
  const lower = pattern.toLowerCase()
  return lower.startsWith('*.') ? host.slice(host.indexOf('.') + 1) === lower.slice(2) : host === lower
}

function meaningOf(policy: StsPolicy | undefined): string {
  return policy
    ? JSON.stringify([policy.mode, policy.maxAge, [...policy.mx].map((one) => one.toLowerCase()).sort()])
    : ''
}
