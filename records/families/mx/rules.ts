import { displayName } from '../../rr/name.js'
import { finding, type Rule } from '../../rules/rule.js'
import { doesSend } from '../spf/senders.js'

const nullMxSends: Rule = ({ domains, hosts }) =>
  domains.flatMap((domain) =>
    domain.mx === 'none' && doesSend(domain, hosts)
      ? [
          finding(
            'warning',
            'null-mx-sends',
            [...domain.from, 'mx'],
            `${displayName(domain.name)} sends mail, and its null MX says that no answer can reach it: receivers refuse such mail (RFC 7505 §4.2)`,
            'leave mx out, or name the hosts that receive for it; `mail: none` parks a domain that does not send either',
          ),
        ]
      : [],
  )

export const mxRules: readonly Rule[] = [nullMxSends]
