/**
 * Takes the place of the parts of the X-Ray SDK that are loaded with it and never called (esbuild.config.cjs says which,
 * and why). Who calls one all the same finds no function of its name.
 */
export default {};

/** The X-Ray SDK switches off its own sampling in Lambda, where X-Ray has decided already: here there is none. */
export const disableCentralizedSampling = () => {};
