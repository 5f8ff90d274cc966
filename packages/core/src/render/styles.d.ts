/** A style sheet as text: pages and drawings contain it. */
declare module "*.css?raw" {
  const text: string;
  export default text;
}
