declare module "*.csv?raw" {
  const text: string;
  export default text;
}
declare module "virtual:small-digits" {
  /** A line a picture: 16 pixels, and the digit. */
  const text: string;
  export default text;
}
