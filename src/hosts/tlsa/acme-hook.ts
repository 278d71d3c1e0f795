import { realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { MailsyncError } from '../../../records/error.js'
import type { TlsaHost } from './look.js'

/** What an ACME client says of the certificate that it renewed. */
export interface RenewedCertificate {
  readonly client: 'certbot' | 'lego' | 'acme.sh'
  /** A folder or the file of the chain. */
  readonly path: string
  /** How its keys stay the same at renewals. */
  readonly keepKey: string
}

/**
 * Reads the environment that a hook is run in: `RENEWED_LINEAGE` of certbot; `LEGO_HOOK_CERT_PATH` of lego 5, `LEGO_CERT_PATH` of lego 4;
 * `CERT_FULLCHAIN_PATH` of acme.sh (verified 2026-11). Throws `usage` where there is none.
 */
export function renewedCertificate(env: Readonly<Record<string, string | undefined>>): RenewedCertificate {
  const { RENEWED_LINEAGE: certbot, LEGO_HOOK_CERT_PATH, LEGO_CERT_PATH, CERT_FULLCHAIN_PATH: acmeSh } = env
  const lego = LEGO_HOOK_CERT_PATH || LEGO_CERT_PATH
  if (certbot)
    return { client: 'certbot', path: certbot, keepKey: 'reuse_key = True in its file below /etc/letsencrypt/renewal' }
  if (lego) return { client: 'lego', path: lego, keepKey: '--reuse-key' }
  if (acmeSh) return { client: 'acme.sh', path: acmeSh, keepKey: 'no --always-force-new-domain-key' }
  throw new MailsyncError(
    'usage',
    '--deploy-hook is for the hook of an ACME client, and none says here what it renewed',
    {
      hint: 'have certbot (--deploy-hook), lego (--deploy-hook) or acme.sh (--renew-hook) run it; by hand leave --deploy-hook out',
    },
  )
}

/** Whether a host of the spec has the certificate. @param folder of the spec */
export function concerns({ tlsa }: TlsaHost, { path }: RenewedCertificate, folder: string): boolean {
  const renewed = [path, dirname(path)].map(real)
  return tlsa.roll.some(({ value }) => {
    const named = real(resolve(folder, value.certificate))
    return renewed[0] === named || renewed[1] === named || real(dirname(named)) === renewed[0]
  })
}

function real(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path)
  }
}
