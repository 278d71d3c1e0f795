import { JSON_TYPE } from '../http-fault.js'
import { interceptAll, interceptNothing } from '../intercept-all.js'

export const BOX = {
  url: 'https://box.example.net',
  email: 'admin@example.net',
  password: 'a-password-never-to-be-seen',
}

/** The management of a Mail-in-a-Box as far as it tells DNS: the records of every zone it would serve. */
export class MailInABox {
  readonly #keys = new Map<string, string>()
  asked = 0
  /** What it answers instead. */
  odd: object | undefined

  constructor() {
    interceptAll(BOX.url, ({ method, url, headers }) => {
      const json = (status: number, body: object) => ({ status, body: JSON.stringify(body), headers: JSON_TYPE })
      const login = `Basic ${Buffer.from(`${BOX.email}:${BOX.password}`).toString('base64')}`
      if (headers.authorization !== login)
        return json(401, { status: 'error', reason: 'Incorrect email address or password.' })
      if (method !== 'GET' || url.pathname !== '/admin/dns/dump')
        return json(404, { status: 'error', reason: 'no such route' })
      this.asked += 1
      if (this.odd) return json(200, this.odd)
      return json(
        200,
        [...this.#keys].map(([domain, txt]) => [
          domain,
          [
            { qname: domain, rtype: 'MX', value: '10 box.example.net.', explanation: 'Required.' },
            { qname: `mail._domainkey.${domain}`, rtype: 'TXT', value: txt, explanation: 'Recommended.' },
            { qname: `*._domainkey.www.${domain}`, rtype: 'TXT', value: 'v=DKIM1; p=', explanation: 'Recommended.' },
          ],
        ]),
      )
    })
  }

  make(domain: string, txt: string): void {
    this.#keys.set(domain, txt)
  }

  close(): void {
    interceptNothing()
  }
}
