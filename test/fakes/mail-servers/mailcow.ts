import { JSON_TYPE } from '../http-fault.js'
import { interceptAll, interceptNothing } from '../intercept-all.js'

/** Its API key, and a private key that its replies have and nobody may see. */
export const MAILCOW = {
  url: 'https://mailcow.example.net',
  key: 'AAAAAA-BBBBBB-CCCCCC',
  secret: 'PRIVATE-KEY-NEVER-TO-BE-SEEN',
}

/** The DKIM part of the API of mailcow: one key a domain, which its administrator makes, replaces and deletes. */
export class Mailcow {
  readonly #keys = new Map<string, { readonly selector: string; readonly publicKey: string }>()
  readonly asked: string[] = []
  /** The server is down. */
  isDown = false

  constructor() {
    interceptAll(MAILCOW.url, ({ method, url, headers }) => {
      if (this.isDown)
        return { status: 502, body: '<html>Bad Gateway</html>', headers: { 'content-type': 'text/html' } }
      const json = (status: number, body: object) => ({ status, body: JSON.stringify(body), headers: JSON_TYPE })
      if (headers['x-api-key'] !== MAILCOW.key) return json(401, { type: 'error', msg: 'authentication failed' })
      const [, domain] = /^\/api\/v1\/get\/dkim\/([^/]+)$/.exec(url.pathname) ?? []
      if (method !== 'GET' || domain === undefined) return json(404, { type: 'error', msg: 'route not found' })
      this.asked.push(domain)
      const key = this.#keys.get(domain)
      if (key === undefined) return json(200, {})
      return json(200, {
        pubkey: key.publicKey,
        length: '2048',
        dkim_txt: `v=DKIM1;k=rsa;t=s;s=email;p=${key.publicKey}`,
        dkim_selector: key.selector,
        privkey: MAILCOW.secret,
      })
    })
  }

  /** Makes the key of a domain, in the place of the one before. */
  make(domain: string, selector: string, publicKey: string): void {
    this.#keys.set(domain, { selector, publicKey })
  }

  delete(domain: string): void {
    this.#keys.delete(domain)
  }

  close(): void {
    interceptNothing()
  }
}
