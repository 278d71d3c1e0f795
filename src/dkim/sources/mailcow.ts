import type { Explain, Problem } from '../../../providers/http/failures.js'
import { type JsonApi, jsonClient, type Trying } from '../../../providers/http/json-api.js'
import { textAt } from '../../../providers/http/member.js'
import { type Name, withoutDot } from '../../../records/rr/name.js'
import type { KeysOf, SourceContext } from './source.js'

/**
 * Keys of mailcow: `GET /api/v1/get/dkim/{domain}` with `X-API-Key`, `{}` where it has none (as known 2026-11). Its reply may have the
 * private key too, which is not looked at.
 */
export function mailcowKeys({ options, signal }: SourceContext, trying: Trying = {}): KeysOf {
  const api = {
    who: 'mailcow',
    base: new URL(String(options.url)),
    baseFrom: '`url` of dkim.from',
    headers: () => ({ 'x-api-key': String(options.api_key) }),
    problemIn: (body): Problem | undefined => {
      const message = textAt(body, 'msg')
      return textAt(body, 'type') === 'error' ? { code: 'error', message: message ?? '' } : undefined
    },
    explain,
  } satisfies JsonApi
  const call = jsonClient(api, trying)
  return async (domain: Name) => {
    const name = withoutDot(domain)
    const { body } = await call({
      doing: `tell the DKIM key of ${name}`,
      method: 'GET',
      path: ['api', 'v1', 'get', 'dkim', name],
      signal,
    })
    const [selector, txt] = [textAt(body, 'dkim_selector'), textAt(body, 'dkim_txt')]
    return selector && txt ? [{ selector: selector.toLowerCase(), txt }] : []
  }
}

const explain: Explain = ({ status }) =>
  status === 401 || status === 403
    ? {
        kind: 'authentication',
        what: 'mailcow does not accept the API key',
        hint: 'make a read-only API key in mailcow (System, Configuration, Access), and let the address of this machine use it',
      }
    : undefined
