import type { RelayInput } from './relay.js'

type About = Pick<RelayInput, 'what' | 'where'> & Partial<RelayInput>

/** A name below the domain, written without it. */
export function label(about: About): RelayInput {
  return {
    form: 'label',
    pattern: /^[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9])?$/,
    looksLike: 'a name below the domain, without it',
    example: about.usual?.[0] ?? 'bounce',
    ...about,
  }
}

/** The value of a DKIM record. */
export function key(about: About): RelayInput {
  return {
    form: 'key',
    pattern: /(?:^|;)\s*p=/,
    looksLike: 'the whole value of the TXT record, with its p=',
    example: 'v=DKIM1; k=rsa; p=MIIBIjANBgkq…',
    ...about,
  }
}

/** A DKIM selector. */
export function selector(about: About): RelayInput {
  return {
    form: 'word',
    pattern: /^[a-z0-9](?:[a-z0-9_.-]*[a-z0-9])?$/,
    looksLike: 'what stands before ._domainkey',
    example: about.default ?? 's1',
    ...about,
  }
}

/** A whole name that the relay gives. */
export function host(about: About & Pick<RelayInput, 'pattern' | 'looksLike' | 'example'>): RelayInput {
  return { form: 'host', ...about }
}

/** A word that is matched by a pattern. */
export function word(about: About & Pick<RelayInput, 'pattern' | 'looksLike' | 'example'>): RelayInput {
  return { form: 'word', ...about }
}

/** A region of AWS. */
export function awsRegion(where: string): RelayInput {
  return word({
    what: 'the region of AWS that sends',
    where,
    pattern: /^[a-z]{2}(?:-[a-z]+)+-\d$/,
    looksLike: 'a code of AWS',
    example: 'ap-northeast-2',
  })
}
