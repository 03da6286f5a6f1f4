/** The commands that inspect a model: {@code info}, {@code forward} and {@code tokens}. */
package sparrow.app.inspect;
