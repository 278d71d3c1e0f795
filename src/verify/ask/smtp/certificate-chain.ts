import { X509Certificate } from 'node:crypto'
import type { DetailedPeerCertificate } from 'node:tls'

/** A root is its own issuer, and a chain that is longer leads nowhere. */
const MOST = 10

/** The certificates that a peer shows, its own first. */
export function certificateChain(peer: DetailedPeerCertificate): X509Certificate[] {
  const chain: X509Certificate[] = []
  for (let at: DetailedPeerCertificate | undefined = peer; at?.raw && chain.length < MOST; at = at.issuerCertificate) {
    const { raw } = at
    if (chain.some((one) => one.raw.equals(raw))) break
    chain.push(new X509Certificate(raw))
  }
  return chain
}
