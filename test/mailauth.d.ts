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
