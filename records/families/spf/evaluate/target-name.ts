import type { Name } from '../../../rr/name.js'
import { encodeOctets, octetLength } from '../../../rr/octets.js'

const MOST_OCTETS = 253
const MOST_LABEL = 63

/**
 * The name that a text means after its macros are expanded, whatever characters they brought (RFC 7208 §4.8); undefined
 * where a label is empty or longer than 63 octets, or nothing is left.
 */
export function targetName(text: string): Name | undefined {
  const bare = text.endsWith('.') ? text.slice(0, -1) : text
  const labels = bare.split('.')
  if (octetLength(bare) > MOST_OCTETS) return undefined
  if (labels.some((label) => label === '' || octetLength(label) > MOST_LABEL)) return undefined
  return `${labels.map(escapeLabel).join('.')}.` as Name
}

/** Drops labels from the left until a name is no longer than names can be (RFC 7208 §7.3). */
export function fitName(text: string): string {
  let rest = text
  while (octetLength(rest.endsWith('.') ? rest.slice(0, -1) : rest) > MOST_OCTETS) {
    const dot = rest.indexOf('.')
    if (dot < 0) return ''
    rest = rest.slice(dot + 1)
  }
  return rest
}

function escapeLabel(label: string): string {
  if (/^[a-z0-9_-]+$/.test(label)) return label
  return [...encodeOctets(label.replace(/[A-Z]/g, (letter) => letter.toLowerCase()))]
    .map((octet) => {
      const character = String.fromCharCode(octet)
      if (character === '\\') return '\\\\'
      return octet > 0x20 && octet < 0x7f ? character : `\\${String(octet).padStart(3, '0')}`
    })
    .join('')
}
