import { MailsyncError } from '../../records/error.js'
import type { Call } from './json-api.js'

/** Where a call goes: its path below that of the API, each part encoded. */
export function urlOf(base: URL, { path, query = {} }: Call): URL {
  const url = new URL(base)
  const segments = path.map((segment) => encodeURIComponent(String(segment)))
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
