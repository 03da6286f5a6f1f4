/**
 * The commands that write models and voices: {@code convert} and {@code voice}.
 */
package sparrow.app.convert;
