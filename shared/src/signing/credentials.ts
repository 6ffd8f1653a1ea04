/** Who signs. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}
