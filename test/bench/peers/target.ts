import type { ServerKey } from '../../servers/dns-server.js'

/** Where the zones of a run are held. */
export type Target =
  /** A folder of zone files, each tool's own. */
  | { readonly kind: 'files' }
  | { readonly kind: 'bind'; readonly host: string; readonly port: number; readonly key: ServerKey }
  | { readonly kind: 'cloudflare'; readonly url: string; readonly token: string }
