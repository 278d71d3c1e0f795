import type { RefinedDraft } from '../import/refine-draft.js'
import { count } from '../render/words.js'
import type { DnsView } from './dns-view.js'
import { secretOf } from './files/workflows.js'
import type { ProviderLines } from './provider-lines.js'

/** A spec that is ready to be written. */
export interface Completed {
  readonly refined: RefinedDraft
  readonly provider: ProviderLines
  readonly view: DnsView | undefined
  /** The text of the JSON Schema; undefined where there is one already. */
  readonly schema: string | undefined
}

interface Around {
  /** The path of the spec. */
  readonly config: string
  readonly workflows: boolean
  readonly env: Readonly<Record<string, string | undefined>>
}

/** What there is to know and to do once the spec is written, a line each. */
export function whatNext({ refined, provider, view }: Completed, { config, workflows, env }: Around): string[] {
  const { changes, adoptions, claimed } = refined
  const variables = provider.variables.map(([name]) => name)
  const unset = provider.variables.filter(([name]) => env[name] === undefined)
  const own = changes.filter(({ kind }) => kind === 'change').map(({ reason }) => `  ${reason}`)
  const keys = changes.filter(({ kind }) => kind === 'key').length
  const secrets = variables.flatMap((name) => [secretOf(name, 'READ', variables), secretOf(name, 'WRITE', variables)])
  return [
    ...(claimed === 0 ? [] : [`${count(claimed, 'record')} ${claimed === 1 ? 'is' : 'are'} in DNS already as wanted.`]),
    ...(adoptions.length === 0
      ? []
      : [`${count(adoptions.length, 'record')} would be worded otherwise (adopted): see the comments.`]),
    ...(own.length === 0 ? [] : [view ? 'What DNS still lacks:' : 'What it asks for:', ...own]),
    ...(keys === 0 ? [] : [`\`mailsync apply\` would make ${count(keys, 'DKIM key')} first.`]),
    ...(provider.install === undefined ? [] : [`Install what writes there, beside the spec: ${provider.install}`]),
    ...unset.map(([name, what]) => `Set the environment variable ${name}: ${what}.`),
    ...(workflows && secrets.length > 0 ? [`The workflows read the secrets ${secrets.join(', ')}.`] : []),
    `Next: mailsync plan${config === 'mailsync.yaml' ? '' : ` --config ${config}`}`,
  ]
}
