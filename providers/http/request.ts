import { MailsyncError } from '../../records/error.js'
import type { Call } from './call.js'

/**
 * Where a call goes: its path below that of the API, each part encoded. An id that an API gave may be anything: throws `rejected` for
 * a part by which the call would go elsewhere, as a URL takes it for no part of its path or for the way up, encoded too
 * (https://url.spec.whatwg.org/#double-dot-path-segment).
 */
export function urlOf(base: URL, { path, query = {} }: Pick<Call, 'path' | 'query'>): URL {
  const url = new URL(base)
  const segments = path.map((segment) => encodeURIComponent(String(segment)))
  const astray = segments.find((segment) => /^\.{0,2}$/.test(segment))
  if (astray !== undefined)
    throw new MailsyncError('rejected', `a call cannot go to ${JSON.stringify(path.join('/'))}: "${astray}" is no id`, {
      hint: 'correct it where the spec or an option has it; where the provider gave it, please report it to the provider',
    })
  url.pathname = [base.pathname.replace(/\/$/, ''), ...segments].join('/')
  for (const [name, value] of Object.entries(query))
    for (const one of [value].flat()) url.searchParams.append(name, String(one))
  return url
}

/** What cannot stand in a header is told without its text, which would be a secret. */
export function headersOf(
  who: string,
  credentials: Readonly<Record<string, string>>,
  { form, headers: own = {} }: Call,
  hasBody: boolean,
): Headers {
  const headers = new Headers(own)
  for (const [name, value] of Object.entries(credentials))
    try {
      headers.set(name, value)
    } catch {
      throw new MailsyncError('authentication', `the credentials for ${who} cannot stand in an HTTP header`, {
        hint: 'give them as one word, without quotes or line breaks',
      })
    }
  headers.set('accept', 'application/json')
  if (hasBody) headers.set('content-type', form ? 'application/x-www-form-urlencoded' : 'application/json')
  return headers
}

/** What a call sends: a form, or JSON. */
export function bodyOf({ body, form }: Call): string | undefined {
  if (form) return new URLSearchParams(form).toString()
  return body === undefined ? undefined : JSON.stringify(body)
}
