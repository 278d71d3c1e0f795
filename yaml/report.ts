/** The ids of what can be wrong with YAML text, before anybody asks what it means. */
export type YamlRule =
  | 'yaml-unreadable'
  | 'yaml-encoding'
  | 'yaml-syntax'
  | 'yaml-documents'
  | 'yaml-too-large'
  | 'yaml-too-deep'
  | 'yaml-key'
  | 'yaml-duplicate-key'
  | 'yaml-alias'
  | 'yaml-merge'
  | 'yaml-tag'
  | 'yaml-include'

/** A problem whose place is still an offset into {@link SourceTexts}. */
export interface PlacedProblem {
  readonly rule: YamlRule
  readonly at: number
  readonly message: string
  readonly hint?: string
}

/** Takes a problem down; reading goes on. */
export type Report = (rule: YamlRule, at: number, message: string, hint?: string) => void
