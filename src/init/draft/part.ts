import type { DomainDraft, DomainKey } from '../../import/draft/draft.js'

/** What of a domain is to be other than DNS has it, with what is said in place of what was said about it. */
export interface Part extends Partial<Omit<DomainDraft, 'name'>> {
  readonly about: DomainKey
}
