import { type Explain, notTheApi, type Problem } from '../../../providers/http/failures.js'
import { type JsonApi, jsonClient, type Trying } from '../../../providers/http/json-api.js'
import { itemsAt, textAt } from '../../../providers/http/member.js'
import { type Name, withoutDot } from '../../../records/rr/name.js'
import type { KeysOf, SourceContext, SourceKey } from './source.js'

const UNDER = '._domainkey.'

/**
 * Keys of a Mail-in-a-Box: `GET /admin/dns/dump` of its management, the records of every zone as it would serve them, asked once (as
 * known 2026-11). A login with a second factor has no access to it.
 */
export function boxKeys({ options, signal }: SourceContext, trying: Trying = {}): KeysOf {
  const login = Buffer.from(`${options.email}:${options.password}`).toString('base64')
  const api = {
    who: 'Mail-in-a-Box',
    base: new URL(String(options.url)),
    baseFrom: '`url` of dkim.from',
    headers: () => ({ authorization: `Basic ${login}` }),
    problemIn: (body, { status }): Problem | undefined => {
      const message = textAt(body, 'reason')
      return message === undefined ? undefined : { code: String(status), message }
    },
    explain,
  } satisfies JsonApi
  const call = jsonClient(api, trying)
  const dump = async (): Promise<ReadonlyMap<string, readonly SourceKey[]>> => {
    const { body } = await call({
      doing: 'tell its DNS records',
      method: 'GET',
      path: ['admin', 'dns', 'dump'],
      signal,
    })
    if (!Array.isArray(body)) throw notTheApi(api)
    const keys = new Map<string, SourceKey[]>()
    for (const record of body.flatMap((zone) => itemsAt(zone, 1))) {
      const [name, txt] = [textAt(record, 'qname')?.toLowerCase(), textAt(record, 'value')]
      if (name === undefined || txt === undefined || textAt(record, 'rtype') !== 'TXT' || !name.includes(UNDER))
        continue
      const [selector = '', domain = ''] = name.split(UNDER)
      keys.set(domain, [...(keys.get(domain) ?? []), { selector, txt }])
    }
    return keys
  }
  let asked: ReturnType<typeof dump> | undefined
  return async (domain: Name) => {
    asked ??= dump()
    // It has an empty key too for names that send nothing, which is no key.
    return ((await asked).get(withoutDot(domain)) ?? []).filter(({ txt }) => !/;\s*p=\s*;?\s*$/.test(txt))
  }
}

const explain: Explain = ({ status }) =>
  status === 401 || status === 403
    ? {
        kind: 'authentication',
        what: 'Mail-in-a-Box does not accept the login',
        hint: 'name an administrator of the box, one without a second factor',
      }
    : undefined
