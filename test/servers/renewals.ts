import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './server-process.js'

/** A CA of openssl that renews a certificate as ACME clients do: with a fresh key each time, unless the key is to stay. */
export interface TestCa {
  /** Renews into `folder` as certbot has it: `fullchain.pem` and `privkey.pem`. */
  renew(folder: string, options?: { readonly keepKey?: boolean; readonly days?: number }): Promise<void>
  /** The SHA-256 of the public key in a PEM file with a certificate, as openssl has it. */
  hashOf(file: string): Promise<string>
}

/** @param directory where the CA keeps its files */
export async function testCa(directory: string, host: string): Promise<TestCa> {
  const path = (file: string): string => join(directory, file)
  const openssl = (...args: string[]): Promise<string> => run('openssl', args)
  await mkdir(directory, { recursive: true })
  const subject = "/O=Let's Encrypt/CN=YE1"
  const ca = ['-addext', 'basicConstraints=critical,CA:TRUE', '-days', '3650']
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  await openssl('req', '-x509', ...key, '-keyout', path('ca.key'), '-out', path('ca.pem'), '-subj', subject, ...ca)
  await writeFile(path('names'), `subjectAltName=DNS:${host}\n`)
  return {
    renew: async (folder, { keepKey = false, days = 90 } = {}) => {
      await mkdir(folder, { recursive: true })
      const secret = join(folder, 'privkey.pem')
      const made = keepKey ? ['-key', secret] : [...key, '-keyout', secret]
      await openssl('req', '-new', ...made, '-out', path('csr'), '-subj', `/CN=${host}`)
      const signer = ['-CA', path('ca.pem'), '-CAkey', path('ca.key'), '-CAcreateserial']
      const validity = ['-days', String(days), '-extfile', path('names')]
      await openssl('x509', '-req', '-in', path('csr'), ...signer, ...validity, '-out', path('leaf'))
      const chain = (await openssl('x509', '-in', path('leaf'))) + (await openssl('x509', '-in', path('ca.pem')))
      await writeFile(join(folder, 'fullchain.pem'), chain)
    },
    hashOf: async (file) => {
      await writeFile(path('pub'), await openssl('x509', '-in', file, '-noout', '-pubkey'))
      await openssl('pkey', '-pubin', '-in', path('pub'), '-outform', 'DER', '-out', path('der'))
      return (await openssl('dgst', '-sha256', '-r', path('der'))).slice(0, 64)
    },
  }
}
