import type { ProviderPlugin } from '../provider.js'
import { connectOctodns } from './connection.js'
import { TRAITS } from './facts.js'
import { type OctodnsOptions, optionDocs, parseOptions } from './options.js'

/** Any provider class of octoDNS 1.22 or newer, in a Python process (tried 2026-11). */
export const plugin: ProviderPlugin<OctodnsOptions> = {
  type: 'octodns',
  description: 'any octoDNS provider class, about 50 providers: pip install octodns and its plugin',
  optionDocs,
  limits: [
    'What a class holds is asked of it: types outside its SUPPORTS are rejected at plan time, here and not midway through apply.',
    'No octoDNS class can compare and swap: the zone is read once more right before it is written, and again after.',
    'Only what mailsync writes is in octoDNS’s plan; a class that would touch anything else is refused before it writes.',
    'The strings of a TXT value are joined by octoDNS: a set with a value that would not come back as it was is locked.',
    'Quotes, backslashes and octets outside printable ASCII in TXT make the round trip with octodns-bind, -powerdns, -hetzner, -desec and -route53; with other plugins such a set is locked.',
    'What octoDNS does not show is not seen: types that a plugin leaves out, and a second PTR where it shows one.',
    'Other secret handlers of octoDNS than env/NAME are not known.',
  ],
  traits: TRAITS,
  options: parseOptions,
  connect: connectOctodns,
}

export default plugin
