declare module "*.csv?raw" {
  const text: string;
  export default text;
}
declare module "virtual:small-digits" {
  /** CSV: 16 pixels from 0 to 64, and the digit. */
  const text: string;
  export default text;
}
