declare module '*.css' {
  /** The style sheet's text, minified when the widget is built. */
  const text: string;
  export default text;
}
