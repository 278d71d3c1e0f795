import { displayName } from '../../rr/name.js'
import { finding, type Rule } from '../../rules/rule.js'
import { isIssueTag } from './read-caa.js'

const restrictsNothing: Rule = ({ domains, spec }) =>
  [...domains, ...spec.hosts].flatMap(({ name, caa }) =>
    caa === false || caa.properties.length === 0 || caa.properties.some(({ value }) => isIssueTag(value.tag))
      ? []
      : [
          finding(
            'note',
            'caa-restricts-nothing',
            caa.from,
            `the CAA of ${displayName(name)} says where to report, and lets every CA issue (RFC 8659 §4.4)`,
            'name your CA under issue, for example issue: [letsencrypt.org]',
          ),
        ],
  )

export const caaRules: readonly Rule[] = [restrictsNothing]
