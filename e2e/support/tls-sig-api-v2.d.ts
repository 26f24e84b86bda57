// The vendor's library has no types of its own.
declare module "tls-sig-api-v2" {
  export class Api {
    constructor(sdkappid: number, key: string);
    genSig(userId: string, seconds: number): string;
    _hmacsha256(userId: string, time: string | number, seconds: string | number, userbuf: null): string;
  }
}
