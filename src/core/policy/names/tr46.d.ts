/** The part of tr46 (UTS 46) that is used here; the package brings no types. */
declare module 'tr46' {
  interface Tr46Options {
    readonly checkBidi?: boolean
    readonly checkHyphens?: boolean
    readonly checkJoiners?: boolean
    readonly ignoreInvalidPunycode?: boolean
    readonly transitionalProcessing?: boolean
    readonly useSTD3ASCIIRules?: boolean
    readonly verifyDNSLength?: boolean
  }
  /** Null when the name is not valid. */
  export function toASCII(domainName: string, options?: Tr46Options): string | null
  export function toUnicode(
    domainName: string,
    options?: Omit<Tr46Options, 'verifyDNSLength'>,
  ): { readonly domain: string; readonly error: boolean }
}
