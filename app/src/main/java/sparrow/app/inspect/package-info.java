/**
 * The commands that inspect a model: {@code info}, {@code forward} and {@code tokens}. None of them decodes a reply.
 */
package sparrow.app.inspect;
