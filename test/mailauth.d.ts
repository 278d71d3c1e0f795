declare module 'mailauth/lib/spf/index.js' {
  /** As mailauth 4.8 has it. */
  export function spf(options: {
    readonly ip: string
    readonly sender: string
    readonly helo: string
    readonly mta: string
    readonly resolver: (name: string, type: 'A' | 'AAAA' | 'MX' | 'PTR' | 'TXT') => Promise<unknown[]>
  }): Promise<{ readonly status: { readonly result: string; readonly comment?: string } }>
}

declare module 'mailauth/lib/dkim/sign.js' {
  export function dkimSign(
    message: string,
    options: {
      readonly signTime: Date
      readonly signatureData: readonly {
        readonly signingDomain: string
        readonly selector: string
        readonly privateKey: string
      }[]
    },
  ): Promise<{ readonly signatures: string; readonly errors: readonly { readonly err: Error }[] }>
}

declare module 'mailauth/lib/dkim/verify.js' {
  export function dkimVerify(
    message: string,
    options: { readonly resolver: (name: string, type: string) => Promise<unknown[]> },
  ): Promise<{
    readonly results: readonly { readonly status: { readonly result: string; readonly comment?: string } }[]
  }>
}
