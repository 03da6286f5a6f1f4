/**
 * The commands that look into a model: {@code info}, {@code forward} and {@code tokens}.
 */
package sparrow.app.inspect;
